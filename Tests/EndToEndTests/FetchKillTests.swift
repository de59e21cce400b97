import TestSupport
import Testing

@testable import LabSupport

@Suite("Killed fetches", .enabled(if: KillSweep.isPossible))
struct FetchKillTests {
  @Test(
    "after each of 200 kills of a fetch and its Git processes the store is sound, and the next completes it")
  func kills() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.link("telperion@main", "laurelin@main")
      try laurelin.repository.branch("gone")
      try lab.weave("fetch")
      try telperion.forcePush()
      try telperion.repository.branch("new")
      try laurelin.repository.git("branch", "--quiet", "-D", "gone")
      try laurelin.repository.commit("three")
      try laurelin.repository.tag("v2", message: "tag")
      try KillSweep(of: ["fetch"], in: lab).kill(200, seed: 7) { () throws in
        try expectMirror(of: telperion, as: "telperion", in: lab)
        try expectMirror(of: laurelin, as: "laurelin", in: lab)
      }
      try lab.collectGarbage()
      #expect(try lab.holds(telperion.two))
    }
  }

  @Test("a fetch whose Git is killed is one error, and the next fetch completes it")
  func killedGit() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try telperion.repository.commit("three")
      try laurelin.repository.commit("three")
      let before = try lab.store.refs()
      let result = try lab.run("fetch", environment: lab.environment.with(lab.beforeEachFetch("kill -9 $$")))
      #expect(result.status == 1)
      for project in ["telperion", "laurelin"] {
        #expect(result.stderr.contains("error: cannot fetch \(project) from "), "\(result.stderr)")
      }
      #expect(try lab.store.refs() == before)
      try lab.weave("fetch")
      try expectMirror(of: telperion, as: "telperion", in: lab)
    }
  }

  private func expectMirror(
    of source: Source, as project: String, in lab: Lab, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let namespace = "refs/namespaces/\(project)/"
    let mirrored = try lab.store.refs().filter { $0.key.hasPrefix(namespace + "refs/") }
    let expected = try source.repository.refs().map { (namespace + $0.key, $0.value) }
    #expect(
      mirrored == Dictionary(uniqueKeysWithValues: expected), "\(project)", sourceLocation: sourceLocation)
  }
}
