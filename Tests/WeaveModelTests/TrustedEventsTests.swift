import TestSupport
import Testing
import WeaveModel

@Suite("The events that a constellation's trust leaves")
struct TrustedEventsTests {
  typealias Fixture = EventFixtures

  /// What is left of `events` when each is signed as `signers` says, by the events' numbers.
  private func state(
    _ events: [Event], signers: [Int: String], trusting trusted: [String] = ["ci"], atLeast: Int = 1,
    copies: [Int: Int] = [:]
  ) -> Compatibility {
    let (trusted, commits) = Self.trusted(
      events, Trust(signers: trusted, atLeast: atLeast), signers: signers, copies: copies)
    return Compatibility(trusted.events, commits)
  }

  /// `copies` says of which other event one is another spelling.
  static func trusted(
    _ events: [Event], _ trust: Trust, signers: [Int: String], copies: [Int: Int] = [:]
  ) -> (TrustedEvents, CommitTable) {
    var (table, commits) = (EventTable(), CommitTable())
    for event in events { table.append(event, commits: &commits) }
    func number(_ row: Int) -> Int { Int(table.id(row).bytes[0]) }
    let trusted = TrustedEvents(
      of: table, trust: trust, principal: { signers[number($0)] },
      content: { Fixture.event(copies[number($0)] ?? number($0)) })
    return (trusted, commits)
  }

  @Test func `a link counts when somebody who is trusted has signed it`() {
    let link = Fixture.link(1, "a1 b1")
    let pair = Fixture.pair("a1 b1")
    #expect(state([link], signers: [1: "ci"]).isLive(pair))
    #expect(!state([link], signers: [1: "joe"]).isLive(pair))
    #expect(!state([link], signers: [:]).isLive(pair))
  }

  @Test func `two links of the same commits have two signers, and one signer twice is one`() {
    let links = [Fixture.link(1, "a1 b1"), Fixture.link(2, "a1 b1")]
    func isLive(_ signers: [Int: String]) -> Bool {
      state(links, signers: signers, trusting: ["ci", "ann"], atLeast: 2).isLive(Fixture.pair("a1 b1"))
    }
    #expect(isLive([1: "ci", 2: "ann"]))
    #expect(!isLive([1: "ci", 2: "ci"]))
    #expect(!isLive([1: "ci", 2: "joe"]))
  }

  @Test func `links of other commits do not help each other to signers`() {
    let links = [Fixture.link(1, "a1 b1"), Fixture.link(2, "a1 b1 c1")]
    let state = state(links, signers: [1: "ci", 2: "ann"], trusting: ["ci", "ann"], atLeast: 2)
    #expect(state.livePairs.isEmpty)
  }

  @Test func `a revocation counts whoever made it, and so does the withdrawal of a link`() {
    let events = [
      Fixture.link(1, "a1 b1"), Fixture.link(2, "a2 b2"), Fixture.revoke(3, "a1"), Fixture.withdraw(4, 2),
    ]
    #expect(state(events, signers: [1: "ci", 2: "ci"]).livePairs.isEmpty)
  }

  @Test func `a revocation stays until somebody who is trusted takes it back`() {
    let events = [Fixture.link(1, "a1 b1"), Fixture.revoke(2, "a1"), Fixture.withdraw(3, 2)]
    #expect(!state(events, signers: [1: "ci", 3: "joe"]).isLive(Fixture.pair("a1 b1")))
    #expect(state(events, signers: [1: "ci", 3: "ci"]).isLive(Fixture.pair("a1 b1")))
  }

  @Test func `the signers of all withdrawals of one revocation count together`() {
    let events = [
      Fixture.link(1, "a1 b1"), Fixture.link(2, "a1 b1"), Fixture.revoke(3, "a1"), Fixture.withdraw(4, 3),
      Fixture.withdraw(5, 3),
    ]
    func isUnfit(_ signers: [Int: String]) -> Bool {
      let all = signers.merging([1: "ci", 2: "ann"]) { own, _ in own }
      return state(events, signers: all, trusting: ["ci", "ann"], atLeast: 2).isUnfit(Fixture.set("a1"))
    }
    #expect(isUnfit([4: "ci"]) && isUnfit([4: "ci", 5: "ci"]))
    #expect(!isUnfit([4: "ci", 5: "ann"]))
  }

  @Test func `the signature of a link that was withdrawn counts for no other link`() {
    let events = [Fixture.link(1, "a1 b1"), Fixture.withdraw(2, 1), Fixture.link(3, "a1 b1")]
    #expect(state(events, signers: [1: "ci", 3: "joe"]).livePairs.isEmpty)
    #expect(state(events, signers: [1: "joe", 3: "ci"]).livePairs.count == 1)
  }

  @Test func `another spelling of a signature does not bring back the link that was withdrawn`() {
    let events = [Fixture.link(1, "a1 b1"), Fixture.withdraw(2, 1), Fixture.link(3, "a1 b1")]
    #expect(state(events, signers: [1: "ci", 3: "ci"], copies: [3: 1]).livePairs.isEmpty)
    #expect(state(events, signers: [1: "ci", 3: "ci"]).livePairs.count == 1)
  }

