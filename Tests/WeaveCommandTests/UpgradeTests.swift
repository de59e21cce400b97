import TestSupport
import Testing

@testable import LabSupport

@Suite("weave upgrade", .inProcess)
struct UpgradeTests {
  private static let marker = "projects/this store needs weave 0.2 or newer"
  private let manifest = "refs/weave/public/manifest"

  private func files(_ lab: Lab, _ manifest: String) throws -> [String] {
    try lab.store.git("ls-tree", "-r", "--name-only", manifest).split(separator: "\n").map(String.init)
  }

  @Test("raises each audience's format in one commit, which adds what stops 0.1.0 and nothing else")
  func raises() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      _ = try lab.makeSource("diary")
      try lab.weave("project", "add", "diary", lab.source("diary").path, "--private")
      for manifest in [manifest, "refs/weave/private/manifest"] {
        #expect(try !files(lab, manifest).contains("format"))
      }
      #expect(try lab.run("upgrade").stderr.contains("of format 2 now, and was of 1"))
      for manifest in [manifest, "refs/weave/private/manifest"] {
        #expect(try lab.store.git("show", "\(manifest):format") == "2")
        #expect(
          try lab.store.git("diff", "--name-status", "\(manifest)~1", manifest)
            == "A\tformat\nA\t\(Self.marker)")
        #expect(try lab.store.git("cat-file", "-s", "\(manifest):\(Self.marker)") == "0")
      }
      let before = try lab.store.refs()
      #expect(try lab.run("upgrade").stderr.contains("of format 2 already"))
      #expect(try lab.store.refs() == before)
      try lab.weave("project", "set", "telperion", "track", "main")
      #expect(try files(lab, manifest).contains(Self.marker))
      #expect(try lab.weave("project", "list").split(separator: "\n").count == 4)
      try lab.check()
    }
  }

  @Test("makes a private manifest that comes later begin with the format")
  func later() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave("upgrade")
      #expect(lab.store.resolve("refs/weave/private/manifest") == nil)
      _ = try lab.makeSource("diary")
      try lab.weave("project", "add", "diary", lab.source("diary").path, "--private")
      #expect(
        try files(lab, "refs/weave/private/manifest") == ["format", "projects/diary", Self.marker, "store"])
    }
  }

  @Test("travels, merges with what others changed, and what lost it again is refused by name")
  func travels() throws {
    try Lab.withHub { lab, hub, bob throws in
      try bob.weave("project", "set", "telperion", "track", "main")
      try bob.weave("push")
      try lab.weave("upgrade")
      try lab.weave("push")
      try bob.weave("pull")
      #expect(try bob.store.git("show", "\(manifest):format") == "2")
      #expect(try bob.weave("project", "list").contains("telperion  main"))
      // As 0.1.0 would write it: with what it knows, and nothing else.
      let before = try hub.git("rev-parse", manifest)
      let entries = try hub.git("ls-tree", "--full-tree", manifest).split(separator: "\n")
        .filter { !$0.hasSuffix("\tformat") }
      let tree = try hub.git(["mktree"], input: Array((entries.joined(separator: "\n") + "\n").utf8))
      try hub.git("update-ref", manifest, hub.git("commit-tree", tree, "-p", before, "-m", "old"))
      let pull = try bob.run("pull")
      #expect(pull.status == 0)
      #expect(pull.stderr.contains("\(manifest) is refused: it was written by weave 0.1.0"), "\(pull.stderr)")
      #expect(try bob.store.git("rev-parse", manifest) == before)
      try hub.git("update-ref", manifest, before)
    }
  }
}
