import TestSupport
import Testing
import WeaveModel

/// One test for each line of the design's section on the algebra.
@Suite("The state of a set of events")
struct CompatibilityTests {
  private typealias Fixtures = EventFixtures

  private func state(_ events: Event...) -> Compatibility { Compatibility(events) }

  private func isLive(_ pair: String, _ events: Event...) -> Bool {
    Compatibility(events).isLive(Fixtures.pair(pair))
  }

  @Test func `of no events holds nothing, and forbids nothing`() {
    let state = state()
    #expect(state.livePairs.isEmpty)
    #expect(!state.isUnfit(Fixtures.set("a1 b1")))
    #expect(!state.counts(Fixtures.event(1)))
  }

  @Test func `makes every pair of a link live`() {
    let state = state(Fixtures.link(1, "a1 b1 c1"))
    #expect(state.livePairs == ["a1 b1", "a1 c1", "b1 c1"].map(Fixtures.pair))
    #expect(state.standing(of: Fixtures.event(1)) == .live)
    #expect(!state.isLive(Fixtures.pair("a1 b2")))
  }

  @Test func `does not make links transitive`() {
    #expect(!isLive("a1 c1", Fixtures.link(1, "a1 b1"), Fixtures.link(2, "b1 c1")))
  }

  @Test func `does not count what a withdrawal names`() {
    let state = state(Fixtures.link(1, "a1 b1"), Fixtures.withdraw(2, 1))
    #expect(!state.counts(Fixtures.event(1)))
    #expect(state.counts(Fixtures.event(2)))
    #expect(!state.isLive(Fixtures.pair("a1 b1")))
    #expect(state.standing(of: Fixtures.event(1)) == .withdrawn(by: [Fixtures.event(2)]))
  }

  @Test func `does not count a link whose very set is revoked`() throws {
    let revocation = Fixtures.revoke(2, "a1 b1 c1", given: 1)
    let state = state(Fixtures.link(1, "a1 b1 c1"), revocation)
    #expect(!state.counts(Fixtures.event(1)))
    #expect(state.livePairs.isEmpty)
    #expect(state.standing(of: Fixtures.event(1)) == .revoked(by: [revocation.id]))
    #expect(state.links(holding: Fixtures.pair("a1 b1")).isEmpty)
    #expect(try state.links(naming: ProjectName("a"), commit: nil) == [Fixtures.event(1)])
  }

  @Test func `keeps the pairs that other links hold when a set is revoked`() {
    let state = state(Fixtures.link(1, "a1 b1 c1"), Fixtures.link(2, "a1 b1"), Fixtures.revoke(3, "a1 b1 c1"))
    #expect(state.livePairs == [Fixtures.pair("a1 b1")])
    #expect(state.isUnfit(Fixtures.set("a1 b1 c1")))
    #expect(!state.isUnfit(Fixtures.set("a1 b1")))
  }

  @Test func `keeps the other pairs of a link of three when one pair is revoked`() {
    let state = state(Fixtures.link(1, "a1 b1 c1"), Fixtures.revoke(2, "a1 b1"))
    #expect(state.livePairs == ["a1 c1", "b1 c1"].map(Fixtures.pair))
    #expect(state.standing(of: Fixtures.event(1)) == .partly)
    #expect(state.isUnfit(Fixtures.set("a1 b1 c2")))
  }

  @Test func `kills every pair of a commit that is revoked alone`() {
    let state = state(Fixtures.link(1, "a1 b1"), Fixtures.link(2, "a2 b1"), Fixtures.revoke(3, "a1"))
    #expect(state.livePairs == [Fixtures.pair("a2 b1")])
    #expect(state.standing(of: Fixtures.event(1)) == .revoked(by: [Fixtures.event(3)]))
    #expect(state.isUnfit(Fixtures.set("a1")))
  }

