import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A fetch with nothing to do, or little", .inProcess)
struct FetchNothingTests {
  @Test("a source with nothing new is asked once, and nothing is fetched from it")
  func nothingNew() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.tag("v3", message: "annotated")
      try lab.weave("fetch")
      let before = try lab.store.refs()
      let result = try lab.run("fetch", environment: lab.environment.with(lab.beforeEachFetch("exit 9")))
      #expect(result.status == 0, "\(result.stderr)")
      #expect(result.stderr.split(separator: "\n").allSatisfy { $0.hasSuffix("(nothing new)") })
      #expect(try lab.store.refs() == before)
    }
  }

  @Test(
    "whatever changed in the source is fetched",
    arguments: [
      ["branch", "new"], ["tag", "v9"], ["tag", "--delete", "v1"], ["tag", "--force", "v1", "main"],
      ["tag", "--force", "-m", "annotated", "v1", "v1"], ["branch", "--move", "main", "trunk"],
      ["checkout", "--quiet", "--detach"],
    ])
  func changes(_ change: [String]) throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.git(change)
      try lab.weave("fetch")
      let namespace = "refs/namespaces/telperion/"
      let fetched = try lab.store.refs().filter { $0.key.hasPrefix(namespace + "refs/") }
      let expected = try telperion.repository.refs().map { (namespace + $0.key, $0.value) }
      #expect(fetched == Dictionary(uniqueKeysWithValues: expected))
      #expect(try lab.fetched("telperion", "HEAD") == telperion.repository.head())
      let isDetached = telperion.repository.resolve("HEAD@{u}") == nil && change[0] == "checkout"
      let target = try? lab.store.git("symbolic-ref", "--quiet", namespace + "HEAD")
      #expect(
        try isDetached
          ? target == nil : target == namespace + telperion.repository.git("symbolic-ref", "HEAD"))
    }
  }

  @Test("what else changed is told: moved tags by name, new and gone refs by number")
  func otherRefs() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let (source, at) = (telperion.repository, telperion.two.prefix(7))
      func fetch() throws -> String { try lab.run("fetch", "telperion").stderr }
      try source.git("tag", "--force", "v1", "main")
      #expect(
        try fetch() == "telperion \(at) (tag v1 moved \(telperion.one.prefix(7)) -> \(at))\n")
      try source.git("tag", "--force", "-m", "annotated", "v1", telperion.one)
      #expect(
        try fetch() == "telperion \(at) (tag v1 moved \(at) -> \(telperion.one.prefix(7)))\n")
      for name in ["a", "b"] { try source.branch(name) }
      try source.tag("v2")
      #expect(try fetch() == "telperion \(at) (2 new branches; 1 new tag)\n")
      try source.git("tag", "--delete", "v1", "v2")
      try source.git("branch", "--delete", "a")
      let three = try source.commit("three")
      #expect(
        try fetch() == "telperion \(at) -> \(three.prefix(7)) (1 branch gone; 2 tags gone)\n")
      #expect(try fetch() == "telperion \(three.prefix(7)) (nothing new)\n")
    }
  }

  @Test("with --for only those sources are asked whose commits are not here")
  func missing() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      let three = try telperion.repository.commit("three")
      try laurelin.repository.commit("three")
      let absent = "1234567890123456789012345678901234567890"
      try lab.putSet("release", "laurelin \(laurelin.one)\ntelperion \(three)\n")
      let result = try lab.run("fetch", "--for", "release")
      #expect(
        result.stderr == """
          laurelin \(laurelin.two.prefix(7)) (here already)
          telperion \(telperion.two.prefix(7)) -> \(three.prefix(7))

          """)
      #expect(lab.fetched("laurelin", "refs/heads/main") == laurelin.two)
      #expect(lab.fetched("telperion", "refs/heads/main") == three)
      try lab.putSet("release", "laurelin \(absent)\n")
      let failure = try lab.run("fetch", "--for", "release")
      #expect(failure.status == 1)
      #expect(failure.stderr == "error: the source of laurelin has no laurelin@1234567\n")
    }
  }
}

extension Lab {
  /// Makes a set of the lines, as a pull would bring one whose commits are not here.
  func putSet(_ name: String, _ lines: String) throws {
    let (store, set) = (store, "refs/weave/public/sets/\(name)")
    let blob = try store.git(["hash-object", "-w", "--stdin"], input: Array(lines.utf8))
    let tree = try store.git(["mktree"], input: Array("100644 blob \(blob)\tset\n".utf8))
    let commit = try store.git(
      ["commit-tree", "-F", "-", tree], input: Array("set \(name)\n\nWeave-Set: \(name)\n".utf8))
    try store.git("update-ref", set, commit)
  }
}
