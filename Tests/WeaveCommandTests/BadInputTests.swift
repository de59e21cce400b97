import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("bad input is one error in plain words, and nothing is written", .inProcess)
struct BadInputTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  @Test(
    "an unknown project is named, with the nearest one",
    arguments: [
      ["link", "telperon@v1", "laurelin@v1"], ["revoke", "telperon@v1", "-m", "x"], ["links", "telperon"],
      ["fetch", "telperon"], ["project", "remove", "telperon"],
    ])
  func unknownProject(arguments: [String]) throws {
    let error = try lab.refusal(arguments)
    #expect(error.contains("'telperon'"))
    #expect(error.contains("'telperion'"))
  }

  @Test(
    "an unknown revision is named",
    arguments: ["v9", "deadbeef", "HEAD~99", "v1^2", "", "refs/heads", "-x", "v1..v2", "@{-1}"])
  func unknownRevision(revision: String) throws {
    let error = try lab.refusal(["link", "telperion@\(revision)", "laurelin@v1"])
    #expect(error.contains("telperion"))
  }

  @Test("an ambiguous revision is no commit of the project")
  func ambiguousRevision() throws {
    // So many commits that some first four digits are there twice.
    let source = lab.source("narya")
    let script = (1...700).map {
      "commit refs/heads/many\ncommitter C <c@example.org> \($0) +0000\ndata 0\n\n"
    }.joined()
    try source.git(["fast-import", "--quiet"], input: Array(script.utf8))
    try lab.weave("fetch")
    let ids = try source.git("rev-list", "many").split(separator: "\n").map { $0.prefix(4) }
    let twice = try #require(Dictionary(grouping: ids, by: { $0 }).first { $0.value.count > 1 }?.key)
    #expect(try lab.refusal(["link", "narya@\(twice)", "laurelin@v1"]).contains(twice))
  }

  @Test("a commit of another project is no commit of this one")
  func commitOfAnother() throws {
    try lab.refusal(["link", "telperion@\(lab.id("narya@v1"))", "laurelin@v1"])
  }

  @Test(
    "two members of one project, one member alone, and a member without a revision",
    arguments: [
      ["telperion@v1", "telperion@v2"], ["telperion@v1"], ["telperion", "laurelin"], ["@v1", "laurelin@v1"],
      ["telperion@v1", "telperion@v1"],
    ])
  func members(members: [String]) throws {
    try lab.refusal(["link"] + members)
  }

  @Test("a set that was revoked is not linked, and the reason is given")
  func linkUnfit() throws {
    try lab.revoke("telperion@v1", "laurelin@v1", because: "DNS loops")
    let error = try lab.refusal(["link", "telperion@v1", "laurelin@v1", "narya@v1"], status: 5)
    #expect(error.contains("DNS loops"))
  }

  @Test(
    "an id that names no event",
    arguments: [
      ["show", "deadbeef"], ["revoke", "deadbeef", "-m", "x"], ["withdraw", "deadbeef", "-m", "x"],
      ["reinstate", "deadbeef", "-m", "x"], ["show", ""], ["show", "zzzz"],
    ])
  func noEvent(arguments: [String]) throws {
    try lab.refusal(arguments)
  }

  @Test("an id that names an event of the wrong kind")
  func wrongKind() throws {
    let link = try lab.link("telperion@v1", "laurelin@v1")
    let revocation = try lab.revoke("telperion@v2", "laurelin@v2")
    try lab.refusal(["reinstate", link, "-m", "x"])
    try lab.refusal(["revoke", revocation, "-m", "x"])
    let commit = try lab.id("telperion@v1")
    try lab.refusal(["show", commit])
    try lab.weave("withdraw", link, "-m", "typo")
    let withdrawal = try lab.store.git("for-each-ref", "--format=%(objectname)", "refs/weave/public/ledger")
    try lab.refusal(["reinstate", withdrawal, "-m", "x"])
  }

  @Test("a revocation without a reason", arguments: [[], ["-m", ""], ["-m", "  \n"]])
  func noReason(options: [String]) throws {
    try lab.refusal(["revoke", "telperion@v1"] + options)
  }

  @Test(
    "names that no project can have",
    arguments: [
      "..", "a..b", "a b", "a@b", "a/b", "", String(repeating: "a", count: 300), "🌳", "CON", "con", "nul",
      "com1", "a.lock",
      "a.", ".a", "-a", "_a", "a\n", "a\u{0}b",
    ])
  func names(name: String) throws {
    // No process can be given a NUL in an argument.
    let name = name.replacingOccurrences(of: "\u{0}", with: "\u{1}")
    try lab.refusal(["project", "add", "--", name, lab.source("narya").path])
  }

  @Test("a name that is taken")
  func taken() throws {
    try lab.refusal(["project", "add", "narya", lab.source("telperion").path])
  }

  @Test("a source that is shallow is refused by name, and none of it stays")
  func shallow() throws {
    let path = lab.directory.appending("shallow")
    try lab.store.git("clone", "--quiet", "--depth=1", "file://" + lab.source("narya").path, path)
    let added = try lab.run(["project", "add", "cut", path])
    let result = added.status == 0 ? try lab.run(["fetch", "cut"]) : added
    #expect(result.status == 1)
    #expect(result.stderr.contains("shallow"))
    #expect(try !lab.store.refs().keys.contains { $0.hasPrefix("refs/namespaces/cut/") })
    #expect(!FileManager.default.fileExists(atPath: lab.store.path + "/shallow"))
  }

  @Test("a source that is a partial clone is refused by name, and none of it stays")
  func partial() throws {
    let path = lab.directory.appending("partial")
    try lab.source("narya").git("config", "uploadpack.allowFilter", "true")
    try lab.store.git(
      "clone", "--quiet", "--filter=blob:none", "--no-checkout", "file://" + lab.source("narya").path, path)
    let added = try lab.run(["project", "add", "cut", path])
    let result = added.status == 0 ? try lab.run(["fetch", "cut"]) : added
    #expect(result.status == 1)
    #expect(result.stderr.contains("partial"))
    #expect(try !lab.store.refs().keys.contains { $0.hasPrefix("refs/namespaces/cut/") })
  }

  @Test("a source with SHA-256 ids is refused in plain words")
  func sha256Source() throws {
    let path = lab.directory.appending("wide")
    try lab.store.git("init", "--quiet", "--object-format=sha256", path)
    try TestRepository(at: path).commit("wide")
    let added = try lab.run(["project", "add", "wide", path])
    let result = added.status == 0 ? try lab.run(["fetch", "wide"]) : added
    #expect(result.status == 1)
    #expect(
      result.stderr.lowercased().contains("sha-256") || result.stderr.contains("sha256"), "\(result.stderr)")
  }

  @Test(
    "a store with SHA-256 ids is refused in plain words",
    arguments: [["status"], ["link", "a@b", "c@d"], ["fsck"]])
  func sha256Store(arguments: [String]) throws {
    let workspace = lab.directory.appending("wide-workspace")
    try lab.store.git("init", "--quiet", "--bare", "--object-format=sha256", workspace + "/.weave/.git")
    let result = try lab.run(arguments, in: workspace)
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(
      result.stderr.lowercased().contains("sha-256") || result.stderr.contains("sha256"), "\(result.stderr)")
  }

  @Test("a ledger commit written by hand with broken trailers stops no command, and fsck names it")
  func brokenLedger() throws {
    try lab.link("telperion@v1", "laurelin@v1")
    let ref = try lab.store.git("for-each-ref", "--format=%(refname)", "refs/weave/public/ledger")
    let tree = try lab.store.git(["hash-object", "-t", "tree", "-w", "--stdin"])
    let commit = try lab.store.git(
      "commit-tree", tree, "-p", ref, "-m",
      "link by hand\n\nWeave-Event: link\nWeave-Member: telperion nonsense")
    try lab.store.git("update-ref", ref, commit)
    #expect(try lab.weave("links").split(separator: "\n").count == 1)
    let result = try lab.run(["fsck"])
    #expect(result.stdout.contains(commit.prefix(7)) || result.stderr.contains(commit.prefix(7)))
    try lab.link("telperion@v2", "laurelin@v2")
  }
}
