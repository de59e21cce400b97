import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Harvesting")
struct HarvestTests {
  private let lab: Lab
  private let top: TestRepository

  /// Two projects that are pinned, and one, `top`, whose history pins them.
  init() throws {
    lab = try Lab.threeProjects()
    top = try TestRepository.create(at: lab.source("top").path)
    try top.commit("begin")
    try lab.weave("project", "add", "top", top.path)
  }

  /// Commits `content` to `file` of the project that pins, and returns the commit.
  @discardableResult
  private func commit(_ content: String, to file: String) throws -> String {
    try top.write(content, to: file)
    try top.git("add", "--all")
    try top.git("commit", "--quiet", "-m", "pin")
    return try top.git("rev-parse", "HEAD")
  }

  @discardableResult
  private func harvest(_ arguments: String...) throws -> ProcessResult {
    try lab.weave("fetch", "top")
    return try lab.run(["harvest"] + arguments)
  }

  /// The sets that are linked, each as sorted `project@id` words.
  private func links() throws -> Set<String> {
    let log = try lab.store.git(
      "log", "--glob=refs/weave/public/ledger/*",
      "--format=%(trailers:key=Weave-Member,valueonly,separator=%x2c)"
    )
    return Set(log.split(separator: "\n").map(String.init))
  }

  private func set(_ commits: (project: String, id: String)...) -> String {
    commits.sorted { $0.project < $1.project }.map { "\($0.project) \($0.id)" }.joined(separator: ",")
  }

  private func lock(_ telperion: String) throws -> String {
    """
    {"version": 7, "root": "root", "nodes": {
      "root": {"inputs": {"telperion": "telperion"}},
      "telperion": {"locked": {"type": "git", "url": "file://\(lab.source("telperion").path)", "rev": "\(telperion)"},
        "original": {"type": "git", "url": "file://\(lab.source("telperion").path)"}}}}
    """
  }

  @Test("links the last commit of those in a row that pin the same")
  func runs() throws {
    let (v1, v2) = (try lab.id("telperion@v1"), try lab.id("telperion@v2"))
    try commit(lock(v1), to: "flake.lock")
    let last = try commit("unrelated\n", to: "file")
    let next = try commit(lock(v2), to: "flake.lock")
    #expect(try harvest().status == 0)
    #expect(try links() == [set(("telperion", v1), ("top", last)), set(("telperion", v2), ("top", next))])
    try lab.check()
  }

