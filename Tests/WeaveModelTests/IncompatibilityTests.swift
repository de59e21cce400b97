import TestSupport
import Testing
import WeaveModel

@Suite("Revocations of what machines run together")
struct IncompatibilityTests {
  @Test("are those that every way of placing their commits finds", arguments: 0..<40)
  func againstAllPlacements(seed: Int) throws {
    var dice = SeededGenerator(seed: UInt64(seed))
    for _ in 0..<50 {
      let projects = try ["a", "b", "c", "d"].map { try ProjectName($0) }
      func member() -> Member {
        Member(
          project: projects.randomElement(using: &dice)!,
          commit: EventFixtures.commit(Int.random(in: 1...2, using: &dice)))
      }
      var revoked: [Event] = []
      for number in 0..<Int.random(in: 1...3, using: &dice) {
        let drawn = (0..<Int.random(in: 1...4, using: &dice)).map { _ in member() }
        let distinct = Dictionary(drawn.map { ($0.project, $0) }) { first, _ in first }
        revoked.append(
          Event(
            id: EventFixtures.event(number + 1),
            message: EventMessage(
              claim: .revoke(try CommitSet(distinct.values), given: nil), ledger: EventFixtures.ledger),
            author: EventFixtures.author))
      }
      let machines = (0..<4).map { "m\($0)" }
      var running: [String: [ProjectName: CommitID]] = [:]
      for machine in machines {
        for _ in 0..<Int.random(in: 0...3, using: &dice) {
          let member = member()
          running[machine, default: [:]][member.project] = member.commit
        }
      }
      let units =
        Bool.random(using: &dice)
        ? machines.map { [$0] } : [[machines[0], machines[1]], [machines[2]], [machines[3]]]
      let couplings: [[ProjectName]] = (0..<Int.random(in: 0...4, using: &dice)).map { _ in
        Array(projects.shuffled(using: &dice).prefix(Int.random(in: 2...3, using: &dice)))
      }
      let found = revocationsByMachine(
        Compatibility(revoked), running: running, units: units, couplings: couplings)
      let expected = Self.reference(revoked, running: running, units: units, couplings: couplings)
      #expect(found.mapValues { Set($0) } == expected)
    }
  }

  /// Tries every machine of every commit: two commits may be on machines of two units only if their projects are
  /// coupled.
  private static func reference(
    _ revoked: [Event], running: [String: [ProjectName: CommitID]], units: [[String]],
    couplings: [[ProjectName]]
  ) -> [String: Set<EventID>] {
    func areCoupled(_ one: ProjectName, _ other: ProjectName) -> Bool {
      couplings.contains { $0.contains(one) && $0.contains(other) }
    }
    var found: [String: Set<EventID>] = [:]
    for event in revoked {
      guard let members = event.members?.members else { continue }
      var placings: [[Int]] = [[]]
      for member in members {
        let places = units.indices.filter { unit in
          units[unit].contains { running[$0]?[member.project] == member.commit }
        }
        placings = placings.flatMap { placing in places.map { placing + [$0] } }
      }
      for placing in placings {
        let isTogether = members.indices.allSatisfy { one in
          members.indices.allSatisfy { other in
            placing[one] == placing[other] || areCoupled(members[one].project, members[other].project)
          }
        }
        guard isTogether else { continue }
        for machine in placing.flatMap({ units[$0] }) {
          guard members.contains(where: { running[machine]?[$0.project] == $0.commit }) else { continue }
          found[machine, default: []].insert(event.id)
        }
      }
    }
    return found
  }
}
