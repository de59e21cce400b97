import TestSupport
import Testing
import WeaveModel

@Suite("An event of a newer weave")
struct EventNewerTests {
  private static let ledger = "Weave-Ledger: \(EventFixtures.ledger)"
  private static let one = "Weave-Member: a \(EventFixtures.commit(1))"
  private static let two = "Weave-Member: b \(EventFixtures.commit(2))"
  private static let later = "Weave-Until: 2027-01-01"

  private static func message(_ block: String...) throws -> EventMessage {
    try EventMessage(
      parsing: Array(("s\n\nwhy\n\n" + block.joined(separator: "\n") + "\n").utf8), hasEncodingHeader: false)
  }

  private static func event(_ number: Int, _ block: String...) throws -> Event {
    let bytes = Array(("s\n\n" + ([ledger] + block).joined(separator: "\n") + "\n").utf8)
    return Event(
      id: EventFixtures.event(number), message: try EventMessage(parsing: bytes, hasEncodingHeader: false),
      author: EventFixtures.author)
  }

  private static func withdrawal(_ number: Int, of target: Int) throws -> Event {
    try event(number, "Weave-Event: withdraw", "Weave-Withdraws: \(EventFixtures.event(target))", later)
  }

  @Test(arguments: ["Weave-Until: x", "Weave-until: x", "Signed-off-by: Joe", "X: y: z", "2-b: \u{301}"])
  func `is well laid out, and has a key that is not known here`(line: String) throws {
    let message = try Self.message("Weave-Event: revoke", Self.ledger, line, Self.one, line)
    #expect(message.newer?.kind == "revoke")
    #expect(message.newer?.keys == [String(line.split(separator: ":")[0])])
    #expect(message.claim == .revoke(EventFixtures.set("a1"), given: nil))
    #expect(message.text == "why")
  }

  @Test(arguments: ["Link", "reinstate", "link revoke", "quarantine"])
  func `is well laid out, and of a kind that is not known here`(kind: String) throws {
    let message = try Self.message("Weave-Event: \(kind)", Self.ledger, Self.one, Self.two)
    #expect(message.newer?.kind == kind)
    #expect(message.newer?.keys == [])
    #expect(message.claim == .revoke(EventFixtures.set("a1 b2"), given: nil))
  }

