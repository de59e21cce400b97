import Testing
import WeaveModel

@Suite("What is offered for rewritten commits")
struct RelinksTests {
  private typealias Fixtures = EventFixtures

  private func member(_ text: String) -> Member { Fixtures.set(text).members[0] }

  /// What is offered where `rewritten`, such as `a1>a2`, have their successors by equal tree, by patch-id where it is
  /// `a1~a2`, and none where it is `a1`. Commits 3 apart have the same tree.
  private func relinks(_ rewritten: String, _ events: Event...) -> Relinks {
    var (members, successors): (Set<Member>, [Member: Successor]) = ([], [:])
    for word in rewritten.split(separator: " ") {
      let parts = word.split(whereSeparator: { ">~".contains($0) }).map(String.init)
      members.insert(member(parts[0]))
      guard parts.count > 1 else { continue }
      successors[member(parts[0])] = Successor(
        commit: member(parts[1]).commit,
        proof: word.contains(">") ? .tree(TreeID(words: (0, 0, 1))) : .patchID("p"))
    }
    return Compatibility(events).relinks(of: members, successors: successors) { member in
      TreeID(words: (0, 0, UInt32(member.commit.bytes[0] % 3)))
    }
  }

  private func sets(_ offers: [RelinkOffer]) -> [CommitSet] { offers.map(\.successors) }

  @Test func `is each event with its successors in the place of what was rewritten`() {
    let found = relinks("a1>a4 b1>b4", Fixtures.link(1, "a1 b1 c1"), Fixtures.link(2, "a2 b2"))
    #expect(sets(found.offers) == [Fixtures.set("a4 b4 c1")])
    #expect(found.offers[0].event == Fixtures.event(1))
    #expect(found.offers[0].replacements.map(\.rewritten) == Fixtures.set("a1 b1").members)
    #expect(found.offers[0].isCertain)
  }

  @Test func `is uncertain where one of the successors is`() {
    #expect(!relinks("a1>a4 b1~b2", Fixtures.link(1, "a1 b1")).offers[0].isCertain)
  }

  @Test func `puts the revocations first`() {
    let found = relinks("a1>a4", Fixtures.link(1, "a1 b1"), Fixtures.revoke(2, "a1 c1"))
    #expect(found.offers.map(\.isRevocation) == [true, false])
  }

  @Test func `refuses a link of what is unfit`() {
    let found = relinks("a1~a2", Fixtures.link(1, "a1 b1"), Fixtures.revoke(2, "a1"))
    #expect(sets(found.offers) == [Fixtures.set("a2")])
    #expect(found.refused.map(\.offer.successors) == [Fixtures.set("a2 b1")])
    #expect(found.refused[0].revocations == [Fixtures.event(2)])
  }

  @Test func `refuses a link whose successors share their trees with what is unfit`() {
    let found = relinks("b1>b4", Fixtures.link(1, "a1 b1"), Fixtures.revoke(2, "a7"))
    #expect(found.offers.isEmpty)
    #expect(found.refused.map(\.revocations) == [[Fixtures.event(2)]])
  }

  @Test func `passes over a link whose successors are unfit already`() {
    let found = relinks("a1~a2", Fixtures.link(1, "a1 b1"), Fixtures.revoke(2, "a2 b1"))
    #expect(found.offers.isEmpty && found.refused.isEmpty)
  }

  @Test func `refuses a link of what an offered revocation is against`() {
    let found = relinks("a1~a3 a2~a3", Fixtures.link(1, "a1 b1"), Fixtures.revoke(2, "a2"))
    #expect(sets(found.offers) == [Fixtures.set("a3")])
    #expect(found.refused.map(\.offer.event) == [Fixtures.event(1)])
  }

  @Test func `is nothing for an event that does not count`() {
    let found = relinks(
      "a1>a4", Fixtures.link(1, "a1 b1"), Fixtures.withdraw(2, 1), Fixtures.revoke(3, "a1 c1"),
      Fixtures.withdraw(4, 3))
    #expect(found.offers.isEmpty && found.refused.isEmpty && found.withoutSuccessor.isEmpty)
  }