  @Test func `lets a revocation win over a link made before or after it`() {
    #expect(
      !isLive("a1 b1", Fixtures.link(1, "a1 b1"), Fixtures.revoke(2, "a1 b1"), Fixtures.link(3, "a1 b1")))
  }

  @Test func `needs every revocation withdrawn before a pair is live again`() {
    let events = [Fixtures.link(1, "a1 b1"), Fixtures.revoke(2, "a1 b1"), Fixtures.revoke(3, "b1")]
    #expect(!Compatibility(events + [Fixtures.withdraw(4, 2)]).isLive(Fixtures.pair("a1 b1")))
    let both = Compatibility(events + [Fixtures.withdraw(4, 2), Fixtures.withdraw(5, 3)])
    #expect(both.isLive(Fixtures.pair("a1 b1")))
    #expect(both.countingRevocations.isEmpty)
    #expect(both.countingLinks == [Fixtures.event(1)])
  }

  @Test func `does not change by the link that a revocation was given by`() {
    let link = Fixtures.link(1, "a1 b1")
    let elsewhere = Fixtures.revoke(2, "a2 b2", given: 1)
    #expect(isLive("a1 b1", link, elsewhere))
    #expect(!isLive("a1 b1", link, Fixtures.revoke(2, "a1 b1", given: 9)))
  }

  @Test func `has no way to withdraw a withdrawal`() {
    let state = state(Fixtures.link(1, "a1 b1"), Fixtures.withdraw(2, 1), Fixtures.withdraw(3, 2))
    #expect(!state.isLive(Fixtures.pair("a1 b1")))
    #expect(state.counts(Fixtures.event(2)))
    #expect(!state.counts(Fixtures.event(3)))
    #expect(state.misdirectedWithdrawals == [Fixtures.event(3)])
    #expect(state.withdrawals(of: Fixtures.event(2)).isEmpty)
    #expect(
      isLive("a1 b1", Fixtures.link(1, "a1 b1"), Fixtures.withdraw(2, 1), Fixtures.link(4, "a1 b1")),
      "linking again does it")
  }

  @Test func `lets a withdrawal wait for an event that is not here yet`() {
    let early = state(Fixtures.withdraw(2, 1))
    #expect(early.counts(Fixtures.event(2)))
    #expect(early.misdirectedWithdrawals.isEmpty)
    #expect(early.withdrawals(of: Fixtures.event(1)) == [Fixtures.event(2)])
    #expect(!isLive("a1 b1", Fixtures.withdraw(2, 1), Fixtures.link(1, "a1 b1")))
  }

  @Test func `takes an event given twice as one`() {
    let link = Fixtures.link(1, "a1 b1")
    let state = state(link, link)
    #expect(state.events.count == 1)
    #expect(state.countingLinks == [link.id])
    #expect(state.links(holding: Fixtures.pair("a1 b1")) == [link.id])
  }

  @Test func `lists revocations by their authors' clocks, then by id`() {
    let events = [
      Fixtures.event(3, .revoke(Fixtures.set("a1"), given: nil), seconds: 5),
      Fixtures.event(2, .revoke(Fixtures.set("b1"), given: nil), seconds: 9),
      Fixtures.event(1, .revoke(Fixtures.set("a1 b1"), given: nil), seconds: 9),
    ]
    #expect(
      Compatibility(events).revocations(against: Fixtures.set("a1 b1 c1"))
        == [3, 1, 2].map { Fixtures.event($0) })
  }

  @Test func `finds links by project and by commit`() throws {
    let state = state(Fixtures.link(1, "a1 b1"), Fixtures.link(2, "a2 c1"))
    let a = try ProjectName("a")
    #expect(state.links(naming: a, commit: nil) == [1, 2].map { Fixtures.event($0) })
    #expect(state.links(naming: a, commit: Fixtures.commit(2)) == [Fixtures.event(2)])
    #expect(state.links(naming: a, commit: Fixtures.commit(3)).isEmpty)
    #expect(state.livePairs == ["a1 b1", "a2 c1"].map(Fixtures.pair))
  }

  @Test func `is quick to find for many events`() throws {
    let projects = try (0..<4).map { try ProjectName("project\($0)") }
    func commit(_ number: Int) -> CommitID {
      CommitID(bytes: (0..<20).map { UInt8(truncatingIfNeeded: number >> (8 * min($0, 3))) })!
    }
    let events = try (0..<10_000).map { number in
      let set = try CommitSet(
        projects.prefix(2 + number % 3).map { Member(project: $0, commit: commit(number)) })
      return Event(
        id: EventID(bytes: commit(number).bytes)!,
        message: EventMessage(
          claim: number % 10 == 0 ? .revoke(set, given: nil) : .link(set), ledger: Fixtures.ledger),
        author: Fixtures.author)
    }
    let seconds = cpuSeconds {
      let state = Compatibility(events)
      #expect(state.countingLinks.count == 9_000)
      let ofFirstTwo = state.livePairs.count {
        $0.first.project == projects[0] && $0.second.project == projects[1]
      }
      #expect(ofFirstTwo == 9_000)
    }
    #expect(seconds < 30)
  }
}
