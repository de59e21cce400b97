import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A ref of a record is gone", .inProcess) struct LostTipTests {
  /// A revoked pair, locked before, in a store with a hub.
  private func withRecords(_ body: (Lab, _ hub: TestRepository) throws -> Void) throws {
    try Lab.withHub { lab, hub, _ throws in
      try lab.constellation(Constellations.pair())
      try lab.link("telperion@v1", "laurelin@v1")
      try lab.weave("lock")
      try lab.weave("set", "rel", "telperion@v1", "laurelin@v1")
      try lab.revoke("telperion@v1", because: "it loops")
      try body(lab, hub)
    }
  }

  private static let questions: [[String]] = [
    ["links"], ["check", "telperion@v1", "laurelin@v1"], ["resolve"], ["status"],
    ["sha", "telperion", "--machine", "toto"], ["manifest", "--machine", "toto"], ["affected"],
    ["why", "telperion"], ["propose"], ["lock", "-m", "again"], ["link", "telperion@main", "laurelin@main"],
  ]

  @Test("no command answers for a store whose ledger is gone, fsck names it, and --repair puts it back")
  func ledger() throws {
    try withRecords { lab, _ in
      let ledger = try lab.ledger()
      let tip = try #require(lab.store.resolve(ledger))
      let healthy = try Self.questions.prefix(4).map { try lab.run($0).stdout }
      try lab.store.git("update-ref", "-d", ledger)
      for question in Self.questions {
        let answer = try lab.run(question)
        #expect(answer.status == 1, "\(question): \(answer.stdout)\(answer.stderr)")
        #expect(
          answer.stderr.contains("cannot read \(ledger): it is gone, and stood at \(tip)"), "\(question)")
        #expect(answer.stderr.contains("hint: `weave fsck --repair` puts it back"), "\(question)")
      }
      let check = try lab.run("fsck")
      #expect(check.status == 1)
      #expect(check.stdout.contains("\(ledger): it is gone"), "\(check.stdout)")
      let repair = try lab.run("fsck", "--repair")
      #expect(repair.status == 0, "\(repair.stdout)\(repair.stderr)")
      #expect(repair.stderr.contains("\(ledger) was gone; it is at \(tip) again"))
      #expect(try Self.questions.prefix(4).map { try lab.run($0).stdout } == healthy)
    }
  }

  @Test("a pull brings it back from a remote that has all of it") func pulled() throws {
    try withRecords { lab, _ in
      try lab.weave("push")
      let ledger = try lab.ledger()
      let tip = try #require(lab.store.resolve(ledger))
      try lab.store.git("update-ref", "-d", ledger)
      try lab.weave("pull")
      #expect(lab.store.resolve(ledger) == tip)
      try lab.check()
    }
  }

  @Test("a pull brings nothing back from a remote that has an earlier part of it, and says so")
  func outdated() throws {
    try withRecords { lab, _ in
      try lab.weave("push")
      try lab.link("telperion@main", "laurelin@main")
      let ledger = try lab.ledger()
      try lab.store.git("update-ref", "-d", ledger)
      let pull = try lab.run("pull")
      #expect(pull.status == 1)
      #expect(pull.stderr.contains("cannot read \(ledger): it went back"), "\(pull.stderr)")
      #expect(try lab.run("links").status == 1)
      try lab.weave("fsck", "--repair")
    }
  }

  @Test(
    "a manifest, lock or set that is gone is no store, lock or set that was never made",
    arguments: [
      ("refs/weave/public/manifest", ["project", "list"]), ("refs/weave/public/manifest", ["init"]),
      ("refs/weave/public/locks/pair", ["status"]), ("refs/weave/public/locks/pair", ["lock", "-m", "new"]),
      ("refs/weave/public/sets/rel", ["set", "list"]),
      ("refs/weave/public/sets/rel", ["set", "rel", "telperion@main"]),
    ]) func others(ref: String, question: [String]) throws
  {
    try withRecords { lab, _ in
      let tip = try #require(lab.store.resolve(ref))
      try lab.store.git("update-ref", "-d", ref)
      let answer = try lab.run(question)
      #expect(answer.status == 1, "\(answer.stdout)")
      #expect(
        answer.stderr.contains("cannot read \(ref): it is gone, and stood at \(tip)"), "\(answer.stderr)")
      #expect(lab.store.resolve(ref) == nil)
      try lab.weave("fsck", "--repair")
      #expect(lab.store.resolve(ref) == tip)
    }
  }
}
