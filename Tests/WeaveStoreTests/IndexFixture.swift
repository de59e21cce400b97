import Foundation
import Git
import TestSupport
import Testing
import WeaveModel

@testable import WeaveStore

/// A store with so many events that an index of them is written.
struct IndexFixture {
  let fixture: StoreFixture
  let members: [Member]
  /// More than are read anew each time.
  static let count = 150

  var gitDirectory: String { fixture.gitDirectory }
  var path: String { gitDirectory + "/weave/index" }

  init() throws {
    let fixture = try StoreFixture()
    self.fixture = fixture
    members = try (0..<6).map { number in
      try fixture.member(
        try fixture.source.commit("commit \(number)"), number % 2 == 0 ? "laurelin" : "telperion")
    }
    try fixture.fetch()
    try fixture.fetch("laurelin")
    try grow("ann-1", by: Self.count)
  }

  /// Appends events of each kind, and one that is malformed, to the writer's ledger.
  func grow(_ writer: String, by count: Int, from parent: ObjectID? = nil) throws {
    let repository = fixture.store.repository
    let reference = "refs/weave/public/ledger/" + writer
    let former = try repository.resolve(reference)
    var tip = parent ?? former
    for number in 0..<count {
      let message = number == 7 ? Array("no event\n".utf8) : try message(writer, number, tip).encoded()
      tip = try repository.writeCommit(
        tree: .emptyTree, parents: tip.map { [$0] } ?? [], author: StoreFixture.author,
        committer: StoreFixture.author, message: message)
    }
    try repository.updateReference(reference, to: try #require(tip), expecting: former, log: "")
  }

  func message(_ writer: String, _ number: Int, _ previous: ObjectID?) throws -> EventMessage {
    let (one, other) = (members[number % 3 * 2], members[(number / 3) % 3 * 2 + 1])
    let set = try CommitSet([one, other])
    let claim: Claim =
      switch number % 10 {
      case 8: previous.map { .withdraw(EventID($0)) } ?? .link(set)
      case 9: .revoke(number % 20 == 9 ? set : try CommitSet([one]), given: nil)
      default: .link(set)
      }
    return EventMessage(
      claim: claim, ledger: LedgerID(store: fixture.store.id, writer: try WriterName(writer)),
      text: "\(number)")
  }

  /// The tip of the writer's ledger.
  func tip(_ writer: String = "ann-1") throws -> ObjectID {
    try #require(try fixture.store.repository.resolve("refs/weave/public/ledger/" + writer))
  }

  func move(_ writer: String = "ann-1", to tip: ObjectID) throws {
    try fixture.store.repository.updateReference(
      "refs/weave/public/ledger/" + writer, to: tip, expecting: try self.tip(writer), log: "")
  }

  /// The bytes of the index, after it was written.
  func written() throws -> [UInt8] {
    _ = try answer()
    return Array(try Data(contentsOf: URL(filePath: path)))
  }

  func put(_ bytes: [UInt8]) throws { try Data(bytes).write(to: URL(filePath: path)) }

  /// What a process says that has the index, if there is one.
  func answer() throws -> Answer { try Answer(Store.open(at: gitDirectory)) }

  /// What the ledgers say, read from their commits.
  func truth() throws -> Answer {
    let contents = try fixture.store.ledgerContents()
    return Answer(events: Set(contents.events.map(Answer.EventFacts.init)), refused: contents.refused)
  }

  struct Answer: Equatable {
    struct EventFacts: Hashable {
      let id: EventID
      let seconds: Int64
      let claim: String

      /// Of an event that no newer weave wrote.
      init(_ event: Event) {
        (id, seconds) = (event.id, event.author.seconds)
        claim =
          switch event.claim {
          case .link(let set): "link \(set)"
          case .revoke(let set, given: _): "revoke \(set)"
          case .withdraw(let id): "withdraw \(id)"
          }
      }

      init(_ row: Int, _ ledgers: Ledgers) {
        (id, seconds) = (ledgers.events.id(row), ledgers.events.seconds[row])
        let members = ledgers.events.members[row].map { ledgers.commits[$0].description }.joined(
          separator: " ")
        claim =
          switch ledgers.events.kind(row) {
          case .link: "link \(members)"
          case .revocation: "revoke \(members)"
          case .withdrawal: "withdraw \(ledgers.events.withdrawn(by: row)?.hex ?? "nothing")"
          case .nothing, .newerLink, .newerRevocation, .newerWithdrawal: "newer"
          }
      }
    }

    let events: Set<EventFacts>
    let refused: [RefusedEntry]

    init(events: Set<EventFacts>, refused: [RefusedEntry]) { (self.events, self.refused) = (events, refused) }

    init(_ store: Store) throws {
      let ledgers = try store.ledgers()
      self.init(
        events: Set((0..<ledgers.events.count).map { EventFacts($0, ledgers) }), refused: ledgers.refused)
    }
  }
}
