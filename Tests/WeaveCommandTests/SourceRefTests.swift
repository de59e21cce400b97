import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("What a source's refs may be", .inProcess)
struct SourceRefTests {
  /// What Git takes as a branch, and a shell, a terminal, a file system or a reader may not.
  private static let oddNames = [
    "$(id)", "a;b", "Joe", "joe", "\u{E9}", "e\u{301}", "a@b", "@", "a\"b", "a'b", "x{y}", "a|b", "con", "-x",
    "a%41b", "HEAD", "deadbeef", "refs/heads/main", "main.x", "🌈/🌈", "a\u{202E}b",
    String(repeating: "n", count: 240),
  ]

  @Test("branches of any name that Git takes are mirrored, each apart, and can be linked")
  func names() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      var wanted: [(name: String, id: String)] = []
      for name in Self.oddNames {
        try telperion.repository.checkout(telperion.one)
        wanted.append((name, try telperion.repository.commit("on \(name)")))
        try telperion.repository.git("update-ref", "refs/heads/\(name)", "HEAD")
      }
      try telperion.repository.git("symbolic-ref", "HEAD", "refs/heads/main")
      try lab.weave("fetch")
      for (name, id) in wanted {
        let event = try lab.weave("link", "telperion@refs/heads/\(name)", "laurelin@main", "-m", "x")
        #expect(
          try lab.store.git("show", "--no-patch", event).contains("Weave-Member: telperion \(id)"), "\(name)")
      }
      let mirrored = try lab.store.git(
        "for-each-ref", "--format=%(refname:lstrip=3) %(objectname)", "refs/namespaces/telperion/refs")
      let source = try telperion.repository.git("for-each-ref", "--format=%(refname) %(objectname)")
      // As bytes: Swift takes the two ways to write é for equal.
      #expect(Array(mirrored.utf8) == Array(source.utf8))
    }
  }

  @Test(
    "a tag of what is no commit is mirrored, and is no member of a link",
    arguments: ["blob", "tree", "annotated-blob"])
  func tagOfNoCommit(kind: String) throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let object = kind == "tree" ? "main^{tree}" : "main:file"
      try telperion.repository.tag(kind, at: object, message: kind == "annotated-blob" ? "a blob" : nil)
      try lab.weave("fetch")
      let tag = "refs/tags/\(kind)"
      #expect(lab.store.resolve("refs/namespaces/telperion/\(tag)") == telperion.repository.resolve(tag))
      let result = try lab.run("link", "telperion@\(kind)", "laurelin@main")
      #expect(result.status == 1)
      #expect(result.stderr.hasPrefix("error: ") && result.stderr.contains("'\(kind)'"), "\(result.stderr)")
      try lab.weave("link", "telperion@main", "laurelin@main")
    }
  }

  @Test("a HEAD that goes from a branch to a commit, to no commit yet, and back is followed at each step")
  func head() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let (repository, head) = (telperion.repository, "refs/namespaces/telperion/HEAD")
      func symbolic() -> String? { try? lab.store.git("symbolic-ref", "--quiet", head) }

      try repository.checkout("v1^{commit}")
      try lab.weave("fetch")
      #expect(symbolic() == nil && lab.store.resolve(head) == telperion.one)
      try lab.check()

      try repository.git("symbolic-ref", "HEAD", "refs/heads/unborn")
      let result = try lab.run("fetch")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(symbolic() != "refs/namespaces/telperion/refs/heads/unborn")
      try lab.check()
      try lab.weave("link", "telperion@main", "laurelin@main")

      try repository.git("symbolic-ref", "HEAD", "refs/heads/main")
      try lab.weave("fetch")
      #expect(symbolic() == "refs/namespaces/telperion/refs/heads/main")
      #expect(lab.store.resolve(head) == telperion.two)
    }
  }

  @Test(
    "a HEAD that names a branch which the source hides is as good as detached, and stops neither gc nor fsck")
  func hiddenHead() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let repository = telperion.repository
      try repository.branch("wip")
      try repository.git("config", "transfer.hideRefs", "refs/heads/wip")
      try repository.git("symbolic-ref", "HEAD", "refs/heads/wip")
      // As an older weave followed it.
      let head = "refs/namespaces/telperion/HEAD"
      try lab.store.git("symbolic-ref", head, "refs/namespaces/telperion/refs/heads/wip")
      for _ in 0..<2 {
        let fetch = try lab.run("fetch", "telperion")
        #expect(fetch.status == 0, "\(fetch.stderr)")
        #expect(lab.store.resolve(head) == telperion.two)
      }
      try lab.check()
      try lab.weave("gc")
      try lab.weave("link", "telperion@HEAD", "laurelin@main")
    }
  }

  @Test("where the branch that HEAD names is deleted, the namespace has no HEAD that leads nowhere")
  func headBranchDeleted() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try telperion.repository.branch("other")
      try telperion.repository.git("update-ref", "-d", "refs/heads/main")
      let result = try lab.run("fetch")
      #expect(result.status == 0, "\(result.stderr)")
      #expect(lab.store.resolve("refs/namespaces/telperion/refs/heads/main") == nil)
      #expect((try? lab.store.git("symbolic-ref", "--quiet", "refs/namespaces/telperion/HEAD")) == nil)
      try lab.check()
      try lab.weave("link", "telperion@other", "laurelin@main")
    }
  }

  @Test("a branch that becomes a directory of branches is followed where the refs are packed, too")
  func packedDirectoryConflict() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let namespace = "refs/namespaces/telperion/refs/heads"
      try telperion.repository.branch("x")
      try lab.weave("fetch")
      try lab.weave("link", "telperion@x", "laurelin@main")
      for (old, new) in [("x", "x/y"), ("x/y", "x/y/z"), ("x/y/z", "x")] {
        try lab.store.git("pack-refs", "--all")
        try telperion.repository.git("branch", "--quiet", "-D", old)
        try telperion.repository.branch(new)
        try lab.weave("fetch")
        #expect(lab.store.resolve("\(namespace)/\(new)") == telperion.two)
        #expect(lab.store.resolve("\(namespace)/\(old)") == nil)
      }
    }
  }

  @Test("a tracked branch that is renamed upstream is named by fetch, and resolve says what to do")
  func trackedBranchRenamed() throws {
    let lab = try Lab.filled()
    try lab.weave("project", "set", "telperion", "track", "main")
    try lab.source("telperion").git("branch", "--move", "main", "trunk")
    let fetch = try lab.run(["fetch"])
    #expect((fetch.stdout + fetch.stderr).contains("main"), "\(fetch.stderr)")
    let resolve = try lab.refusal(["resolve"])
    #expect(resolve.contains("telperion") && resolve.contains("main"), "\(resolve)")
    try lab.weave("project", "set", "telperion", "track", "trunk")
    try lab.weave("resolve")
  }
}
