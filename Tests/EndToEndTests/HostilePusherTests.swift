import Foundation
import TestSupport
import Testing

@Suite("The pre-receive hook of Docs takes nothing of a pusher unchecked")
struct HostilePusherTests {
  private let directory: TemporaryDirectory
  private let hub: TestRepository
  /// A commit without content, in the hub.
  private let commit: String
  private static let none = String(repeating: "0", count: 40)

  init() throws {
    directory = try TemporaryDirectory()
    hub = try TestRepository.create(at: directory.appending("hub.git"), bare: true)
    commit = try hub.git("commit-tree", "-m", "no event", hub.git(["mktree"]))
  }

  /// Runs the hook as Git does, in the hub, for `changes`, lines `OLD NEW REF`.
  private func hook(
    _ shell: ReportShell, _ changes: String..., with variables: [String: String?] = [:]
  ) throws -> ProcessResult {
    let environment = hub.environment.with(["GIT_DIR": "."]).with(variables)
    return try shell.run(
      [ReportShell.example("pre-receive")], in: hub.path, environment: environment.variables,
      input: Array((changes.joined(separator: "\n") + "\n").utf8))
  }

  /// The hook must refuse for `reason`, in printable ASCII and one line, and run nothing.
  private func expectRefused(
    _ reason: String, _ result: ProcessResult, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(result.status == 1 && result.stdout.isEmpty, "\(result)", sourceLocation: sourceLocation)
    #expect(result.stderr.hasPrefix("weave: refused: "), "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(result.stderr.contains(reason), "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(
      result.stderrBytes.dropLast().allSatisfy { (0x20...0x7e).contains($0) }, "\(result.stderr)",
      sourceLocation: sourceLocation)
    #expect(
      !FileManager.default.fileExists(atPath: hub.path + "/pwned"), sourceLocation: sourceLocation)
  }

  @Test("the name of a ref is shown, and is neither expanded nor an escape", arguments: ReportShell.installed)
  func names(shell: ReportShell) throws {
    for (name, shown) in [
      ("refs/weave/\u{1b}[2J", "refs/weave/?[2J"), ("refs/weave/\\033[2J\\c", "refs/weave/\\033[2J\\c is"),
      ("refs/weave/*", "refs/weave/* is"), ("refs/weave/$(touch pwned)", "refs/weave/$(touch pwned) is"),
      ("refs/weave/%s%n", "refs/weave/%s%n is"), ("refs/weave/\u{9b}\u{202e}x", "refs/weave/?????x is"),
      ("refs/weave/public/ledger/a b/../c", "refs/weave/public/ledger/a b/../c is"),
      ("refs/Weave/public/ledger/eve-1", "refs/Weave/public/ledger/eve-1 is"),
      ("refs/WEAVE-Local/keep/narya", "refs/WEAVE-Local/keep/narya is"),
    ] {
      expectRefused(shown, try hook(shell, "\(Self.none) \(commit) \(name)"))
    }
  }

  @Test("an id is hexadecimal digits", arguments: ReportShell.installed)
  func ids(shell: ReportShell) throws {
    for id in ["*", "--all", "--batch-check", "HEAD", "refs/heads/*", "$(touch", "\u{1b}[2J", commit + "^0"] {
      for change in ["\(Self.none) \(id)", "\(id) \(commit)"] {
        expectRefused("is no change of a ref", try hook(shell, "\(change) refs/weave/public/ledger/eve-1"))
      }
    }
  }

  @Test(
    "the name of who pushes is neither a pattern nor a key of its own making",
    arguments: ReportShell.installed)
  func pusher(shell: ReportShell) throws {
    try hub.git("config", "weave.ownLedgers", "true")
    try hub.git("config", "weave.ada.writer", "lovelace")
    try hub.git("config", "core.writer", "eve")
    let change = "\(Self.none) \(commit) refs/weave/public/ledger/lovelace"
    for name in [
      "*", "a*", "[a]da", "ada.writer\nweave.ada", "x\ncore", "ada\u{1b}[2J", "$(touch pwned)", "-a", "", ".",
      "ada.",
      "`touch pwned`", "%s",
    ] {
      expectRefused("lovelace", try hook(shell, change, with: ["REMOTE_USER": name]))
    }
    let ours = "\(Self.none) \(commit) refs/weave/public/ledger/ada-0123abcd"
    expectRefused("is not the ledger of *", try hook(shell, ours, with: ["REMOTE_USER": "*"]))
    #expect(try hook(shell, change, with: ["REMOTE_USER": "ada"]).status == 0)
    #expect(try hook(shell, ours, with: ["REMOTE_USER": "ada"]).status == 0)
  }

  @Test("a setting that cannot be read lets nothing through", arguments: ReportShell.installed)
  func unreadable(shell: ReportShell) throws {
    let change = "\(Self.none) \(commit) refs/weave/public/ledger/eve-1"
    try hub.git("config", "weave.ownLedgers", "ja")
    expectRefused("weave.ownLedgers of this repository is neither true nor false", try hook(shell, change))
  }

  @Test("a hub takes many ledgers at once, and other people's refs", arguments: ReportShell.installed)
  func good(shell: ReportShell) throws {
    let second = try hub.git("commit-tree", "-m", "no event", "-p", commit, "\(commit)^{tree}")
    let result = try hook(
      shell, "\(Self.none) \(commit) refs/weave/public/ledger/ada-0123abcd",
      "\(commit) \(second) refs/weave/public/ledger/bob-0123abcd",
      "\(Self.none) \(commit) refs/weave/public/seen/to%2Eto", "\(Self.none) \(commit) refs/heads/*",
      "\(Self.none) \(commit) refs/namespaces/narya/refs/heads/main", "\(commit) \(Self.none) refs/tags/$(id)"
    )
    #expect(result.status == 0 && result.stderr.isEmpty, "\(result)")
  }
}

