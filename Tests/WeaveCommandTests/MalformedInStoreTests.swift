import TestSupport
import Testing

@testable import LabSupport

@Suite("A lock or a set in the store that is none", .inProcess)
struct MalformedInStoreTests {
  /// What somebody put there by plain Git.
  enum Content: CaseIterable { case manifest, directory, nonsense, blob }

  private static func put(_ content: Content, at reference: String, in store: TestRepository) throws {
    let kind = reference.contains("/locks/") ? "lock" : "set"
    let blob = try store.git(["hash-object", "-w", "--stdin"], input: Array("nonsense\n".utf8))
    func commit(_ tree: String) throws -> String {
      let trailer = kind == "lock" ? "Weave-Lock" : "Weave-Set"
      let id = try store.git(["mktree"], input: Array("\(tree)\n".utf8))
      return try store.git(["commit-tree", id], input: Array("\(kind) zz\n\n\(trailer): zz\n".utf8))
    }
    let tree = try store.git("rev-parse", "refs/weave/public/manifest^{tree}")
    let target =
      switch content {
      case .manifest: "refs/weave/public/manifest"
      case .directory: try commit("040000 tree \(tree)\tset")
      case .nonsense: try commit("100644 blob \(blob)\tset")
      case .blob: blob
      }
    try store.git("update-ref", reference, target)
  }

  @Test(
    "stops neither fetch nor pull nor a collection nor a repair, is named, and goes as fsck says",
    arguments: Content.allCases)
  func isPassedOver(content: Content) throws {
    try Lab.withHub { lab, _, bob throws in
      try bob.weave("link", "telperion@v1", "laurelin@v1")
      try bob.weave("push")
      let references = ["refs/weave/public/locks/zz", "refs/weave/public/sets/zz"]
      for reference in references { try Self.put(content, at: reference, in: lab.store) }
      for command in [["fetch"], ["pull"], ["gc", "--observations", "1"]] {
        let result = try lab.run(command)
        #expect(result.status == 0, "\(command): \(result.stderr)")
        #expect(references.allSatisfy(result.stderr.contains), "\(command): \(result.stderr)")
      }
      let repair = try lab.run("fsck", "--repair")
      #expect(!(repair.stdout + repair.stderr).contains("cannot repair"), "\(repair)")
      let fsck = try lab.run("fsck")
      let words = fsck.stdout + fsck.stderr
      #expect(fsck.status == 1 && references.allSatisfy(words.contains), "\(words)")
      #expect(words.contains("`weave set remove zz`"), "\(words)")
      #expect(words.contains("update-ref -d refs/weave/public/locks/zz`"), "\(words)")
      try lab.weave("set", "remove", "zz")
      try lab.store.git("update-ref", "-d", "refs/weave/public/locks/zz")
      try lab.weave("link", "telperion@main", "laurelin@v1")
    }
  }

  @Test("of a set: its name can be given anew")
  func setAnew() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try Self.put(.directory, at: "refs/weave/public/sets/zz", in: lab.store)
      try lab.weave("set", "zz", "telperion@v1")
      #expect(try lab.weave("set", "list").contains("zz"))
    }
  }

  @Test("of a set under a name that none can have: goes as fsck says")
  func setOfNoName() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let reference = "refs/weave/public/sets/telperion%40v3"
      try Self.put(.nonsense, at: reference, in: lab.store)
      let fsck = try lab.run("fsck")
      #expect((fsck.stdout + fsck.stderr).contains("update-ref -d \(reference)`"), "\(fsck)")
      try lab.store.git("update-ref", "-d", reference)
    }
  }
}
