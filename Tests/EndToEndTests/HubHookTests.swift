import Foundation
import TestSupport
import Testing

@Suite("The pre-receive hook that Docs has for a hub of one's own")
struct HubHookTests {
  private let lab: Lab
  private let directory: TemporaryDirectory
  private let hub: TestRepository

  /// A lab with a link, and a hub with the hook that has the ledger and the manifest of it.
  init() throws {
    lab = try Lab.threeProjects()
    try lab.link("telperion@v1", "laurelin@v1")
    directory = try TemporaryDirectory()
    hub = try TestRepository.create(at: directory.appending("hub"), bare: true)
    let hook = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Docs/examples/pre-receive").standardizedFileURL
    let hooks = directory.appending("hub/hooks")
    try FileManager.default.createDirectory(atPath: hooks, withIntermediateDirectories: true)
    // Not a copy: a process that another test starts meanwhile would keep it open, and it could not be run.
    try FileManager.default.createSymbolicLink(
      atPath: hooks + "/pre-receive", withDestinationPath: hook.path)
    try expectAccepted(try lab.ledger(), "refs/weave/public/manifest")
  }

  private func push(_ refspecs: [String], as pusher: String? = nil) throws -> ProcessResult {
    let environment = lab.store.environment.with(pusher.map { ["REMOTE_USER": $0] } ?? [:])
    return try runProcess(
      "git", ["--git-dir=\(lab.store.path)", "push", "--porcelain", hub.path] + refspecs, in: lab.workspace,
      environment: environment.variables)
  }

  private func expectAccepted(
    _ refspecs: String..., as pusher: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try push(refspecs, as: pusher)
    #expect(result.status == 0, "\(result.stderr)", sourceLocation: sourceLocation)
  }

