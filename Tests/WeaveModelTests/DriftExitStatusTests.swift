import Testing
import WeaveModel

@Suite struct DriftExitStatusTests {
  private func machine(
    _ relation: CommitRelation = .same, _ freshness: Freshness = .fresh, isUnfit: Bool = false,
    isStored: Bool = true, isHeld: Bool = false, isUntested: Bool = false, hasExpiredHold: Bool = false
  ) -> MachineReport {
    MachineReport(
      machine: "toto", freshness: freshness, isUnfit: isUnfit, isInStoredConstellation: isStored,
      isUntested: isUntested, hasExpiredHold: hasExpiredHold,
      comparisons: [
        ProjectComparison(
          project: project(1), wanted: commit(1, 0), had: commit(1, 1), relation: relation, isHeld: isHeld)
      ])
  }

  @Test func `Each state of one machine has its exit code`() {
    #expect(exitCode(for: [MachineReport]()) == 0)
    #expect(exitCode(for: [machine()]) == 0)
    #expect(exitCode(for: [machine(.sameTree)]) == 0)
    #expect(exitCode(for: [machine(isHeld: true)]) == 0)
    #expect(exitCode(for: [machine(isStored: false)]) == 0)
    #expect(exitCode(for: [machine(isUntested: true)]) == 0)
    #expect(exitCode(for: [machine(.behind)]) == 2)
    #expect(exitCode(for: [machine(.ahead)]) == 2)
    #expect(exitCode(for: [MachineReport(machine: "toto", freshness: .fresh, comparisons: [])]) == 2)
    #expect(exitCode(for: [machine(isHeld: true, hasExpiredHold: true)]) == 2)
    #expect(exitCode(for: [machine(.forked)]) == 3)
    #expect(exitCode(for: [machine(.foreign)]) == 3)
    #expect(exitCode(for: [machine(.same, .stale)]) == 4)
    #expect(exitCode(for: [machine(.same, .unreachable)]) == 4)
    #expect(exitCode(for: [machine(.same, .never)]) == 4)
    #expect(exitCode(for: [machine(isUnfit: true)]) == 5)
  }

  @Test func `The code that applies first wins over all machines`() {
    #expect(exitCode(for: [machine(.behind), machine(.same, .stale)]) == 4)
    #expect(exitCode(for: [machine(.behind), machine(.same, .stale), machine(.forked)]) == 3)
    #expect(exitCode(for: [machine(.forked), machine(isUnfit: true)]) == 5)
    #expect(exitCode(for: [machine(.behind)], resolverGaveUp: true) == 4)
    #expect(exitCode(for: [machine(.forked)], hasUnfitWanted: true) == 5)
    #expect(exitCode(for: [machine(.forked)], lacksResolution: true) == 5)
  }

  @Test func `Words to fail on narrow all but an unfit state`() {
    #expect(exitCode(for: [machine(.forked), machine(.behind)], failOn: [.behind]) == 2)
    #expect(exitCode(for: [machine(.forked)], failOn: [.behind, .stale]) == 0)
    #expect(exitCode(for: [machine(.behind, .stale)], failOn: [.behind]) == 2)
    #expect(exitCode(for: [machine(isUntested: true)], failOn: [.untested]) == 2)
    #expect(exitCode(for: [machine(.same, .never)], failOn: [.stale]) == 0)
    #expect(exitCode(for: [machine(isUnfit: true)], failOn: []) == 5)
    #expect(exitCode(for: [machine()], lacksResolution: true, failOn: [.behind]) == 5)
  }

  @Test func `No machine that is stale or silent adds up to green`() {
    for freshness in Freshness.allCases where freshness != .fresh {
      for relation in CommitRelation.allCases { #expect(exitCode(for: [machine(relation, freshness)]) != 0) }
    }
  }
}
