import Foundation
import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("A push to a hub") struct PushInspectionTests {
  private let fixture: PushFixture
  init() throws { fixture = try PushFixture() }

  private func expectRefused(
    _ refusal: String?, _ reason: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(refusal?.contains(reason) == true, "\(refusal ?? "taken")", sourceLocation: sourceLocation)
  }

  @Test("of good records is taken, one by one and together, the first ones too")
  func good() throws {
    let records = [
      (PushFixture.manifest, try fixture.manifest()), (PushFixture.ledger, try fixture.event()),
      (PushFixture.lock, try fixture.lock()), ("refs/weave/public/observed/toto", try fixture.report("toto")),
      ("refs/weave/public/seen/toto", try fixture.report("toto", isSeen: true)),
    ]
    for (name, tip) in records { #expect(try fixture.refusal((name, tip)) == nil) }
    #expect(
      try fixture.refusal(records[0], records[1], records[2], records[3], records[4], ("refs/heads/x", nil))
        == nil)
  }

  @Test("that deletes or rewinds a record is refused, but of when a machine was seen")
  func growth() throws {
    let (first, seen) = (try fixture.event(), try fixture.report("toto", isSeen: true))
    let second = try fixture.event(on: first)
    try fixture.place(PushFixture.ledger, at: second)
    try fixture.place("refs/weave/public/seen/toto", at: seen)
    expectRefused(
      try fixture.refusal((PushFixture.ledger, nil)), "\(PushFixture.ledger): it may not be deleted")
    expectRefused(try fixture.refusal((PushFixture.ledger, first)), "it only ever grows: pull")
    expectRefused(try fixture.refusal((PushFixture.ledger, fixture.event(by: "bob-1"))), "it only ever grows")
    #expect(try fixture.refusal((PushFixture.ledger, fixture.event(on: second))) == nil)
    #expect(try fixture.refusal(("refs/weave/public/seen/toto", nil)) == nil)
    #expect(
      try fixture.refusal(("refs/weave/public/seen/toto", fixture.report("toto", number: 2, isSeen: true)))
        == nil)
  }

  @Test("of what is no commit is refused")
  func noCommit() throws {
    let tree = try fixture.hub.git("rev-parse", "\(fixture.lock())^{tree}")
    expectRefused(try fixture.refusal((PushFixture.ledger, tree)), "it would be no commit")
    expectRefused(try fixture.refusal(("refs/weave/public/later/x", tree)), "it would be no commit")
  }

  @Test("of content in a ledger is refused, anywhere in what is new, and though the hub has it elsewhere")
  func content() throws {
    let content = try fixture.commit("x\n", [("x", "x\n")])
    try fixture.place("refs/heads/main", at: content)
    for tip in [content, try fixture.event(on: content), try fixture.event(on: fixture.event(on: content))] {
      expectRefused(
        try fixture.refusal((PushFixture.ledger, tip)),
        "no pull would take it: \(content): its tree is not empty")
    }
  }

  @Test(
    "of a ref below refs/weave/ that weave does not name so, or of another spelling of it, is refused",
    arguments: [
      "refs/weave", "refs/weave/x", "refs/weave/secret/ledger/x", "refs/weave/public",
      "refs/weave/public/ledger",
      "refs/weave/public/ledger/x/y", "refs/weave/public/ledger/X", "refs/weave/public/manifest/x",
      "refs/weave/public/Ledger/ann-1", "refs/weave/Public/ledger/ann-1", "refs/weave/public/locks/Canon",
      "refs/weave/public/locks/%63anon", "refs/weave/public/later/%c3%a9", "refs/weave/public/later/x\u{301}",
      "refs/weave/public/seen/x..y", "refs/weave/public/later/", "refs/Weave/public/ledger/ann-1",
      "refs/WEAVE/x", "refs/weave./public/ledger/ann-1", "refs/we\u{200c}ave/public/ledger/ann-1",
      "refs/weave-local/keep/telperion", "refs/Weave-Local/x", "refs/weave-local", "heads/x", "--help", "",
    ])
  func names(name: String) throws {
    let event = try fixture.event()
    #expect(try fixture.refusal((name, event))?.hasPrefix("\(name): it ") == true)
    #expect(try fixture.refusal((name, nil))?.hasPrefix("\(name): it ") == true)
  }

  @Test(
    "of a kind of record that a newer weave may have is taken as long as it grows, and not where that is asked",
    arguments: ["refs/weave/public/policy", "refs/weave/public/later/x%2Fy", "refs/weave/public/a/b/c"])
  func unknownKinds(name: String) throws {
    let first = try fixture.commit("x\n", [("x", "x\n")])
    let second = try fixture.commit("y\n", on: first)
    #expect(try fixture.refusal((name, first)) == nil)
    try fixture.place(name, at: first)
    #expect(try fixture.refusal((name, second)) == nil)
    expectRefused(try fixture.refusal((name, fixture.commit("z\n"))), "it only ever grows")
    expectRefused(try fixture.refusal((name, nil)), "it may not be deleted")
    expectRefused(
      try fixture.refusal((name, second), by: .knownOnly), "of a kind that the weave here does not know")
    try fixture.hub.git("config", "weave.knownOnly", "true")
    expectRefused(try fixture.refusal((name, second)), "of a kind that the weave here does not know")
  }

  @Test("of private records is refused, unknown kinds too, unless the hub is for them")
  func privacy() throws {
    let event = try fixture.event()
    for name in ["refs/weave/private/ledger/ann-1", "refs/weave/private/later/x"] {
      expectRefused(try fixture.refusal((name, event)), "it is private, and this repository is not for that")
    }
    try fixture.hub.git("config", "weave.private", "true")
    #expect(try fixture.refusal(("refs/weave/private/ledger/ann-1", event)) == nil)
  }

  @Test("of a ledger is refused to all but its writer, where that is asked")
  func ownLedgers() throws {
    let event = try fixture.event()
    func refusal(_ writer: String, as pusher: String?) throws -> String? {
      try fixture.refusal(("refs/weave/public/ledger/\(writer)", event), by: .ownLedgers, as: pusher)
    }
    try fixture.hub.git("config", "weave.ada.writer", "lovelace")
    try fixture.hub.git("config", "--add", "weave.ada.writer", "byron")
    for writer in ["ada-3f9a12c4", "lovelace", "byron"] { #expect(try refusal(writer, as: "ada") == nil) }
    for writer in ["bob-3f9a12c4", "ada-bob-3f9a12c4", "ada-3f9a12c", "ada-3f9a12cg", "ada", "love"] {
      expectRefused(try refusal(writer, as: "ada"), "it is not the ledger of ada")
    }
    expectRefused(try refusal("lovelace", as: nil), "nobody knows who pushes")
    #expect(try fixture.refusal((PushFixture.manifest, fixture.manifest()), by: .ownLedgers) == nil)
  }

  @Test("by a machine is of what it and its guests said alone")
  func machines() throws {
    try fixture.hub.git("config", "weave.toto.machine", "toto.canon")
    try fixture.hub.git("config", "--add", "weave.toto.machine", "dashy@toto.canon")
    func refusal(_ name: String, _ tip: String, by rules: HubRules = [], as pusher: String?) throws -> String?
    {
      try fixture.refusal(("refs/weave/public/\(name)", tip), by: rules, as: pusher)
    }
    for machine in ["toto.canon", "dashy@toto.canon"] {
      let component = RefComponent.encode(machine)
      #expect(try refusal("observed/\(component)", fixture.report(machine), as: "toto") == nil)
      #expect(try refusal("seen/\(component)", fixture.report(machine, isSeen: true), as: "toto") == nil)
    }
    let report = try fixture.report("ozma")
    expectRefused(try refusal("observed/ozma", report, as: "toto"), "it is not for toto to say")
    for (name, tip) in [
      ("manifest", try fixture.manifest()), ("ledger/toto-3f9a12c4", try fixture.event()),
      ("locks/canon", try fixture.lock()), ("later/x", report),
    ] {
      expectRefused(
        try refusal(name, tip, as: "toto"), "toto is a machine here, and pushes what it said and nothing else"
      )
    }
    // Others may, unless it is asked that a machine speaks for itself.
    #expect(try refusal("observed/ozma", report, as: "ada") == nil)
    expectRefused(
      try refusal("observed/ozma", report, by: .ownMachines, as: "ada"), "it is not for ada to say")
    expectRefused(try refusal("observed/ozma", report, by: .ownMachines, as: nil), "nobody knows who pushes")
    #expect(try refusal("observed/ozma", report, by: .ownMachines, as: "ozma") == nil)
    let guest = "dashy@toto.canon"
    let name = "observed/\(RefComponent.encode(guest))"
    #expect(try refusal(name, fixture.report(guest), by: .ownMachines, as: "toto") == nil)
    expectRefused(
      try refusal(name, fixture.report(guest), by: .ownMachines, as: "ada"), "it is not for ada to say")
    #expect(try refusal("locks/canon", fixture.lock(), by: .ownMachines, as: "ada") == nil)
  }

  @Test(
    "who pushes is no pattern, and no key of its own making",
    arguments: [
      "*", "a*", "ADA", "ada.writer\nweave.ada", "x\ncore", "ada.", ".ada", "", "ada.writer", "weave.ada",
    ])
  func pusher(name: String) throws {
    try fixture.hub.git("config", "weave.ada.writer", "lovelace")
    try fixture.hub.git("config", "core.writer", "lovelace")
    try fixture.hub.git("config", "weave.writers", "lovelace")
    expectRefused(
      try fixture.refusal(
        ("refs/weave/public/ledger/lovelace", fixture.event()), by: .ownLedgers, as: name),
      "it is not the ledger of")
  }

  @Test("of a manifest of another store is refused, also on top of the one that is there")
  func foreignManifest() throws {
    let manifest = try fixture.manifest()
    try fixture.place(PushFixture.manifest, at: manifest)
    expectRefused(
      try fixture.refusal((PushFixture.manifest, fixture.manifest(of: PushFixture.other, on: manifest))),
      "it is of another store, \(PushFixture.other)")
    try fixture.hub.git("config", "weave.private", "true")
    expectRefused(
      try fixture.refusal(("refs/weave/private/manifest", fixture.manifest(of: PushFixture.other))),
      "it is of another store, \(PushFixture.other)")
    #expect(try fixture.refusal((PushFixture.manifest, fixture.manifest(on: manifest))) == nil)
  }

  @Test(
    "of a ledger of another store than its manifest is refused, whichever is there first, and both together")
  func foreignLedger() throws {
    let (manifest, foreign) = (try fixture.manifest(), try fixture.event(of: PushFixture.other))
    expectRefused(
      try fixture.refusal((PushFixture.ledger, foreign), (PushFixture.manifest, manifest)),
      "\(PushFixture.ledger): it is of another store, \(PushFixture.other)")
    try fixture.place(PushFixture.ledger, at: foreign)
    expectRefused(
      try fixture.refusal((PushFixture.manifest, manifest)),
      "it is of the store \(PushFixture.store), and the ledgers here are of another")
    // A ledger of its own is enough, here or beside it: whoever else pushed something first keeps nobody out.
    #expect(
      try fixture.refusal(
        (PushFixture.manifest, manifest), ("refs/weave/public/ledger/bob-1", fixture.event(by: "bob-1")))
        == nil)
    try fixture.place("refs/weave/public/ledger/bob-1", at: fixture.event(by: "bob-1"))
    #expect(try fixture.refusal((PushFixture.manifest, manifest)) == nil)
    try fixture.place(PushFixture.manifest, at: manifest)
    expectRefused(
      try fixture.refusal(("refs/weave/public/ledger/eve-1", foreign)), "it is of another store")
  }

  @Test("to a store is of records alone, and none into a namespace of it")
  func store() throws {
    try fixture.hub.git("config", "weave.writer", "ann-1")
    let event = try fixture.event()
    for name in [
      "refs/namespaces/telperion/refs/heads/main", "refs/notes/weave", "refs/heads/x", "refs/replace/x",
    ] {
      expectRefused(
        try fixture.refusal((name, event)), "this is a store, and its projects are fetched, not pushed")
    }
    #expect(try fixture.refusal((PushFixture.ledger, event)) == nil)
    expectRefused(
      try fixture.refusal((PushFixture.ledger, event), namespace: "telperion"),
      "this is a store, and its projects are fetched, not pushed")
  }

  @Test("to a namespace of a hub is measured by the manifest there")
  func namespace() throws {
    try fixture.place("refs/namespaces/a/refs/namespaces/b/\(PushFixture.manifest)", at: fixture.manifest())
    try fixture.place(PushFixture.manifest, at: fixture.manifest(of: PushFixture.other))
    let event = try fixture.event()
    #expect(try fixture.refusal((PushFixture.ledger, event), namespace: "a/b") == nil)
    expectRefused(try fixture.refusal((PushFixture.ledger, event)), "it is of another store")
  }

  @Test("writes nothing there, though it makes the joins anew")
  func nothingWritten() throws {
    let lock = try fixture.lock()
    let branches = try ["2", "3"].map { try fixture.lock(String(repeating: $0, count: 40), on: lock) }
    let join = try fixture.commit(
      "join\n", [("toto", "telperion \(PushFixture.id)\n")], on: branches[0], branches[1])
    let before = try fixture.hub.git("count-objects", "-v")
    expectRefused(
      try fixture.refusal((PushFixture.lock, join)),
      "no pull would take it: \(join): it is not the join of its parents that weave makes")
    #expect(try fixture.hub.git("count-objects", "-v") == before)
  }

  @Test("that cannot be read is no push that may be taken")
  func unreadable() throws {
    let quarantine = fixture.directory.appending("quarantine")
    let pusher = try TestRepository.create(at: fixture.directory.appending("pusher.git"), bare: true)
    let content = try fixture.commit("x\n", [("x", "x\n")], in: pusher)
    try FileManager.default.moveItem(atPath: pusher.path + "/objects", toPath: quarantine)
    expectRefused(try fixture.refusal((PushFixture.ledger, content)), "it would be no commit")
    expectRefused(
      try fixture.refusal((PushFixture.ledger, content), readingObjectsFrom: [quarantine]),
      "its tree is not empty")
    let event = try fixture.event(on: fixture.event())
    let parent = try fixture.hub.git("rev-parse", "\(event)^")
    try FileManager.default.removeItem(
      atPath: "\(fixture.hub.path)/objects/\(parent.prefix(2))/\(parent.dropFirst(2))")
    expectRefused(try fixture.refusal((PushFixture.ledger, event)), parent)
  }

  @Test(
    "a setting that is neither true nor false lets nothing through",
    arguments: [
      "weave.private", "weave.ownLedgers", "weave.ownMachines", "weave.signedOnly", "weave.knownOnly",
    ])
  func settings(key: String) throws {
    try fixture.hub.git("config", key, "ja")
    let event = try fixture.event()
    #expect(throws: GitError.self) { try fixture.refusal((PushFixture.ledger, event)) }
  }
}