  @Test(arguments: [
    ["Weave-Until:x"], ["Weave-Until: "], ["Weave-Until: x "], ["Weave-Until"], [": x"], ["Weave Until: x"],
    ["weave-member: x"], ["Wëave: x"], ["Weave-Until: x", "Weave-Member: b"],
    ["Weave-Until: x", "Weave-Member: a \(EventFixtures.commit(1))"],
    ["Weave-Until: x", "Weave-Event: revoke"], ["Weave-Until: x", "Weave-Ledger: \(EventFixtures.ledger)"],
  ])
  func `is none where it is not well laid out`(lines: [String]) {
    #expect(throws: MalformedEvent.self) {
      let block = ["Weave-Event: revoke", Self.ledger, Self.one] + lines
      _ = try EventMessage(
        parsing: Array(("s\n\n" + block.joined(separator: "\n") + "\n").utf8), hasEncodingHeader: false)
    }
  }

  @Test func `is never written`() throws {
    let message = try Self.message("Weave-Event: revoke", Self.ledger, Self.one, Self.later)
    #expect(throws: UnwritableEvent.self) { _ = try message.encoded() }
  }

  @Test(arguments: ["revoke", "quarantine"])
  func `that names members counts as their revocation, until it is taken back`(kind: String) throws {
    let revocation = try Self.event(2, "Weave-Event: \(kind)", Self.one, Self.two, Self.later)
    let link = EventFixtures.link(1, "a1 b2 c3")
    let state = Compatibility([link, revocation])
    #expect(state.isUnfit(EventFixtures.set("a1 b2")))
    #expect(state.livePairs == [EventFixtures.pair("a1 c3"), EventFixtures.pair("b2 c3")])
    #expect(state.counts(revocation.id))
    #expect(
      revocation.revocationSentence.hasSuffix("(by a newer weave; upgrade, or `--ignore-newer 02eeeee`)"))
    #expect(
      !Compatibility([link, revocation, EventFixtures.withdraw(3, 2)]).isUnfit(EventFixtures.set("a1 b2")))
  }

  @Test(arguments: ["quarantine", "revoke"]) func `that names no members counts for nothing`(kind: String)
    throws
  {
    let event = try Self.event(
      2, "Weave-Event: \(kind)", "Weave-Withdraws: \(EventFixtures.event(1))", Self.later)
    let state = Compatibility([EventFixtures.link(1, "a1 b2"), event])
    #expect(state.livePairs == [EventFixtures.pair("a1 b2")])
    #expect(!state.counts(event.id))
  }

  @Test func `that is a link counts for nothing, and so makes nothing live`() throws {
    let link = try Self.event(1, "Weave-Event: link", Self.one, Self.two, Self.later)
    let state = Compatibility([link])
    #expect(state.livePairs == [] && !state.counts(link.id) && state.countingLinkCount == 0)
    #expect(state.links(naming: try ProjectName("a"), commit: nil) == [])
    #expect(state.events.count == 1, "and is there all the same")
  }

  @Test func `that takes back a link counts`() throws {
    let state = Compatibility([EventFixtures.link(1, "a1 b2"), try Self.withdrawal(2, of: 1)])
    #expect(state.livePairs == [])
    #expect(state.standing(of: EventFixtures.event(1)) == .withdrawn(by: [EventFixtures.event(2)]))
  }

  @Test func `that takes back anything else counts for nothing`() throws {
    let revocations = [
      EventFixtures.revoke(1, "a1"), try Self.event(1, "Weave-Event: quarantine", Self.one),
      try Self.event(1, "Weave-Event: revoke", Self.one, Self.later),
    ]
    for revocation in revocations {
      let state = Compatibility([revocation, try Self.withdrawal(2, of: 1)])
      #expect(state.isUnfit(EventFixtures.set("a1")))
      #expect(!state.counts(EventFixtures.event(2)))
    }
    let link = EventFixtures.link(1, "a1 b2")
    let state = Compatibility([link, EventFixtures.withdraw(2, 1), try Self.withdrawal(3, of: 2)])
    #expect(state.livePairs == [])
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `among any others is read on the safe side: the reference with the rest left out says the same`(
    seed: UInt64
  ) throws {
    typealias Universe = CompatibilityUniverse
    var generator = SeededGenerator(seed: seed)
    for round in 0..<500 {
      let claims = CompatibilityPropertyTests.claims(using: &generator)
      let newer = Set(claims.keys.filter { _ in Bool.random(using: &generator) })
      let events = try claims.map { id, claim in
        let event = Universe.event(id, claim)
        guard newer.contains(id) else { return event }
        let bytes = try event.message.encoded() + Array("\(Self.later)\n".utf8)
        return Event(
          id: event.id, message: try EventMessage(parsing: bytes, hasEncodingHeader: false),
          author: event.author)
      }
      let understood = claims.filter { id, claim in
        guard newer.contains(id) else { return true }
        switch claim {
        case .revoke: return true
        case .link: return false
        case .withdraw(let target):
          if case .link? = claims[target] { return !newer.contains(target) }
          return false
        }
      }
      let (state, reference) = (
        Compatibility(events.shuffled(using: &generator)), CompatibilityReference(events: understood)
      )
      let isSame =
        Universe.ids.indices.allSatisfy { state.counts(Universe.ids[$0]) == reference.counts($0) }
        && Universe.all.allSatisfy {
          state.isUnfit(Universe.sets[$0]!) == !reference.revocations(against: $0).isEmpty
        }
        && Set(state.livePairs)
          == Set(Universe.pairs.filter(reference.isLive).map { Universe.sets[$0]!.pairs[0] })
      guard isSame else {
        Issue.record("seed \(seed), round \(round), of \(claims), newer \(newer)")
        return
      }
    }
  }
}