  @Test(
    "looks into a hundred thousand directories and no longer paths than a checkout can have, and says so",
    arguments: [(depth: 7, width: 10), (depth: 20_000, width: 1)])
  func endlessDirectories(shape: (depth: Int, width: Int)) throws {
    let v1 = try lab.id("telperion@v1")
    let pinning = try commit(lock(v1), to: "flake.lock")
    let blob = try top.git("rev-parse", "\(pinning):flake.lock")
    var tree = try top.git(["mktree"], input: Array("100644 blob \(blob)\tREADME\n".utf8))
    tree = try Self.nested(tree, shape.depth, shape.width, in: top)
    let whole = try top.git(
      ["mktree"], input: Array("040000 tree \(tree)\tdeep\n100644 blob \(blob)\tflake.lock\n".utf8))
    let last = try top.git("commit-tree", "-m", "deep", "-p", pinning, whole)
    try top.git("update-ref", "refs/heads/main", last)
    let result = try harvest()
    #expect(result.status == 0, "\(result.stderr)")
    #expect(
      (result.stdout + result.stderr).contains("top has more directories than are looked into"), "\(result)")
    #expect(try links() == [set(("telperion", v1), ("top", last))])
  }

  /// The tree that holds `tree` so many times, and so on downwards.
  private static func nested(
    _ tree: String, _ depth: Int, _ width: Int, in repository: TestRepository
  ) throws -> String {
    let script = #"""
      import hashlib, os, sys, zlib
      tree, depth, width, objects = bytes.fromhex(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
      for _ in range(depth):
          content = b"".join(b"40000 d%d\0" % number + tree for number in range(width))
          content = b"tree %d\0" % len(content) + content
          digest = hashlib.sha1(content)
          tree, name = digest.digest(), digest.hexdigest()
          os.makedirs(os.path.join(objects, name[:2]), exist_ok=True)
          with open(os.path.join(objects, name[:2], name[2:]), "wb") as file: file.write(zlib.compress(content))
      print(tree.hex())
      """#
    return try runProcess(
      "python3", ["-c", script, tree, "\(depth)", "\(width)", repository.path + "/.git/objects"], in: "/",
      environment: repository.environment.variables
    ).succeeded(["python3"]).trimmed
  }

  @Test("with --every links each commit that pins")
  func every() throws {
    let v1 = try lab.id("telperion@v1")
    let first = try commit(lock(v1), to: "flake.lock")
    let last = try commit("unrelated\n", to: "file")
    try harvest("--every")
    #expect(try links() == [set(("telperion", v1), ("top", first)), set(("telperion", v1), ("top", last))])
  }

  @Test("of a project that is named links nothing that another pins")
  func named() throws {
    let (v1, v2) = (try lab.id("telperion@v1"), try lab.id("telperion@v2"))
    let other = try TestRepository.create(at: lab.source("other").path)
    let others = try other.commit("pin", file: "flake.lock", content: lock(v2))
    try lab.weave("project", "add", "other", other.path)
    try lab.weave("fetch", "other")
    let mine = try commit(lock(v1), to: "flake.lock")
    try harvest("top")
    #expect(try links() == [set(("telperion", v1), ("top", mine))])
    try harvest()
    #expect(
      try links() == [set(("telperion", v1), ("top", mine)), set(("telperion", v2), ("other", others))])
  }

  @Test("again adds nothing, and goes on with what is new")
  func again() throws {
    try commit(lock(lab.id("telperion@v1")), to: "flake.lock")
    try harvest()
    let events = try lab.events()
    #expect(try harvest().stderr.contains("top: 0 commits, 0 new links"))
    #expect(try lab.events() == events)
    try commit(lock(lab.id("telperion@v2")), to: "flake.lock")
    #expect(try harvest().stderr.contains("top: 1 commit, 1 new link\n"))
  }

  @Test("does not make a link again that somebody took back")
  func withdrawn() throws {
    try commit(lock(lab.id("telperion@v1")), to: "flake.lock")
    try harvest()
    try lab.weave("withdraw", try #require(lab.events().first), "-m", "never ran")
    try commit("{}", to: "other")
    try FileManager.default.removeItem(atPath: lab.store.path + "/weave/harvested-top")
    try top.git("reset", "--quiet", "--hard", "HEAD~1")
    #expect(try harvest().stderr.contains("0 new links"))
  }

  @Test("says in the link where it was read")
  func evidence() throws {
    let id = try commit(lock(lab.id("telperion@v1")), to: "flake.lock")
    try harvest()
    #expect(
      try lab.weave("show", #require(lab.events().first)).contains("Evidence: top@\(id):flake.lock"))
  }

  @Test("links what a directory pins whose name no event could hold")
  func controlCharacter() throws {
    let v1 = try lab.id("telperion@v1")
    let text =
      "manifest:\n  projects:\n    - {name: telperion, url: '\(lab.source("telperion").path)', revision: \(v1)}\n"
    let one = try commit(text, to: "a\u{1b}z/west.yml")
    try harvest()
    #expect(try links() == [set(("telperion", v1), ("top", one))])
    #expect(try lab.weave("show", #require(lab.events().first)).contains("Evidence: top@\(one):a?z/west.yml"))
  }

  @Test("reads submodules, also below directories, and by relative URLs")
  func submodules() throws {
    try top.git(
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "../telperion", "deep/down/telperion"
    )
    try top.git(
      "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", lab.source("laurelin").path,
      "laurelin")
    try top.git("commit", "--quiet", "-m", "submodules")
    try harvest()
    #expect(
      try links() == [
        set(
          ("telperion", lab.id("telperion@main")), ("laurelin", lab.id("laurelin@main")),
          ("top", top.git("rev-parse", "HEAD")))
      ])
  }

  @Test(
    "reads west, repo, vcstool and DEPS",
    arguments: [
      ("west.yml", "manifest:\n  projects:\n    - name: telperion\n      url: URL\n      revision: ID\n"),
      (
        "default.xml",
        "<manifest><remote name='o' fetch='DIR'/><project remote='o' name='telperion' revision='ID'/></manifest>"
      ),
      ("ros2.repos", "repositories:\n  telperion:\n    type: git\n    url: URL\n    version: ID\n"),
      ("DEPS", "vars = {'at': 'ID'}\ndeps = {'src/t': 'URL' + '@' + Var('at')}\n"),
    ])
  func formats(_ file: String, _ content: String) throws {
    let (source, v1) = (lab.source("telperion").path, try lab.id("telperion@v1"))
    let text = content.replacing("URL", with: "file://" + source).replacing("ID", with: v1)
      .replacing("DIR", with: "file://" + lab.directory.appending("sources"))
    let id = try commit(text, to: file)
    let result = try harvest()
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try links() == [set(("telperion", v1), ("top", id))])
  }

  @Test("knows again what hundreds of included files held, without going through each tree for each of them")
  func manyIncludes() throws {
    let files = (0..<300).map { "f\($0).xml" }
    let manifest = "<manifest>\(files.map { "<include name='\($0)'/>" }.joined())</manifest>"
    var stream = "reset refs/heads/main\nfrom refs/heads/main^0\n"
    for number in 0..<600 {
      stream += "commit refs/heads/main\ncommitter C <c@example.org> \(number) +0000\ndata 0\n"
      for file in number == 0 ? ["default.xml"] + files : ["f0.xml"] {
        let content = file == "default.xml" ? manifest : "<manifest><!--\(number % 10)--></manifest>"
        stream += "M 644 inline \(file)\ndata \(content.utf8.count)\n\(content)\n"
      }
    }
    try top.git(["-c", "core.fsync=none", "fast-import", "--quiet"], input: Array(stream.utf8))
    try lab.weave("fetch", "top")
    #expect(try lab.run(["harvest", "top"], cpuSeconds: 60).status == 0)
  }

  @Test("reads an included file anew when only that one changes")
  func included() throws {
    let dir = "file://" + lab.directory.appending("sources")
    try top.write("<manifest><include name='more.xml'/></manifest>", to: "default.xml")
    func more(_ id: String) -> String {
      "<manifest><remote name='o' fetch='\(dir)'/><project remote='o' name='telperion' revision='\(id)'/></manifest>"
    }
    let (v1, v2) = (try lab.id("telperion@v1"), try lab.id("telperion@v2"))
    let one = try commit(more(v1), to: "more.xml")
    let two = try commit(more(v2), to: "more.xml")
    try harvest()
    #expect(try links() == [set(("telperion", v1), ("top", one)), set(("telperion", v2), ("top", two))])
  }

  @Test(
    "reads the trailers Depends-On and Weave-With, and links each commit that has one",
    arguments: ["Depends-On", "Weave-With"])
  func trailers(_ key: String) throws {
    let v1 = try lab.id("telperion@v1")
    try top.git("commit", "--quiet", "--allow-empty", "-m", "needs it\n\n\(key): telperion@\(v1)")
    let id = try top.git("rev-parse", "HEAD")
    try top.commit("later")
    try harvest()
    #expect(try links() == [set(("telperion", v1), ("top", id))])
  }

  @Test("trailers link their commit with each that they name, and not these with each other")
  func eachTrailer() throws {
    let (v1, main) = (try lab.id("telperion@v1"), try lab.id("laurelin@main"))
    try top.git(
      "commit", "--quiet", "--allow-empty", "-m",
      "both\n\nWeave-With: telperion@\(v1)\nDepends-On: laurelin@\(main)")
    let id = try top.git("rev-parse", "HEAD")
    try harvest()
    #expect(try links() == [set(("telperion", v1), ("top", id)), set(("laurelin", main), ("top", id))])
    #expect(try lab.run("check", "telperion@v1", "laurelin@main").status == 5)
  }

  @Test("a message that is longer than any is said to be passed over, and the others are read")
  func longMessage() throws {
    let v1 = try lab.id("telperion@v1")
    let long = "long\n\n" + String(repeating: "a b\n", count: 20_000) + "\nWeave-With: telperion@\(v1)\n"
    for message in [long, "short\n\nWeave-With: telperion@\(v1)\n"] {
      try top.git(["commit", "--quiet", "--allow-empty", "-F", "-"], input: Array(message.utf8))
    }
    let id = try top.git("rev-parse", "HEAD")
    let harvest = try harvest()
    #expect(harvest.stderr.contains("more than 64 KiB"), "\(harvest.stderr)")
    #expect(try links() == [set(("telperion", v1), ("top", id))])
  }

  @Test("what a tree pins is linked all together, beside what a trailer names")
  func treeAndTrailer() throws {
    let (v1, main) = (try lab.id("telperion@v1"), try lab.id("laurelin@main"))
    try top.write(lock(v1), to: "flake.lock")
    try top.git("add", "--all")
    try top.git("commit", "--quiet", "-m", "both\n\nWeave-With: laurelin@\(main)")
    let id = try top.git("rev-parse", "HEAD")
    try harvest()
    #expect(try links() == [set(("telperion", v1), ("top", id)), set(("laurelin", main), ("top", id))])
  }

  @Test("a branch is no pin, and neither is a dirty input")
  func noPins() throws {
    try commit(
      "manifest:\n  projects:\n    - name: telperion\n      url: \(lab.source("telperion").path)\n      revision: main\n",
      to: "west.yml")
    try commit(lock(lab.id("telperion@v1")).replacing("\"rev\"", with: "\"dirtyRev\""), to: "flake.lock")
    #expect(try harvest().status == 0)
    #expect(try links() == [])
  }

  @Test("a pinned commit that is nowhere to be had is told, the rest goes on, and the exit code is 1")
  func missing() throws {
    let nowhere = String(repeating: "ab", count: 20)
    let v1 = try lab.id("telperion@v1")
    try commit(lock(nowhere), to: "flake.lock")
    let id = try commit(lock(v1), to: "flake.lock")
    let result = try harvest()
    #expect(result.status == 1)
    #expect(result.stderr.contains("pins telperion \(nowhere), which telperion does not have"))
    #expect(try links() == [set(("telperion", v1), ("top", id))])
  }

  @Test("of a project that was never fetched one line tells, however many commits pin it")
  func notFetched() throws {
    try lab.weave("project", "remove", "telperion", "--force")
    try lab.weave("project", "add", "telperion", lab.source("telperion").path)
    try commit(lock(lab.id("telperion@v1")), to: "flake.lock")
    try commit(lock(lab.id("telperion@v2")), to: "flake.lock")
    let result = try harvest()
    #expect(result.status == 1)
    #expect(
      result.stderr.split(separator: "\n").count { $0.contains("pin telperion") } == 1, "\(result.stderr)")
  }

  @Test("what was missing is linked once it is here")
  func fetchedLater() throws {
    try commit(lock(lab.id("telperion@v1")), to: "flake.lock")
    let new = try lab.source("telperion").commit("new")
    try commit(lock(new), to: "flake.lock")
    #expect(try harvest().status == 1)
    try lab.weave("fetch", "telperion")
    #expect(try harvest().status == 0)
    #expect(try links().count == 2)
  }

  @Test("a file that cannot be read is told once, and the rest goes on")
  func unreadable() throws {
    try commit("{\"version\": 99}", to: "flake.lock")
    try commit("more\n", to: "file")
    let id = try commit(lock(lab.id("telperion@v1")), to: "flake.lock")
    let result = try harvest()
    #expect(result.status == 1)
    #expect(result.stderr.split(separator: "\n").count { $0.contains("flake.lock") } == 1, "\(result.stderr)")
    #expect(try links() == [set(("telperion", lab.id("telperion@v1")), ("top", id))])
  }

  @Test("a set that is revoked is not linked, and the revocation is named")
  func revoked() throws {
    try commit(lock(lab.id("telperion@v1")), to: "flake.lock")
    try lab.weave("revoke", "telperion@v1", "-m", "loops")
    let result = try harvest()
    #expect(result.status == 1)
    #expect(result.stderr.contains("loops"))
    #expect(try lab.events().count == 1)
  }

  @Test("of a run that ends in a merge only the merge is linked")
  func merges() throws {
    let v1 = try lab.id("telperion@v1")
    try commit(lock(v1), to: "flake.lock")
    try top.git("checkout", "--quiet", "-b", "side")
    try commit("side\n", to: "side")
    try top.checkout("main")
    try commit("main\n", to: "main")
    try top.git("merge", "--quiet", "--no-edit", "side")
    try harvest()
    #expect(try links() == [set(("telperion", v1), ("top", top.git("rev-parse", "HEAD")))])
  }
}
