import Testing
import WeaveModel

@Suite struct DriftComplianceTests {
  private static func comparison(_ drift: ProjectDrift, _ number: Int, isHeld: Bool = false)
    -> ProjectComparison
  {
    let (wanted, had) = (commit(number, 0), commit(number, 1))
    return ProjectComparison(
      project: project(number), wanted: drift == .extra ? nil : wanted, had: drift == .missing ? nil : had,
      isDirty: drift == .dirty, relation: CommitRelation(rawValue: drift.rawValue), isHeld: isHeld)
  }

  @Test(arguments: ProjectDrift.allCases)
  func `A comparison has the drift that it was made for`(drift: ProjectDrift) {
    #expect(Self.comparison(drift, 1).drift == drift)
  }

  @Test func `Of a project the first word that applies counts`() {
    let (wanted, had) = (commit(1, 0), commit(1, 1))
    func drift(
      _ wanted: CommitID?, _ had: CommitID?, dirty: Bool = false, _ relation: CommitRelation? = nil
    ) -> ProjectDrift {
      ProjectComparison(project: project(1), wanted: wanted, had: had, isDirty: dirty, relation: relation)
        .drift
    }
    #expect(drift(wanted, nil, dirty: true) == .dirty)
    #expect(drift(wanted, had, dirty: true, .foreign) == .dirty)
    #expect(drift(wanted, nil, .foreign) == .missing)
    #expect(drift(nil, had, .foreign) == .extra)
    #expect(drift(nil, nil) == .same)
    #expect(drift(wanted, wanted) == .same)
    #expect(drift(wanted, had) == .foreign)
  }

  /// Section 8's table, a row a line: the word, and the drifts one of which it takes, of each of the columns.
  private static let table: [(word: Compliance, columns: [Set<ProjectDrift>])] = [
    (.drifted, [[.dirty, .foreign]]), (.diverged, [[.forked]]), (.mixed, [[.ahead], [.behind, .missing]]),
    (.behind, [[.behind, .missing]]), (.ahead, [[.ahead]]), (.equivalent, [[.sameTree]]), (.inSync, []),
  ]

  @Test func `Three projects in every relation have the one word of the table`() {
    let all = ProjectDrift.allCases
    for (first, second, third) in all.flatMap({ one in all.flatMap { two in all.map { (one, two, $0) } } }) {
      let drifts: Set = [first, second, third]
      for flags in 0..<32 {
        let bits = (0..<5).map { flags >> $0 & 1 == 1 }
        let report = MachineReport(
          machine: "toto", freshness: .fresh, isUnfit: bits[0], isInStoredConstellation: !bits[1],
          wantsAnything: !bits[2], isObserved: !bits[3],
          comparisons: [
            Self.comparison(first, 1, isHeld: bits[4]), Self.comparison(second, 2), Self.comparison(third, 3),
          ])
        let row = Self.table.first { row in row.columns.allSatisfy { !$0.isDisjoint(with: drifts) } }
        var expected = row?.word ?? .inSync
        if bits[4], first != .extra, [.equivalent, .inSync].contains(expected) { expected = .held }
        let overrides: [Compliance] = [.incompatible, .unmanaged, .unassigned, .unobserved]
        if let index = (0..<4).first(where: { bits[$0] }) { expected = overrides[index] }
        #expect(report.compliance == expected)
      }
    }
  }

  @Test func `An extra project changes nothing`() {
    let report = MachineReport(
      machine: "toto", freshness: .fresh,
      comparisons: [Self.comparison(.same, 1), Self.comparison(.extra, 2)])
    #expect(report.compliance == .inSync)
  }

  @Test
  func `What is wanted and whether anything was observed follow from the comparisons and the freshness`() {
    #expect(MachineReport(machine: "a", freshness: .fresh, comparisons: []).compliance == .unassigned)
    let silent = MachineReport(machine: "a", freshness: .never, comparisons: [Self.comparison(.missing, 1)])
    #expect(silent.compliance == .unobserved)
  }

  @Test func `The worst word of a summary is as the design orders them`() {
    let given =
      "incompatible drifted diverged mixed ahead behind unassigned unmanaged held equivalent in-sync"
    let words = given.split(separator: " ").compactMap { Compliance(rawValue: String($0)) }
    #expect(words == Compliance.worstFirst.filter { $0 != .unobserved })
    #expect(Set(Compliance.worstFirst) == Set(Compliance.allCases))
    for index in words.indices { #expect(Compliance.worst(of: words[index...].reversed()) == words[index]) }
    #expect(Compliance.worst(of: []) == nil)
  }
}

@Suite("How far a machine's last word can be relied on")
struct FreshnessTests {
  @Test(
    arguments: [
      (1_000, 1_000, Freshness.fresh), (1_000, 1_060, .fresh), (1_000, 1_061, .stale), (1_300, 1_000, .fresh),
      (1_301, 1_000, .clockAhead), (.max, 0, .clockAhead), (.max, .max, .fresh), (.min, .max, .stale),
      (.min, 0, .stale),
    ] as [(Int64, Int64, Freshness)])
  func `is told from its date, of any size`(seen: Int64, now: Int64, freshness: Freshness) {
    #expect(Freshness(seen: seen, now: now, staleAfter: 60) == freshness)
  }
}
