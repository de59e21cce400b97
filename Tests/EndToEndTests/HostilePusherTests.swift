import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("The hooks of a hub take nothing of a pusher unchecked")
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

  /// Runs weave as Git runs the hook, in the hub.
  private func hook(
    _ hook: String, old: String = Self.none, _ new: String, _ name: String, options: [String] = [],
    with variables: [String: String?] = [:]
  ) throws -> ProcessResult {
    let environment = hub.environment.with(["GIT_DIR": "."]).with(variables).variables
    guard hook == "update" else {
      return try runProcess(
        weaveExecutable, ["hook", hook] + options, in: hub.path, environment: environment,
        input: Array("\(old) \(new) \(name)\n".utf8))
    }
    return try runProcess(
      weaveExecutable, ["hook", hook] + options + ["--", name, old, new], in: hub.path,
      environment: environment)
  }

  /// The hook must refuse for `reason`, in one line without control characters, and run nothing.
  private func expectRefused(
    _ reason: String, _ result: ProcessResult, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(result.status == 1 && result.stdout.isEmpty, "\(result)", sourceLocation: sourceLocation)
    #expect(result.stderr.hasPrefix("weave: refused: "), "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(result.stderr.contains(reason), "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(
      result.stderr.dropLast().unicodeScalars.allSatisfy {
        ![.control, .format, .lineSeparator].contains($0.properties.generalCategory)
      }, "\(result.stderr)", sourceLocation: sourceLocation)
    #expect(
      !FileManager.default.fileExists(atPath: hub.path + "/pwned"), sourceLocation: sourceLocation)
  }

  @Test(
    "the name of a ref is shown, and is neither an option, nor a pattern, nor an escape",
    arguments: HookedHub.hooks)
  func names(hook: String) throws {
    for (name, shown) in [
      ("refs/weave/\u{1b}[2J", "refs/weave/?[2J: it is no"),
      ("refs/weave/\\033[2J\\c", "refs/weave/\\033[2J\\c: it"),
      ("refs/weave/*", "refs/weave/*: it"), ("refs/weave/$(touch pwned)", "refs/weave/$(touch pwned): it"),
      ("refs/weave/%s%n", "refs/weave/%s%n: it"), ("refs/weave/\u{9b}\u{202e}x", "refs/weave/??x: it"),
      ("refs/weave/public/ledger/a b/../c", "refs/weave/public/ledger/a b/../c: it"),
      ("refs/weave/public/ledger/eve-1\u{301}", "it is no ref of weave's"),
      ("refs/Weave/public/ledger/eve-1", "refs/Weave/public/ledger/eve-1: it"),
      ("refs/WEAVE-Local/keep/narya", "refs/WEAVE-Local/keep/narya: it"),
      ("--help", "it is no ref"), ("--known-only", "it is no ref"), ("-h", "it is no ref"),
    ] {
      expectRefused(shown, try self.hook(hook, commit, name))
    }
  }

  @Test("an id is hexadecimal digits", arguments: HookedHub.hooks)
  func ids(hook: String) throws {
    for id in [
      "*", "--all", "--help", "HEAD", "refs/heads/x", "$(touch", "\u{1b}[2J", commit + "^0",
      String(commit.dropLast()),
    ] {
      for (old, new) in [(Self.none, id), (id, commit)] {
        expectRefused(
          "is no change of a ref", try self.hook(hook, old: old, new, "refs/weave/public/ledger/eve-1"))
      }
    }
  }

  @Test(
    "a name that is not UTF-8 is no record's, and other people's refs may have one",
    arguments: HookedHub.hooks)
  func otherEncodings(hook: String) throws {
    let script = """
      name=$(printf 'refs/%s/caf\\351' "$1")
      case $2 in
        update) exec "$3" hook update -- "$name" \(Self.none) \(commit) ;;
        *) printf '%s %s %s\\n' \(Self.none) \(commit) "$name" | "$3" hook pre-receive ;;
      esac
      """
    for (folder, status) in [("heads", Int32(0)), ("weave/public/ledger", 1), ("weave/public/later", 1)] {
      let result = try runProcess(
        "sh", ["-c", script, "sh", folder, hook, weaveExecutable], in: hub.path,
        environment: hub.environment.with(["GIT_DIR": "."]).variables)
      #expect(result.status == status, "\(folder): \(result.stderr)")
    }
  }

  @Test("who pushes is neither a pattern nor a key of their own making", arguments: HookedHub.hooks)
  func pusher(hook: String) throws {
    try hub.git("config", "weave.ada.writer", "lovelace")
    try hub.git("config", "core.writer", "eve")
    func run(_ writer: String, _ variables: [String: String?]) throws -> ProcessResult {
      try self.hook(
        hook, commit, "refs/weave/public/ledger/\(writer)", options: ["--own-ledgers"], with: variables)
    }
    for name in [
      "*", "[a]da", "ada.writer\nweave.ada", "ada\u{1b}[2J", "$(touch pwned)", "-a", "", "ada.", "%s",
    ] {
      expectRefused("lovelace: ", try run("lovelace", ["REMOTE_USER": name]))
    }
    for name in ["REMOTE_USER", "GL_USER", "GL_USERNAME"] {
      #expect(try run("lovelace", [name: "ada"]).status == 0)
      #expect(try run("ada-0123abcd", [name: "ada"]).status == 0)
    }
    // The first that is set says it.
    expectRefused("of eve", try run("lovelace", ["REMOTE_USER": "eve", "GL_USER": "ada"]))
    #expect(try run("lovelace", ["REMOTE_USER": "", "GL_USER": "ada"]).status == 0)
  }

  @Test("a rule holds where a flag asks for it, whatever the configuration says", arguments: HookedHub.hooks)
  func flags(hook: String) throws {
    for key in ["ownLedgers", "ownMachines", "signedOnly", "knownOnly"] {
      try hub.git("config", "weave.\(key)", "false")
    }
    for (flag, name) in [
      ("--own-ledgers", "ledger/eve-1"), ("--own-machines", "seen/toto"), ("--signed-only", "ledger/eve-1"),
      ("--known-only", "later/x"),
    ] {
      let message = "x\n\nWeave-Machine: toto\nWeave-Sequence: 1\n"
      let tip = try hub.git(["commit-tree", hub.git(["mktree"])], input: Array(message.utf8))
      #expect(try self.hook(hook, tip, "refs/weave/public/\(name)").status == 0)
      expectRefused(
        "refs/weave/public/\(name): ", try self.hook(hook, tip, "refs/weave/public/\(name)", options: [flag]))
    }
  }

  @Test(
    "without a repository that Git names, or with one that cannot be read, nothing is let through",
    arguments: HookedHub.hooks)
  func faults(hook: String) throws {
    let ledger = "refs/weave/public/ledger/eve-1"
    expectRefused("GIT_DIR is not set", try self.hook(hook, commit, ledger, with: ["GIT_DIR": nil]))
    expectRefused(
      "there is no Git repository there", try self.hook(hook, commit, ledger, with: ["GIT_DIR": "objects"]))
    try hub.git("config", "weave.ownLedgers", "ja")
    expectRefused("weave.ownLedgers", try self.hook(hook, commit, "refs/heads/x"))
    try hub.git("config", "weave.ownLedgers", "true")
    expectRefused(
      "no line OLD NEW REF",
      try runProcess(
        weaveExecutable, ["hook", "pre-receive"], in: hub.path,
        environment: hub.environment.with(["GIT_DIR": "."]).variables, input: Array("x\u{1b} y\n".utf8)))
  }

  @Test(
    "a workspace around the hub, and what else of Git's is set, plays no part", arguments: HookedHub.hooks)
  func surroundings(hook: String) throws {
    let lab = try Lab.threeProjects()
    let trap = try TrappedConfiguration(in: lab.directory)
    let path = lab.workspace + "/hub.git"
    let inner = try TestRepository.create(at: path, bare: true)
    let tip = try inner.git("commit-tree", "-m", "no event", inner.git(["mktree"]))
    let result = try runProcess(
      weaveExecutable,
      hook == "update" ? ["hook", hook, "--", "refs/heads/x", Self.none, tip] : ["hook", hook],
      in: path,
      environment: lab.environment.with([
        "GIT_DIR": ".", "GIT_WORK_TREE": lab.workspace, "GIT_INDEX_FILE": "/nonexistent",
        "GIT_CONFIG_PARAMETERS": "'weave.writer=eve'", "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "weave.writer",
        "GIT_CONFIG_VALUE_0": "eve",
      ]).variables, input: hook == "update" ? [] : Array("\(Self.none) \(tip) refs/heads/x\n".utf8))
    #expect(result.status == 0, "\(result.stderr)")
    #expect(trap.sprung.isEmpty)
  }

  @Test("a hub takes many ledgers at once, and other people's refs")
  func good() throws {
    let second = try hub.git("commit-tree", "-m", "no event", "-p", commit, "\(commit)^{tree}")
    let message = "x\n\nWeave-Machine: to.to\nWeave-Sequence: 1\n"
    let seen = try hub.git(["commit-tree", hub.git(["mktree"])], input: Array(message.utf8))
    let lines = [
      "\(Self.none) \(commit) refs/weave/public/ledger/ada-0123abcd",
      "\(commit) \(second) refs/weave/public/ledger/bob-0123abcd",
      "\(Self.none) \(seen) refs/weave/public/seen/to.to", "\(Self.none) \(commit) refs/heads/*",
      "\(Self.none) \(commit) refs/namespaces/narya/refs/heads/main",
      "\(commit) \(Self.none) refs/tags/$(id)",
    ]
    let result = try runProcess(
      weaveExecutable, ["hook", "pre-receive"], in: hub.path,
      environment: hub.environment.with(["GIT_DIR": "."]).variables,
      input: Array((lines.joined(separator: "\n") + "\n").utf8))
    #expect(result.status == 0 && result.stderr.isEmpty, "\(result)")
  }
}

