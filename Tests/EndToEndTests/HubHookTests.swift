import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("The hooks that Docs has for a hub of one's own")
struct HubHookTests {
  private let lab: Lab

  /// A lab with a link.
  init() throws {
    lab = try Lab.threeProjects()
    try lab.link("telperion@v1", "laurelin@v1")
  }

  /// A hub with the hook that has the ledger and the manifest of the lab.
  private func hub(_ hook: String, checksObjects: Bool = false) throws -> HookedHub {
    let hub = try HookedHub([hook], of: lab, checksObjects: checksObjects)
    try hub.expectAccepted(try lab.ledger(), "refs/weave/public/manifest")
    return hub
  }

  /// A commit with the empty tree, or `tree`.
  private func commit(
    _ parents: String..., tree: String = "4b825dc642cb6eb9a060e54bf8d69288fbee4904",
    message: String = "no event\n"
  ) throws -> String {
    try lab.store.git(["commit-tree", tree] + parents.flatMap { ["-p", $0] }, input: Array(message.utf8))
  }

  @Test(
    "let through what weave pushes, other refs too, and a machine's date again and again",
    arguments: HookedHub.hooks, [true, false])
  func good(hook: String, checksObjects: Bool) throws {
    let hub = try hub(hook, checksObjects: checksObjects)
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.constellation(Constellations.pair())
    try lab.weave("lock", "-c", "pair")
    try lab.report("toto", "telperion@v1", "laurelin@v1")
    try hub.expectAccepted("refs/weave/public/*:refs/weave/public/*")
    try lab.report("toto", "telperion@v1", "laurelin@v1")
    try hub.expectAccepted(
      "+refs/weave/public/seen/*:refs/weave/public/seen/*",
      "refs/weave/public/observed/*:refs/weave/public/observed/*")
    try hub.expectAccepted(":refs/weave/public/seen/toto")
    try hub.expectAccepted("refs/namespaces/narya/refs/heads/main:refs/heads/main")
    try hub.expectAccepted("+refs/namespaces/telperion/refs/heads/main:refs/heads/main", ":refs/heads/gone")
    #expect(try hub.hub.git("rev-parse", lab.ledger()) == lab.events()[0])
    #expect(hub.hub.resolve("refs/weave/public/seen/toto") == nil)
  }

  @Test("let through what weave push sends, both of them, also at first and when it is packed")
  func weavePush() throws {
    let hub = try HookedHub(HookedHub.hooks, of: lab)
    try lab.weave("remote", "add", "hooked", hub.hub.path)
    func push() throws {
      let result = try lab.run("push", "hooked", environment: HookedHub.environment(lab.environment))
      #expect(result.status == 0, "\(result.stderr)")
      #expect(try hub.hub.git("rev-parse", lab.ledger()) == lab.events()[0])
    }
    try push()
    try hub.hub.git("gc", "--quiet")
    try lab.growLedger(by: 150)
    try push()
    try lab.link("telperion@v2", "laurelin@v2")
    try push()
  }

  @Test("refuse to delete or rewind a record, however it is forced", arguments: HookedHub.hooks)
  func growth(hook: String) throws {
    let hub = try hub(hook)
    let ledger = try lab.ledger()
    let first = try lab.events()[0]
    try lab.link("telperion@v2", "laurelin@v2")
    try hub.expectAccepted(ledger)
    try hub.expectRefused(":\(ledger)", because: "\(ledger): it may not be deleted")
    try hub.expectRefused("+\(first):\(ledger)", because: "only ever grows")
    try hub.expectRefused("+\(commit()):refs/weave/public/manifest", because: "only ever grows")
  }

  @Test(
    "refuse a ledger with content, or with content below it, though the hub has that content",
    arguments: HookedHub.hooks, [true, false])
  func content(hook: String, checksObjects: Bool) throws {
    let hub = try hub(hook, checksObjects: checksObjects)
    let ledger = try lab.ledger()
    let main = try lab.id("narya@main")
    try hub.expectAccepted("refs/namespaces/narya/refs/heads/main:refs/heads/main")
    let tip = try lab.events()[0]
    let withTree = try commit(tip, tree: lab.store.git("rev-parse", "\(main)^{tree}"))
    try hub.expectRefused("\(withTree):\(ledger)", because: "\(withTree): its tree is not empty")
    try hub.expectRefused("\(commit(tip, main)):\(ledger)", because: "\(main): its tree is not empty")
    try hub.expectRefused("\(main):refs/weave/public/seen/toto", because: "it is more than one date")
    try hub.expectAccepted("\(commit(tip)):\(ledger)")
  }