  private func expectRefused(
    _ refspecs: String..., as pusher: String? = nil, because reason: String,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let before = try hub.refs()
    let result = try push(refspecs, as: pusher)
    #expect(result.status == 1, "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(
      result.stderr.contains("remote: weave: refused: ") && result.stderr.contains(reason),
      "\(result.stderr)",
      sourceLocation: sourceLocation)
    #expect(try hub.refs() == before, sourceLocation: sourceLocation)
  }

  /// A commit with the empty tree, or `tree`.
  private func commit(_ parents: String..., tree: String = "4b825dc642cb6eb9a060e54bf8d69288fbee4904") throws
    -> String
  {
    try lab.store.git(["commit-tree", "-m", "no event"] + parents.flatMap { ["-p", $0] } + [tree])
  }

  @Test("lets through what weave pushes, other refs too, and a machine's date again and again")
  func good() throws {
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.constellation(Constellations.pair())
    try lab.weave("lock", "-c", "pair")
    try lab.report("toto", "telperion@v1", "laurelin@v1")
    try expectAccepted("refs/weave/public/*:refs/weave/public/*")
    try lab.report("toto", "telperion@v1", "laurelin@v1")
    try expectAccepted(
      "+refs/weave/public/seen/*:refs/weave/public/seen/*",
      "refs/weave/public/observed/*:refs/weave/public/observed/*")
    try expectAccepted(":refs/weave/public/seen/toto")
    try expectAccepted("refs/namespaces/narya/refs/heads/main:refs/heads/main")
    try expectAccepted("+refs/namespaces/telperion/refs/heads/main:refs/heads/main", ":refs/heads/gone")
    #expect(try hub.git("rev-parse", lab.ledger()) == lab.events()[0])
    #expect(hub.resolve("refs/weave/public/seen/toto") == nil)
  }

  @Test("lets through what weave push sends")
  func weavePush() throws {
    try lab.weave("remote", "add", "hub", hub.path)
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.weave("push", "hub")
    #expect(try hub.git("rev-parse", lab.ledger()) == lab.events()[0])
  }

  @Test("refuses to delete a record")
  func deletion() throws {
    try expectRefused(":\(lab.ledger())", because: "may not be deleted")
    try expectRefused(":refs/weave/public/manifest", because: "may not be deleted")
  }

  @Test("refuses to rewind or rewrite a record, however it is forced")
  func rewind() throws {
    let ledger = try lab.ledger()
    let first = try lab.events()[0]
    try lab.link("telperion@v2", "laurelin@v2")
    try expectAccepted(ledger)
    try expectRefused("+\(first):\(ledger)", because: "only ever grows")
    try expectRefused("+\(commit()):\(ledger)", because: "only ever grows")
    try expectRefused("+\(commit()):refs/weave/public/manifest", because: "only ever grows")
  }

  @Test("refuses a ledger with content, or with content below it, though the hub has that content")
  func content() throws {
    let ledger = try lab.ledger()
    let main = try lab.id("narya@main")
    try expectAccepted("refs/namespaces/narya/refs/heads/main:refs/heads/main")
    let tip = try lab.events()[0]
    let tree = try lab.store.git("rev-parse", "\(main)^{tree}")
    let withTree = try commit(tip, tree: tree)
    try expectRefused("\(withTree):\(ledger)", because: "\(withTree) is no commit of a ledger")
    try expectRefused("\(commit(tip, main)):\(ledger)", because: "\(main) is no commit of a ledger")
    try expectRefused(
      "\(commit(commit(main))):refs/weave/public/ledger/eve-1", because: "\(main) is no commit of a ledger")
    try expectRefused("\(main):refs/weave/public/seen/toto", because: "\(main) is no commit of a ledger")
    try expectRefused("\(tree):refs/weave/public/ledger/eve-1", because: "would be no commit")
    try expectAccepted("\(commit(tip)):\(ledger)")
  }

  @Test("refuses one bad ref with all that is pushed beside it")
  func whole() throws {
    try lab.link("telperion@v2", "laurelin@v2")
    try expectRefused(lab.ledger(), ":refs/weave/public/manifest", because: "may not be deleted")
  }

  @Test(
    "refuses names that are none of weave's",
    arguments: [
      "refs/weave/x", "refs/weave/secret/ledger/x", "refs/weave/public/x", "refs/weave/public/ledger/x/y",
      "refs/weave/public/notes/x", "refs/weave-local/keep/telperion",
    ])
  func names(name: String) throws {
    try expectRefused("\(lab.ledger()):\(name)", because: name)
  }

  @Test("refuses private records, unless the hub is for them")
  func privacy() throws {
    let refspec = try "\(lab.ledger()):refs/weave/private/ledger/ann-1"
    try expectRefused(refspec, because: "is private, and this repository is not for that")
    try hub.git("config", "weave.private", "true")
    try expectAccepted(refspec)
  }

  @Test("lets writers push their own ledgers only, where it is asked to")
  func ownLedgers() throws {
    try hub.git("config", "weave.ownLedgers", "true")
    let tip = try lab.events()[0]
    func refspec(_ writer: String) -> String { "\(tip):refs/weave/public/ledger/\(writer)" }
    try expectAccepted(refspec("ada-3f9a12c4"), as: "ada")
    try expectRefused(
      refspec("bob-3f9a12c4"), as: "ada", because: "ledger/bob-3f9a12c4 is not the ledger of ada")
    try expectRefused(refspec("ada-bob-3f9a12c4"), as: "ada", because: "is not the ledger of ada")
    try expectRefused(refspec("ada-1111aaaa"), because: "nobody knows who pushes")
    try hub.git("config", "--add", "weave.ada.writer", "lovelace")
    try expectAccepted(refspec("lovelace"), as: "ada")
    try expectRefused(refspec("love"), as: "ada", because: "is not the ledger of ada")
  }

  @Test("starts as many processes for a thousand events as for one")
  func processes() throws {
    func gits(pushing count: Int) throws -> Int {
      try lab.growLedger(by: count)
      let trace = directory.appending("trace-\(count)")
      let environment = lab.store.environment.with(["GIT_TRACE": trace])
      try lab.store.git(["push", hub.path, lab.ledger()], environment: environment)
      return try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n").count {
        $0.contains("built-in: git ")
      }
    }
    let (one, thousand) = (try gits(pushing: 1), try gits(pushing: 1_000))
    // What comes in is unpacked, or indexed where it is much: by another program each.
    #expect(one > 5 && abs(thousand - one) <= 2, "\(one), \(thousand)")
  }

  @Test("is a script for any POSIX shell")
  func dash() throws {
    let result = try runProcess(
      "sh", ["-n", hub.path + "/hooks/pre-receive"], in: "/", environment: lab.environment.variables)
    #expect(result.status == 0, "\(result.stderr)")
    #expect(
      try String(contentsOfFile: hub.path + "/hooks/pre-receive", encoding: .utf8).hasPrefix("#!/bin/sh\n"))
  }
}