  @Test
  func
    `a principal is the one that was trusted to the byte, and not another spelling of the same characters`()
  {
    let (composed, decomposed) = ("ann\u{E9}@x", "anne\u{301}@x")
    let events = [Fixture.link(1, "a1 b1")]
    #expect(state(events, signers: [1: composed], trusting: [composed]).livePairs.count == 1)
    #expect(state(events, signers: [1: decomposed], trusting: [composed]).livePairs.isEmpty)
  }

  @Test func `what is left out is told, and what is withdrawn anyway is not`() {
    let events = [
      Fixture.link(1, "a1 b1"), Fixture.link(2, "a2 b2"), Fixture.withdraw(3, 2), Fixture.revoke(4, "c1"),
      Fixture.withdraw(5, 4), Fixture.withdraw(6, 9),
    ]
    let (trusted, _) = Self.trusted(events, Trust(signers: ["ci"]), signers: [:])
    #expect(trusted.leftOutLinks == [0])
    #expect(trusted.leftOutWithdrawals == [4])
    #expect(trusted.events.count == 4)
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func `fewer pairs are live and more sets unfit than without trust, for any events`(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    typealias Universe = CompatibilityUniverse
    for round in 0..<400 {
      let claims = CompatibilityPropertyTests.claims(using: &generator)
      let names = ["ci", "ann", "joe", nil]
      var signers: [Int: String] = [:]
      for id in claims.keys.sorted() { signers[id] = names.randomElement(using: &generator) ?? nil }
      let trust = Trust(signers: ["ci", "ann"], atLeast: Int.random(in: 1...2, using: &generator))
      let events = claims.map { Universe.event($0.key, $0.value) }.shuffled(using: &generator)
      let plain = Compatibility(events)
      let (trusted, commits) = Self.trusted(events, trust, signers: signers)
      let state = Compatibility(trusted.events, commits)
      let (live, liveWithTrust) = (Set(plain.livePairs), Set(state.livePairs))
      let grown = Universe.sets.values.filter { plain.isUnfit($0) && !state.isUnfit($0) }
      let reference = CompatibilityReference(events: Self.trusted(claims, trust, signers))
      let expected = Set(Universe.pairs.filter(reference.isLive).map { Universe.sets[$0]!.pairs[0] })
      let unfit = Universe.all.filter { state.isUnfit(Universe.sets[$0]!) }
      guard liveWithTrust.isSubset(of: live), grown.isEmpty, liveWithTrust == expected,
        unfit == Universe.all.filter({ !reference.revocations(against: $0).isEmpty })
      else {
        Issue.record("seed \(seed), round \(round), of \(claims), signed \(signers), \(trust)")
        return
      }
    }
  }

  /// The rule as the guide says it, as slowly as it reads.
  private static func trusted(
    _ claims: [Int: CompatibilityReference.Claim], _ trust: Trust, _ signers: [Int: String]
  ) -> [Int: CompatibilityReference.Claim] {
    func isTrusted(_ ids: [Int]) -> Bool {
      Set(ids.compactMap { signers[$0] }).intersection(trust.signers).count >= trust.atLeast
    }
    func isWithdrawn(_ id: Int) -> Bool { claims.values.contains(.withdraw(id)) }
    return claims.filter { id, claim in
      switch claim {
      case .revoke: return true
      case .link:
        return isWithdrawn(id) || isTrusted(claims.keys.filter { claims[$0] == claim && !isWithdrawn($0) })
      case .withdraw(let target):
        guard case .revoke? = claims[target] else { return true }
        return isTrusted(claims.keys.filter { claims[$0] == claim })
      }
    }
  }

  @Test
  func
    `a link that was withdrawn or revoked is one of those that were trusted once, and only of enough signers`()
  {
    let events = [
      Fixture.link(1, "a1 b1"), Fixture.link(2, "a2 b2"), Fixture.link(3, "a3 b3"), Fixture.link(4, "a4 b4"),
      Fixture.withdraw(5, 1), Fixture.revoke(6, "a2 b2"), Fixture.withdraw(7, 3),
    ]
    var (table, commits) = (EventTable(), CommitTable())
    for event in events { table.append(event, commits: &commits) }
    let signers = [1: "ci", 2: "ci", 3: "joe", 5: "ci"]
    let once = table.linksOnceTrusted(Trust(signers: ["ci"])) { signers[Int(table.id($0).bytes[0])] }
    #expect(
      Compatibility(once, commits).livePairs == [Fixture.pair("a1 b1"), Fixture.pair("a2 b2")].sorted())
    let standing = Compatibility(table.standingLinks(), commits)
    #expect(standing.livePairs == [Fixture.pair("a2 b2"), Fixture.pair("a4 b4")].sorted())
  }
}