  @Test("refuse one bad ref alone by update, and with all that is pushed beside it by pre-receive")
  func whole() throws {
    for hook in HookedHub.hooks {
      let hub = try hub(hook)
      let link = try lab.link("telperion@v2", "laurelin@v2")
      let result = try hub.push([lab.ledger(), ":refs/weave/public/manifest"])
      #expect(result.status == 1 && result.stderr.contains("it may not be deleted"), "\(result.stderr)")
      #expect(hub.hub.resolve("refs/weave/public/manifest") != nil)
      #expect(try (hub.hub.git("rev-parse", lab.ledger()) == link) == (hook == "update"))
      try FileManager.default.removeItem(atPath: hub.hub.path)
    }
  }

  @Test(
    "keep what they refuse until it is pruned by update, and not at all by pre-receive",
    arguments: HookedHub.hooks)
  func kept(hook: String) throws {
    let hub = try hub(hook)
    let tree = try lab.store.git("rev-parse", "\(lab.id("narya@main"))^{tree}")
    let bad = try commit(lab.events()[0], tree: tree)
    try hub.expectRefused("\(bad):\(lab.ledger())", because: "its tree is not empty")
    #expect((hub.hub.resolve("\(bad)^{commit}") != nil) == (hook == "update"))
    try hub.hub.git("gc", "--quiet", "--prune=now")
    #expect(hub.hub.resolve("\(bad)^{commit}") == nil)
  }

  @Test("refuse a manifest and a ledger of another store than the manifest there", arguments: HookedHub.hooks)
  func otherStore(hook: String) throws {
    let hub = try hub(hook)
    let other = try Lab()
    try other.weave("init")
    let (manifest, id) = ("refs/weave/public/manifest", try other.storeID())
    try lab.store.git("fetch", "--quiet", other.store.path, manifest)
    let tree = try lab.store.git("rev-parse", "FETCH_HEAD^{tree}")
    try hub.expectRefused(
      "\(commit(manifest, tree: tree)):\(manifest)", because: "it is of another store, \(id)")
    let event = try lab.store.git("log", "-1", "--format=%B", lab.ledger()).replacing(
      lab.storeID() + "/" + lab.writer(), with: id + "/eve-1")
    try hub.expectRefused(
      "\(commit(message: event + "\n")):refs/weave/public/ledger/eve-1",
      because: "it is of another store, \(id)")
  }

  @Test(
    "take what breaks Git's own rules unless the hub looks at these, and a pull leaves it out",
    arguments: HookedHub.hooks)
  func objectRules(hook: String) throws {
    let hub = try hub(hook, checksObjects: true)
    let (ledger, good) = (try lab.ledger(), try lab.events()[0])
    let broken = try lab.store.commitThatGitRefuses(onto: good)
    let refused = try hub.push(["\(broken):\(ledger)"])
    #expect(refused.status == 1 && refused.stderr.contains("fsck error"), "\(refused.stderr)")
    try hub.hub.git("config", "receive.fsckObjects", "false")
    try hub.expectAccepted("\(broken):\(ledger)")
    let bob = Colleague(lab: lab, workspace: lab.directory.appending("bob"))
    let clone = try lab.run("clone", hub.hub.path, bob.workspace, in: lab.directory.path)
    #expect(clone.stderr.contains(ledger), "\(clone.stderr)")
    #expect(try bob.store.git("rev-parse", ledger) == good)
  }

  @Test("of 0.1.0 refuses any kind of record that it does not know, with all that is pushed beside it")
  func sample() throws {
    let hub = try HookedHub([], of: lab)
    try HookedHub.installSample(in: hub.hub.path)
    try hub.expectRefused(
      lab.ledger(), "\(commit()):refs/weave/public/later/x",
      because: "refs/weave/public/later/x is no ref of weave's")
    try hub.expectAccepted(lab.ledger(), "refs/weave/public/manifest")
  }

