import Foundation
import TestSupport
import Testing

@Suite("Killed fetches", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/setsid")))
struct FetchKillTests {
  /// Starts a fetch in a process group of its own, so that Git's processes can be killed with it.
  private func startFetch(_ lab: Lab) throws -> RunningProcess {
    try spawnProcess(
      "/usr/bin/setsid", [weaveExecutable, "fetch"], in: lab.workspace, environment: lab.environment.variables
    )
  }

  /// Whether a process of the group runs yet; one that only waits to be reaped does not.
  private func isAlive(group: pid_t) throws -> Bool {
    for name in try FileManager.default.contentsOfDirectory(atPath: "/proc") where pid_t(name) != nil {
      guard let text = try? String(contentsOfFile: "/proc/\(name)/stat", encoding: .utf8),
        let end = text.lastIndex(of: ")")
      else { continue }
      // After the name: the state, the parent, the group.
      let fields = text[text.index(after: end)...].split(separator: " ")
      if fields[2] == "\(group)", fields[0] != "Z", fields[0] != "X" { return true }
    }
    return false
  }

  /// Every lock file in the store.
  private func locks(_ lab: Lab) throws -> [String] {
    let names = FileManager.default.enumerator(atPath: lab.store.path)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".lock") }.map { "\(lab.store.path)/\($0)" }
  }

  @Test(
    "after each of 60 kills of a fetch and its Git processes the store is sound, and the next fetch works")
  func kills() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      var random = SeededGenerator(seed: 7)
      var (killed, round) = (0, 0)
      // However fast or slow the machine is, the kills spread over the whole of a fetch.
      var longest: UInt32 = 200_000
      while killed < 60 {
        round += 1
        try telperion.repository.commit("more \(round)")
        try laurelin.repository.branch("branch\(round)")
        try laurelin.repository.tag("tag\(round)", message: "tag")
        let process = try startFetch(lab)
        usleep(UInt32.random(in: 0...longest, using: &random))
        // Before it is a group of its own there is nothing but itself to kill.
        if kill(-process.pid, SIGKILL) != 0 { process.kill(SIGKILL) }
        let wasKilled = process.wait().signal == SIGKILL
        longest = wasKilled ? longest + longest / 8 : max(longest / 2, 1_000)
        guard wasKilled else { continue }
        killed += 1
        while try isAlive(group: process.pid) { usleep(1_000) }
        try lab.check()
        guard killed % 6 == 0 else { continue }
        // An hour later.
        for path in try locks(lab) {
          try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3600)], ofItemAtPath: path)
        }
        let next = try lab.run("fetch")
        #expect(next.status == 0, "round \(round): \(next.stderr)")
        #expect(try locks(lab) == [])
        try expectMirror(of: telperion, as: "telperion", in: lab)
        try expectMirror(of: laurelin, as: "laurelin", in: lab)
      }
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
