import TestSupport
import Testing
import WeaveModel

@Suite struct BisectionPlantedTests {
  @Test(arguments: 2...8)
  func `Each single commit of histories without merges is found in log2 of all steps and one run`(
    projects: Int
  ) async throws {
    let histories = (0..<projects).map { NumberedHistory.linear(project: $0, steps: 3 + 3 * $0) }
    for history in histories {
      for suspect in history.suspects {
        let bug = PlantedBug(in: histories, [(history.project, suspect)])
        let outcome = try await bisect(histories, bug.verdict)
        #expect(Set(outcome.finding.changes.map(\.member)) == bug.members)
        #expect(outcome.finding.failsAlone == true)
        #expect(outcome.runs.count <= outcome.halvings + 1)
      }
    }
  }

  @Test(arguments: 2...8)
  func `A single commit in histories with merges is found in about log2 of all steps and one run`(
    projects: Int
  ) async throws {
    var generator = SeededGenerator(seed: UInt64(projects))
    var extra: [Int] = []
    for _ in 0..<40 {
      let (histories, bug) = planted(in: projects, culprits: 1, &generator)
      let outcome = try await bisect(histories, bug.verdict)
      #expect(Set(outcome.finding.changes.map(\.member)) == bug.members)
      #expect(outcome.finding.failsAlone == true)
      extra.append(outcome.runs.count - outcome.halvings)
    }
    // The aim is a run for each project more than halving takes. A merge halves no better than Git does it.
    #expect(extra.allSatisfy { $0 <= max(3, projects) })
    #expect(4 * extra.reduce(0, +) <= 5 * extra.count)
  }

  @Test(arguments: 2...8)
  func `A pair that only fails together is found in about twice as many`(projects: Int) async throws {
    var generator = SeededGenerator(seed: UInt64(projects))
    var extra: [Int] = []
    for _ in 0..<40 {
      let (histories, bug) = planted(in: projects, culprits: 2, &generator)
      let outcome = try await bisect(histories, bug.verdict)
      #expect(Set(outcome.finding.changes.map(\.member)) == bug.members)
      #expect(outcome.finding.failsAlone == true)
      extra.append(outcome.runs.count - 2 * outcome.halvings)
    }
    #expect(extra.allSatisfy { $0 <= 5 })
    #expect(4 * extra.reduce(0, +) <= 5 * extra.count)
  }

  @Test func `Three commits that only fail together are found, too`() async throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<20 {
      let (histories, bug) = planted(in: 4, culprits: 3, &generator)
      let outcome = try await bisect(histories, bug.verdict)
      #expect(Set(outcome.finding.changes.map(\.member)) == bug.members)
    }
  }

  @Test func `The later of two commits of one project is the one, as for git bisect`() async throws {
    let histories = [NumberedHistory.linear(project: 0, steps: 20), .linear(project: 1, steps: 20)]
    let bug = PlantedBug(in: histories, [(0, 4), (0, 13)])
    let outcome = try await bisect(histories, bug.verdict)
    #expect(outcome.finding.changes.map(\.member) == [member(0, 13)])
  }

  @Test func `No set is run twice`() async throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<30 {
      let (histories, bug) = planted(in: 3, culprits: 2, &generator)
      let outcome = try await bisect(histories, bug.verdict)
      #expect(Set(outcome.runs).count == outcome.runs.count)
    }
  }

  /// Random histories with merges, and a bug in random commits of that many projects.
  private func planted(
    in projects: Int, culprits: Int, _ generator: inout SeededGenerator
  ) -> (histories: [NumberedHistory], bug: PlantedBug) {
    let histories = (0..<projects).map {
      NumberedHistory.merging(project: $0, steps: .random(in: 10...90, using: &generator), &generator)
    }
    let bearing = histories.shuffled(using: &generator).prefix(culprits)
    let commits = bearing.map { history in
      let suspects = history.suspects
      return (history.project, suspects[Int.random(in: suspects.indices, using: &generator)])
    }
    return (histories, PlantedBug(in: histories, commits))
  }
}