  @Test(
    "are for each hub of a server by core.hooksPath, with a rule that no hub turns off",
    arguments: HookedHub.hooks)
  func server(hook: String) throws {
    let hub = try HookedHub([], of: lab)
    let folder = try lab.scratch("server")
    let script = "#!/bin/sh\nexec weave hook \(hook) --own-ledgers\(hook == "update" ? " -- \"$@\"" : "")\n"
    // Written by a child: a process that another test starts meanwhile would keep it open, and it could not be run.
    try runProcess(
      "sh", ["-c", "cat >\(hook) && chmod +x \(hook)"], in: folder, environment: lab.environment.variables,
      input: Array(script.utf8)
    ).succeeded(["cat"])
    try hub.hub.git("config", "core.hooksPath", folder)
    try hub.hub.git("config", "weave.ownLedgers", "false")
    try hub.hub.git("config", "weave.ada.writer", lab.writer())
    try hub.expectRefused(lab.ledger(), as: "eve", because: "it is not the ledger of eve")
    try hub.expectAccepted(lab.ledger(), as: "ada")
  }

  @Test("refuse private records, and other people's ledgers where that is asked", arguments: HookedHub.hooks)
  func settings(hook: String) throws {
    let hub = try hub(hook)
    let tip = try lab.events()[0]
    try hub.expectRefused("\(tip):refs/weave/private/ledger/ann-1", because: "it is private")
    try hub.hub.git("config", "weave.ownLedgers", "true")
    try hub.hub.git("config", "weave.toto.machine", "toto")
    func refspec(_ writer: String) -> String { "\(tip):refs/weave/public/ledger/\(writer)" }
    try hub.expectAccepted(refspec("ada-3f9a12c4"), as: "ada")
    try hub.expectRefused(refspec("bob-3f9a12c4"), as: "ada", because: "it is not the ledger of ada")
    try hub.expectRefused(refspec("ada-1111aaaa"), because: "nobody knows who pushes")
    try lab.report("toto", "telperion@v1")
    try lab.report("ozma", "telperion@v1")
    try hub.expectAccepted(
      "refs/weave/public/observed/toto", "refs/weave/public/seen/toto", as: "toto")
    try hub.expectRefused("refs/weave/public/seen/ozma", as: "toto", because: "it is not for toto to say")
    try hub.expectRefused(refspec("toto-3f9a12c4"), as: "toto", because: "toto is a machine here")
  }

  @Test(
    "take signed events alone, by keys that the hub knows, where that is asked", arguments: HookedHub.hooks)
  func signatures(hook: String) throws {
    let hub = try hub(hook)
    let ledger = try lab.ledger()
    try hub.hub.git("config", "weave.signedOnly", "true")
    let unsigned = try lab.link("telperion@v2", "laurelin@v2")
    try hub.expectRefused(ledger, because: "the event \(unsigned) is not signed")
    try lab.store.git("update-ref", ledger, "\(unsigned)^")
    try lab.forgetTips()
    try lab.sign(as: "ada")
    try lab.link("telperion@v2", "laurelin@v2")
    try hub.expectRefused(ledger, because: "gpg.ssh.allowedSignersFile is to be set here")
    // From the hub's directory.
    try lab.allowSigners(["bob"])
    try hub.hub.git("config", "gpg.ssh.allowedSignersFile", "../allowed-signers")
    let event = try lab.events()[0]
    try hub.expectRefused(
      ledger, because: "the signature of the event \(event) is not good here (unknown-key)")
    try lab.allowSigners(["bob", "ada"])
    try hub.expectAccepted(ledger)
    // What is no signature is put to no program.
    let signed = try lab.link("telperion@v4", "laurelin@v2")
    let junk = try lab.replaceTip(
      by: lab.rawCommit(signed, signedBy: ["x"]).replacing(
        "works", with: String(repeating: "x", count: 200_000)))
    try hub.expectRefused(ledger, because: "the signature of the event \(junk) is not good here (bad)")
    try lab.store.git("update-ref", ledger, "\(junk)^")
    try lab.forgetTips()
    // What was not signed and is here already is not asked about again.
    try lab.link("telperion@v3", "laurelin@v3")
    try hub.expectAccepted(ledger)
    // Below a signed one, too.
    try lab.signNothing()
    let below = try lab.link("narya@v1", "laurelin@v1")
    try lab.sign(as: "ada")
    try lab.link("narya@v2", "laurelin@v2")
    try hub.expectRefused(ledger, because: "the event \(below) is not signed")
  }

  @Test("take OpenPGP signatures by what the keyring of the hub's user has", arguments: HookedHub.hooks)
  func keyring(hook: String) throws {
    let hub = try hub(hook)
    try hub.hub.git("config", "weave.signedOnly", "true")
    let (own, other) = (try Keyring(), try Keyring())
    let key = try own.makeKey("Ada <ada@example.org>")
    let event = try lab.link("telperion@v2", "laurelin@v2", signedWith: key, of: own)
    try hub.expectRefused(
      lab.ledger(), keyring: other,
      because: "the signature of the event \(event) is not good here (missing-key)")
    try hub.expectAccepted(lab.ledger(), keyring: own)
  }

  @Test(
    "that take signed events alone take what was recorded without once it is recorded again in a clone that signs",
    arguments: HookedHub.hooks)
  func anew(hook: String) throws {
    let hub = try hub(hook)
    try lab.allowSigners(["ada"])
    try hub.hub.git("config", "weave.signedOnly", "true")
    try hub.hub.git("config", "gpg.ssh.allowedSignersFile", "../allowed-signers")
    let unsigned = try lab.link("telperion@v2", "laurelin@v2")
    try lab.sign(as: "ada")
    try lab.link("telperion@v3", "laurelin@v3")
    try hub.expectRefused(lab.ledger(), because: "the event \(unsigned) is not signed")
    let clone = Colleague(lab: lab, workspace: lab.directory.appending("clone"))
    try lab.weave("clone", hub.hub.path, clone.workspace, in: lab.directory.path)
    try lab.sign(as: "ada", in: clone.store)
    try clone.weave("fetch")
    try clone.weave("link", "telperion@v2", "laurelin@v2", "-m", "works")
    let push = try clone.run("push", environment: HookedHub.environment(lab.environment))
    #expect(push.status == 0, "\(push.stderr)")
    #expect(try hub.hub.resolve(clone.ledger()) != nil)
  }

  @Test("start as many processes for a thousand events as for one", arguments: HookedHub.hooks)
  func processes(hook: String) throws {
    let hub = try hub(hook)
    func gits(pushing count: Int) throws -> Int {
      try lab.growLedger(by: count)
      let trace = lab.directory.appending("trace-\(count)")
      let environment = HookedHub.environment(lab.store.environment).with(["GIT_TRACE": trace])
      try lab.store.git(["push", hub.hub.path, lab.ledger()], environment: environment)
      return try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n").count {
        $0.contains("built-in: git ")
      }
    }
    let (one, thousand) = (try gits(pushing: 1), try gits(pushing: 1_000))
    // What comes in is unpacked, or indexed where it is much: by another program each.
    #expect(one > 3 && abs(thousand - one) <= 2, "\(one), \(thousand)")
  }

  @Test("are three lines for any POSIX shell that run weave", arguments: HookedHub.hooks)
  func scripts(hook: String) throws {
    let script = ReportShell.example(hook)
    let result = try runProcess("sh", ["-n", script], in: "/", environment: lab.environment.variables)
    #expect(result.status == 0, "\(result.stderr)")
    let lines = try String(contentsOfFile: script, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 3 && lines[0] == "#!/bin/sh" && lines[1].hasPrefix("# "))
    #expect(lines[2].hasPrefix("exec weave hook \(hook)"))
  }

  @Test("refuse all where there is no weave to run", arguments: HookedHub.hooks)
  func missing(hook: String) throws {
    let hub = try HookedHub([hook], of: lab)
    let result = try runProcess(
      "git", ["--git-dir=\(lab.store.path)", "push", hub.hub.path, lab.ledger()], in: lab.workspace,
      environment: lab.store.environment.with(["PATH": "/usr/bin:/bin"]).variables)
    #expect(
      result.status == 1 && result.stderr.contains("\(hook == "update" ? "" : "pre-receive ")hook declined"))
    #expect(try hub.hub.refs().isEmpty)
  }
}