@Suite("The hooks of a hub, in a store", .serialized)
struct StoreHookTests {
  private let lab: Lab

  init() throws {
    lab = try Lab.threeProjects()
    try lab.link("telperion@v1", "laurelin@v1")
  }

  private func push(_ refspecs: String..., to url: String? = nil) throws -> ProcessResult {
    try runProcess(
      "git",
      ["-c", "protocol.ext.allow=always", "push", "--porcelain", "--force", url ?? lab.store.path] + refspecs,
      in: lab.source("telperion").path, environment: HookedHub.environment(lab.environment).variables)
  }

  @Test(
    "refuse to overwrite, make or delete what is no record: its projects above all",
    arguments: HookedHub.hooks)
  func noRecord(hook: String) throws {
    try HookedHub.install([hook], in: lab.store.path)
    let before = try lab.store.refs()
    for refspec in [
      "main:refs/namespaces/laurelin/refs/heads/main", "main:refs/namespaces/new/refs/heads/main",
      ":refs/namespaces/laurelin/refs/heads/main", "main:refs/namespaces/laurelin/refs/tags/v1",
      "main:refs/namespaces/x/refs/namespaces/laurelin/refs/heads/main",
      "main:refs/weave-local/keep/laurelin",
      ":refs/weave-local/keep/laurelin", "main:refs/notes/weave", "main:refs/heads/main",
      "main:refs/replace/x",
    ] {
      let result = try push(refspec)
      #expect(result.status == 1, "\(result)")
      // Git itself refuses what is hidden, before it asks the hook for one ref.
      let isHidden = refspec.contains("refs/weave-local/") && result.stdout.contains("hidden ref")
      #expect(isHidden || result.stderr.contains("weave: refused: refs/"), "\(result)")
      #expect(try lab.store.refs() == before)
    }
  }

