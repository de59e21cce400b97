import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

@Suite("Events of a newer weave in a store")
struct NewerEventTests {
  private let fixture: StoreFixture
  private let ledger = "refs/weave/public/ledger/ann-1"
  private let members: String

  init() throws {
    fixture = try StoreFixture()
    members = "Weave-Member: laurelin \(String(repeating: "1", count: 40))\n"
  }

  /// Appends an event by stock Git.
  private func append(_ lines: String) throws -> EventID {
    let git = TestRepository(at: fixture.gitDirectory)
    let message =
      "s\n\nWeave-Ledger: \(String(repeating: "ab", count: 16))/ann-1\n\(lines)"
    let parent = git.resolve(ledger).map { ["-p", $0] } ?? []
    let tree = try git.git(["mktree"], input: [])
    let commit = try git.git(["commit-tree", tree] + parent, input: Array(message.utf8))
    try git.git("update-ref", ledger, commit)
    return try #require(EventID(hex: commit))
  }

  private func store() throws -> Store { try Store.open(at: fixture.gitDirectory) }

  @Test func `are read alike from their commits and from the index`() throws {
    let ids = [
      try append("Weave-Event: quarantine\n\(members)"),
      try append("Weave-Event: link\nWeave-Later: x\n\(members)"),
      try append("Weave-Event: later\n"),
    ]
    let (first, second) = (try store(), try store())
    let fresh = try first.ledgers()
    #expect(first.saveIndex())
    for ledgers in [fresh, try second.ledgers()] {
      #expect(ledgers.newer == ids)
      #expect(ledgers.events.count == 3 && ledgers.refused.isEmpty)
      let state = Compatibility(ledgers.events, second.commits)
      #expect(ids.map(state.counts) == [true, false, false])
    }
    #expect(try second.indexAgrees())
    // What is new after the index was written is read on top of it.
    let withdrawal = try append("Weave-Event: withdraw\nWeave-Withdraws: \(ids[0])\n")
    let ledgers = try store().ledgers()
    #expect(!Compatibility(ledgers.events, second.commits).counts(ids[0]))
    #expect(Compatibility(ledgers.events, second.commits).counts(withdrawal))
  }

  @Test func `count for nothing where they are ignored, and only for who ignores them`() throws {
    let id = try append("Weave-Event: quarantine\n\(members)")
    let store = try store()
    let ignoring = store.ignoring([id])
    #expect(try !Compatibility(ignoring.ledgers().events, ignoring.commits).counts(id))
    #expect(try ignoring.ledgers().newer.isEmpty)
    #expect(try Compatibility(ignoring.allLedgers().events, ignoring.commits).counts(id))
    #expect(try Compatibility(store.ledgers().events, store.commits).counts(id))
  }
}