  @Test func `is nothing that was said before, nor what was withdrawn since`() {
    #expect(relinks("a1>a4", Fixtures.link(1, "a1 b1"), Fixtures.link(2, "a4 b1")).offers.isEmpty)
    #expect(relinks("a1>a4", Fixtures.link(1, "a1 b1"), Fixtures.link(2, "a4 b1 c1")).offers.isEmpty)
    let withdrawn = relinks(
      "a1>a4", Fixtures.link(1, "a1 b1"), Fixtures.link(2, "a4 b1"), Fixtures.withdraw(3, 2))
    #expect(withdrawn.offers.isEmpty)
    #expect(relinks("a1>a4", Fixtures.revoke(1, "a1 b1"), Fixtures.revoke(2, "a4")).offers.isEmpty)
    let reinstated = relinks(
      "a1>a4", Fixtures.revoke(1, "a1"), Fixtures.revoke(2, "a4"), Fixtures.withdraw(3, 2))
    #expect(reinstated.offers.isEmpty)
  }

  @Test func `is one offer for two events of the same successors`() {
    let found = relinks("a1>a7 a4>a7", Fixtures.link(1, "a1 b1"), Fixtures.link(2, "a4 b1"))
    #expect(found.offers.map(\.event) == [Fixtures.event(1)])
  }

  @Test func `names what has no successor, and offers no part of it`() {
    let found = relinks("a1>a4 b1", Fixtures.link(1, "a1 b1"), Fixtures.link(2, "a1 c1"))
    #expect(found.offers.map(\.event) == [Fixtures.event(2)])
    #expect(found.withoutSuccessor == [Fixtures.event(1)])
  }
}

@Suite("Revocations of commits with the same trees")
struct EqualTreesTests {
  private typealias Fixtures = EventFixtures

  /// Commits 3 apart have the same tree; that of a commit 9 is not known.
  private func tree(_ member: Member) -> TreeID? {
    let number = member.commit.bytes[0]
    return number == 9 ? nil : TreeID(words: (0, 0, UInt32(number % 3)))
  }

  private func found(_ set: String, _ events: Event...) -> [EventID] {
    Compatibility(events).revocations(sharingTreesWith: Fixtures.set(set)) { tree($0) }
  }

  @Test func `are those of other commits that hold the same`() {
    #expect(found("a4 b1", Fixtures.revoke(1, "a1")) == [Fixtures.event(1)])
    #expect(found("a4 b1", Fixtures.revoke(1, "a1 b1")) == [Fixtures.event(1)])
    #expect(found("a4 b4", Fixtures.revoke(1, "a1 b1")) == [Fixtures.event(1)])
  }

  @Test func `are not those of the commits themselves, nor of more than the set`() {
    #expect(found("a1 b1", Fixtures.revoke(1, "a1 b1")).isEmpty)
    #expect(found("a4 b1", Fixtures.revoke(1, "a1 b1 c1")).isEmpty)
    #expect(found("a4 b2", Fixtures.revoke(1, "a1 b1")).isEmpty)
    #expect(found("a4 b1", Fixtures.revoke(1, "a1"), Fixtures.withdraw(2, 1)).isEmpty)
  }

  @Test func `are not of another project with that tree, and not of a tree that is not known`() {
    #expect(found("a4 b2", Fixtures.revoke(1, "b1")).isEmpty)
    #expect(found("a6 b1", Fixtures.revoke(1, "a9")).isEmpty)
  }

  @Test func `on machines follow units and couplings as those of the commits do`() throws {
    let state = Compatibility([Fixtures.revoke(1, "a1 b1")])
    func found(_ a: Int, _ b: Int, units: [[String]], couplings: [[ProjectName]] = []) throws -> [String:
      [EventID]]
    {
      revocationsSharingTreesByMachine(
        state,
        running: [
          "m": [try ProjectName("a"): Fixtures.commit(a)], "n": [try ProjectName("b"): Fixtures.commit(b)],
        ], units: units, couplings: couplings
      ) { tree($0) }
    }
    let both = ["m": [Fixtures.event(1)], "n": [Fixtures.event(1)]]
    let coupled = [[try ProjectName("a"), try ProjectName("b")]]
    #expect(try found(4, 1, units: [["m", "n"]]) == both)
    #expect(try found(4, 1, units: [["m"], ["n"]]) == [:])
    #expect(try found(4, 1, units: [["m"], ["n"]], couplings: coupled) == both)
    #expect(try found(1, 1, units: [["m", "n"]]) == [:])
    #expect(try found(5, 1, units: [["m", "n"]]) == [:])
  }
}