  @Test("refuse a push into a namespace of it", arguments: HookedHub.hooks)
  func namespace(hook: String) throws {
    try HookedHub.install([hook], in: lab.store.path)
    let before = try lab.store.refs()
    let result = try push(
      "main:refs/heads/main", to: "ext::git --namespace=laurelin %s \(lab.store.path)")
    #expect(result.status == 1, "\(result)")
    #expect(result.stderr.contains("this is a store, and its projects are fetched, not pushed"), "\(result)")
    #expect(try lab.store.refs() == before)
  }

  @Test("let through what weave push and weave-report send")
  func records() throws {
    try HookedHub.install(HookedHub.hooks, in: lab.store.path)
    try lab.weave(["clone", lab.store.path, lab.directory.appending("bob")], in: lab.directory.path)
    let bob = Colleague(lab: lab, workspace: lab.directory.appending("bob"))
    try bob.weave("fetch")
    try bob.weave("link", "telperion@v2", "laurelin@v2")
    let pushed = try bob.run("push", environment: HookedHub.environment(lab.environment))
    #expect(pushed.status == 0, "\(pushed.stderr)")
    #expect(try lab.store.resolve(bob.ledger()) != nil)
    let said = try ReportShell.sh.run(
      [ReportShell.example("weave-report"), lab.store.path, "toto"], in: lab.workspace,
      environment: HookedHub.environment(lab.environment).variables,
      input: Array("telperion \(lab.id("telperion@v1"))\n".utf8))
    #expect(said.status == 0, "\(said.stderr)")
    #expect(lab.store.resolve("refs/weave/public/observed/toto") != nil)
  }
}
