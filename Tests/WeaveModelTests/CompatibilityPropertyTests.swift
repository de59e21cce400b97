import TestSupport
import Testing
import WeaveModel

@Suite("Any set of events")
struct CompatibilityPropertyTests {
  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `gives one state, in any order, from any ledgers, any number of times`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for round in 0..<2_500 {
      let claims = Self.claims(using: &generator)
      let events = claims.map { CompatibilityUniverse.event($0.key, $0.value) }
      let reference = CompatibilityReference(events: claims)
      let state = Compatibility(Self.gathered(events, using: &generator))
      guard let difference = Self.difference(state, reference, using: &generator) else { continue }
      Issue.record("seed \(seed), round \(round): \(difference), of \(claims)")
      return
    }
  }

  static func claims(using generator: inout SeededGenerator) -> [Int: CompatibilityReference.Claim] {
    // Few commits in play make it likely that events speak of the same ones.
    let pool = CompatibilityUniverse.all.shuffled(using: &generator).prefix(
      Int.random(in: 2...8, using: &generator))
    let links = pool.filter { $0.nonzeroBitCount > 1 }
    let ids = (0..<14).shuffled(using: &generator).prefix(Int.random(in: 0...12, using: &generator))
    return Dictionary(
      uniqueKeysWithValues: ids.map { id in
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<4: (id, .link(links.randomElement(using: &generator) ?? CompatibilityUniverse.pairs[0]))
        case 4..<7: (id, .revoke(subset(of: pool.randomElement(using: &generator)!, using: &generator)))
        default: (id, .withdraw(Int.random(in: 0..<16, using: &generator)))
        }
      })
  }

  private static func subset(of bits: UInt16, using generator: inout SeededGenerator) -> UInt16 {
    let part = bits & UInt16.random(in: .min ... .max, using: &generator)
    return part == 0 || Bool.random(using: &generator) ? bits : part
  }

  /// The events as they come from up to four ledgers that overlap, each shuffled, in some order, some twice.
  private static func gathered(_ events: [Event], using generator: inout SeededGenerator) -> [Event] {
    var ledgers = Array(repeating: [Event](), count: Int.random(in: 1...4, using: &generator))
    for event in events {
      for _ in 0...(Int.random(in: 0..<4, using: &generator) == 0 ? 2 : 0) {
        ledgers[Int.random(in: ledgers.indices, using: &generator)].append(event)
      }
    }
    return ledgers.shuffled(using: &generator).flatMap { $0.shuffled(using: &generator) }
  }

  /// The first question to which the two answer differently; nil when there is none.
  private static func difference(
    _ state: Compatibility, _ reference: CompatibilityReference, using generator: inout SeededGenerator
  ) -> String? {
    typealias Universe = CompatibilityUniverse
    func ids(_ numbers: [Int]) -> [EventID] { numbers.map { Universe.ids[$0] } }
    for number in Universe.ids.indices where state.counts(Universe.ids[number]) != reference.counts(number) {
      return "counts \(number)"
    }
    for number in Universe.ids.indices
    where state.withdrawals(of: Universe.ids[number]) != ids(reference.withdrawals(of: number)) {
      return "withdrawals of \(number)"
    }
    let live = Universe.pairs.filter(reference.isLive)
    if Set(state.livePairs) != Set(live.map { Universe.sets[$0]!.pairs[0] })
      || state.livePairs.count != live.count
    {
      return "live pairs"
    }
    for bits in Universe.pairs.shuffled(using: &generator).prefix(6)
    where state.isLive(Universe.sets[bits]!.pairs[0]) != reference.isLive(bits) {
      return "live \(Universe.sets[bits]!)"
    }
    for bits in Universe.all.shuffled(using: &generator).prefix(12) {
      let against = ids(reference.revocations(against: bits))
      let set = Universe.sets[bits]!
      if state.revocations(against: set) != against { return "revocations against \(set)" }
      if state.isUnfit(set) == against.isEmpty { return "unfit \(set)" }
    }
    for (number, claim) in reference.events {
      guard case .link(let bits) = claim else { continue }
      let pairs = Universe.pairs.filter { $0 & ~bits == 0 }
      let expected: Compatibility.LinkStanding =
        switch reference.standing(number, set: bits, pairs: pairs) {
        case .live: .live
        case .partly: .partly
        case .revoked(let by): .revoked(by: ids(by))
        case .withdrawn(let by): .withdrawn(by: ids(by))
        }
      if state.standing(of: Universe.ids[number]) != expected { return "standing of \(number)" }
    }
    let misdirected = reference.events.keys.filter(reference.isMisdirected).sorted()
    return state.misdirectedWithdrawals == ids(misdirected) ? nil : "misdirected withdrawals"
  }
}