@Suite("The pre-receive hook of Docs, in a store")
struct StoreHookTests {
  private let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.link("telperion@v1", "laurelin@v1")
    let hooks = lab.store.path + "/hooks"
    try FileManager.default.createDirectory(atPath: hooks, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: hooks + "/pre-receive", withDestinationPath: ReportShell.example("pre-receive"))
  }

  private func push(_ refspecs: String..., to url: String? = nil) throws -> ProcessResult {
    try runProcess(
      "git",
      ["-c", "protocol.ext.allow=always", "push", "--porcelain", "--force", url ?? lab.store.path] + refspecs,
      in: lab.source("telperion").path, environment: lab.environment.variables)
  }

  @Test(
    "refuses to overwrite, make or delete what is no record: its projects above all",
    arguments: [
      "main:refs/namespaces/laurelin/refs/heads/main", "main:refs/namespaces/new/refs/heads/main",
      ":refs/namespaces/laurelin/refs/heads/main", "main:refs/namespaces/laurelin/refs/tags/v1",
      "main:refs/namespaces/x/refs/namespaces/laurelin/refs/heads/main",
      "main:refs/weave-local/keep/laurelin",
      ":refs/weave-local/keep/laurelin", "main:refs/notes/weave", "main:refs/heads/main",
      "main:refs/replace/x",
    ])
  func noRecord(refspec: String) throws {
    let before = try lab.store.refs()
    let result = try push(refspec)
    #expect(result.status == 1, "\(result)")
    #expect(result.stderr.contains("weave: refused: refs/"), "\(result.stderr)")
    #expect(try lab.store.refs() == before)
  }

  @Test("refuses a push into a namespace of it")
  func namespace() throws {
    let before = try lab.store.refs()
    let result = try push(
      "main:refs/heads/main", to: "ext::git --namespace=laurelin %s \(lab.store.path)")
    #expect(result.status == 1, "\(result)")
    #expect(result.stderr.contains("this is a store, and its projects are fetched, not pushed"), "\(result)")
    #expect(try lab.store.refs() == before)
  }

  @Test("lets through what weave push and weave-report send")
  func records() throws {
    try lab.weave(["clone", lab.store.path, lab.directory.appending("bob")], in: lab.directory.path)
    let bob = Colleague(lab: lab, workspace: lab.directory.appending("bob"))
    try bob.weave("fetch")
    try bob.weave("link", "telperion@v2", "laurelin@v2")
    try bob.weave("push")
    #expect(try lab.store.resolve(bob.ledger()) != nil)
    let said = try ReportShell.sh.run(
      [ReportShell.example("weave-report"), lab.store.path, "toto"], in: lab.workspace,
      environment: lab.environment.variables, input: Array("telperion \(lab.id("telperion@v1"))\n".utf8))
    #expect(said.status == 0, "\(said.stderr)")
    #expect(lab.store.resolve("refs/weave/public/observed/toto") != nil)
  }
}
