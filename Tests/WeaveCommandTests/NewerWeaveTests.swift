import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A store that a newer weave has written to", .inProcess)
struct NewerWeaveTests {
  private let lab: Lab
  private let manifest = "refs/weave/public/manifest"

  init() throws {
    lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
  }

  @Test(
    "a revocation that is not wholly understood, and an unknown kind, restrict what they name, and say what to do",
    arguments: [("revoke", ["Weave-Until: 2027-01-01"]), ("quarantine", [])])
  func restricts(kind: String, lines: [String]) throws {
    try lab.weave("lock")
    let event = try lab.appendEvent(
      kind, [lab.memberLine("laurelin@v2"), lab.memberLine("telperion@v2")] + lines)
    let words = "(by a newer weave; upgrade, or `--ignore-newer \(event.prefix(7))`)"
    let check = try lab.run("check", "telperion@v2", "laurelin@v2")
    #expect(check.status == 5 && check.stdout.contains(words), "\(check)")
    #expect(check.stderr.contains("is of a newer weave"))
    #expect(try lab.run("resolve", "--only-revoked").status == 0)
    let lock = try lab.run("sha", "telperion", "--machine", "toto")
    #expect(lock.status == 5 && lock.stderr.contains(words), "\(lock)")
    let link = try lab.run("link", "telperion@v2", "laurelin@v2")
    #expect(link.status == 5 && link.stderr.contains(words), "\(link)")

    let ignoring = try lab.run(
      "check", "telperion@v2", "laurelin@v2", "--ignore-newer", String(event.prefix(7)))
    #expect(ignoring.status == 0, "\(ignoring)")
    #expect(try lab.run("sha", "telperion", "--machine", "toto", "--ignore-newer", event).status == 0)
    let log = try lab.weave("log")
    #expect(log.contains("newer \(kind) laurelin@"), "\(log)")
    #expect(try lab.weave("show", event).hasPrefix("newer \(kind) \(event)"))
    #expect(try lab.weave("show", event, "--json").contains("\"newer\" : true"))
    let fsck = try lab.run("fsck")
    #expect(fsck.stdout.contains("\(event) is an event of a newer weave, '\(kind)'"), "\(fsck)")
    #expect(fsck.status == 0)

    #expect(
      try lab.run("sha", "telperion", "--machine", "toto").status == 5, "ignored once, and not for good")
    // What this weave understands takes it back.
    try lab.weave("reinstate", String(event.prefix(7)), "-m", "mended")
    #expect(try lab.run("check", "telperion@v2", "laurelin@v2").status == 0)
  }

  @Test("a link that is not wholly understood, and a withdrawal of a revocation, set nothing free")
  func freesNothing() throws {
    let revocation = try lab.revoke("telperion@v3", "laurelin@v3")
    let withdrawal = try lab.appendEvent(
      "withdraw", ["Weave-Withdraws: \(try lab.event("revoke"))", "Weave-Scope: toto"])
    let link = try lab.appendEvent(
      "link", [lab.memberLine("laurelin@v3"), lab.memberLine("telperion@v1"), "Weave-Scope: toto"])
    #expect(try lab.run("check", "telperion@v3", "laurelin@v3").status == 5, "\(revocation)")
    #expect(try lab.run("check", "telperion@v1", "laurelin@v3").status == 5)
    for event in [withdrawal, link] {
      #expect(try lab.weave("show", event).contains("State:   counts for nothing"))
    }
  }

  @Test("only an event of a newer weave can be ignored")
  func ignored() throws {
    let event = try lab.event("link")
    let words = try lab.refusal(["check", "telperion@v1", "laurelin@v1", "--ignore-newer", event])
    #expect(words.contains("\(event.prefix(7)) is no event of a newer weave"))
    #expect(try lab.refusal(["resolve", "--ignore-newer", "abcd"]).contains("no event has the id 'abcd'"))
  }

  /// Puts files into the manifest by stock Git, as a newer weave may.
  private func put(_ files: [(path: String, text: String)]) throws {
    let index = lab.store.environment.with(["GIT_INDEX_FILE": lab.directory.appending("index")])
    try lab.store.git(["read-tree", manifest], environment: index)
    for (path, text) in files {
      let id = try lab.store.git(["hash-object", "-w", "--stdin"], input: Array(text.utf8))
      try lab.store.git(["update-index", "--add", "--cacheinfo", "100644,\(id),\(path)"], environment: index)
    }
    let tree = try lab.store.git(["write-tree"], environment: index)
    let commit = try lab.store.git("commit-tree", tree, "-p", manifest, "-m", "newer")
    try lab.store.git("update-ref", manifest, commit)
  }

  @Test("what it put into the manifest outlives every write of it here, and a merge")
  func kept() throws {
    let hub = try lab.share()
    let bob = try lab.colleague("bob")
    let source = try lab.store.git("show", "\(manifest):projects/telperion")
    try put([
      ("later", "1\n"), ("directory/file", "2\n"), ("projects/needs weave 9", ""),
      ("projects/telperion", "\(source)\nbranch-of x\n"),
    ])
    for command in [
      ["project", "set", "telperion", "track", "main"], ["project", "set", "laurelin", "track", "main"],
      ["hold", "toto", "laurelin@v1", "-m", "why", "-c", "emerald-city"],
      ["project", "remove", "narya", "--force"], ["constellation", "remove", "emerald-city"],
    ] { try lab.weave(command) }
    try bob.weave("status", "--ack", "toto", "--for", "2d", "-m", "known")
    try bob.weave("push")
    try lab.weave("push")
    for place in [lab.store, hub] {
      let names = try place.git("ls-tree", "-r", "--name-only", manifest)
      for name in ["later", "directory/file", "projects/needs weave 9", "acknowledgements/toto"] {
        #expect(names.contains(name), "\(names)")
      }
      #expect(try place.git("show", "\(manifest):projects/telperion") == "\(source)\ntrack main\nbranch-of x")
    }
  }

  @Test(
    "a manifest of a newer format stops whoever asks about fitness, and neither the ledgers nor who looks")
  func newerFormat() throws {
    let hub = try lab.share()
    let bob = try lab.colleague("bob")
    try put([("format", "9\n"), ("projects/Later", "x\n")])
    try lab.store.git("push", hub.path, manifest)
    try bob.weave("link", "telperion@v1", "laurelin@v2")
    try bob.weave("set", "release-1", "telperion@v1", "laurelin@v1")
    let pull = try bob.run("pull")
    #expect(pull.status == 0 && pull.stderr.contains("upgrade weave"), "\(pull)")
    let before = try bob.store.git("rev-parse", manifest)
    for command in [
      ["check", "telperion@v1", "laurelin@v1"], ["resolve"], ["status"], ["status", "-c", "emerald-city"],
      ["lock"],
      ["sha", "telperion", "--machine", "toto"], ["links"], ["affected"], ["reverse", "telperion@v1"],
      ["why", "narya"], ["propose"], ["manifest", "--machine", "toto"], ["graph"],
      ["link", "telperion@v2", "laurelin@v1"], ["revoke", "telperion@v3", "-m", "x"],
      ["withdraw", try lab.event("link"), "-m", "x"], ["checkout", "release-1", "elsewhere"],
      ["project", "set", "narya", "track", "main"],
      ["constellation", "remove", "emerald-city"], ["upgrade"], ["lock", "--show"],
    ] {
      let result = try lab.run(command, in: bob.workspace)
      #expect(
        result.status == 1 && result.stdout.isEmpty && result.stderr.contains("upgrade weave"),
        "\(command): \(result)")
    }
    let event = try bob.store.git("rev-parse", bob.ledger())
    for command in [["log"], ["show", event], ["fsck"], ["push"], ["pull"]] {
      let result = try lab.run(command, in: bob.workspace)
      #expect(result.status == 0, "\(command): \(result)")
    }
    #expect(try hub.git("rev-parse", bob.ledger()) == event)
    #expect(try bob.store.git("rev-parse", manifest) == before)
    let clone = try lab.run("clone", hub.path, lab.directory.appending("carol"), in: lab.directory.path)
    #expect(clone.status == 1 && clone.stderr.contains("upgrade weave"), "\(clone)")
  }

  @Test("a manifest of a newer format that went apart from ours is left, and all else comes")
  func newerFormatApart() throws {
    let hub = try lab.share()
    let bob = try lab.colleague("bob")
    try put([("format", "9\n")])
    try lab.store.git("push", hub.path, manifest)
    try bob.weave("project", "set", "narya", "track", "main")
    let event = try bob.weave("link", "telperion@v2", "laurelin@v1")
    let pull = try bob.run("pull")
    #expect(pull.status == 0 && pull.stderr.contains("upgrade weave"), "\(pull)")
    let push = try bob.run("push")
    #expect(push.status == 1, "\(push)")
    #expect(try hub.git("rev-list", bob.ledger()).contains(event))
  }
}
