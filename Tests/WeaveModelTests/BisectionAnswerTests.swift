import TestSupport
import Testing
import WeaveModel

/// What holds whatever the command says.
@Suite struct BisectionAnswerTests {
  @Test(arguments: 0..<6)
  func `Of verdicts without any order the answer is a good set and a bad one a step apart`(
    seed: UInt64
  ) async throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<30 {
      let histories = (0..<3).map {
        NumberedHistory.merging(project: $0, steps: .random(in: 5...40, using: &generator), &generator)
      }
      let salt = UInt64.random(in: .min ... .max, using: &generator)
      let (first, last) = (ends(of: histories).good, ends(of: histories).bad)
      func verdict(_ set: CommitSet) -> Verdict {
        if set == first { return .good }
        if set == last { return .bad }
        var random = SeededGenerator(seed: salt)
        for member in set.members {
          random = SeededGenerator(
            seed: random.next() ^ member.commit.words.middle ^ UInt64(member.commit.words.low))
        }
        return [.good, .bad, .bad, .good, .skipped][Int(random.next() % 5)]
      }
      let outcome = try await bisect(histories, verdict)
      let finding = outcome.finding
      #expect(verdict(finding.good) == .good)
      #expect(verdict(finding.bad) == .bad)
      guard finding.suspects.isEmpty, let change = finding.changes.last else { continue }
      #expect(finding.good[change.project] == change.from)
      #expect(finding.bad[change.project] == change.to)
      for member in finding.good.members where member.project != change.project {
        #expect(finding.bad[member.project] == member.commit)
      }
      #expect(areNeighbours(change, in: histories))
    }
  }

  @Test(arguments: [1, 4, 9])
  func `Sets that cannot be tested are gone around`(unbuildable: Int) async throws {
    var generator = SeededGenerator(seed: UInt64(unbuildable))
    for _ in 0..<20 {
      let histories = [NumberedHistory.linear(project: 0, steps: 60), .linear(project: 1, steps: 40)]
      let broken = Int.random(in: 1..<(50 - unbuildable), using: &generator)
      let range = Set((broken..<(broken + unbuildable)).map { commit(0, $0) })
      let culprit = broken > 25 ? 5 : 55
      let bug = PlantedBug(in: histories, [(0, culprit)])
      let outcome = try await bisect(histories) { set in
        set[project(0)].map(range.contains) == true ? .skipped : bug.verdict(of: set)
      }
      #expect(outcome.finding.changes.map(\.member) == [member(0, culprit)])
      #expect(outcome.finding.suspects.isEmpty)
    }
  }

  @Test func `Where only sets are left that cannot be tested the suspects are told`() async throws {
    let histories = [NumberedHistory.linear(project: 0, steps: 30), .linear(project: 1, steps: 30)]
    let bug = PlantedBug(in: histories, [(0, 12)])
    let outcome = try await bisect(histories) { set in
      let age = set[project(0)].map { $0.words.low } ?? 0
      return (10...14).contains(age) ? .skipped : bug.verdict(of: set)
    }
    let suspects = outcome.finding.suspects.filter { $0.project == project(0) }.map(\.member)
    #expect(suspects == (10...15).map { member(0, $0) })
    #expect(bug.verdict(of: outcome.finding.good) == .good)
    #expect(bug.verdict(of: outcome.finding.bad) == .bad)
  }

  @Test func `Two commits that can only be tested together are suspected together`() async throws {
    let histories = [NumberedHistory.linear(project: 0, steps: 16), .linear(project: 1, steps: 16)]
    let changesBoth: (CommitSet) -> (Bool, Bool) = { set in
      ((set[project(0)]?.words.low ?? 0) >= 9, (set[project(1)]?.words.low ?? 0) >= 9)
    }
    let outcome = try await bisect(histories) { set in
      let (one, other) = changesBoth(set)
      return one != other ? .skipped : one ? .bad : .good
    }
    #expect(outcome.finding.changes.isEmpty)
    #expect(Set(outcome.finding.suspects.map(\.member)) == [member(0, 9), member(1, 9)])
  }

  @Test func `An end that is not what it was said to be is an error`() async throws {
    let history = NumberedHistory.linear(project: 0, steps: 4).history
    var bisection = Bisection([history])
    await #expect(throws: BisectionEndError.goodEnd(.bad)) {
      _ = try await bisection.find { _ in .bad }
    }
    bisection = Bisection([history])
    await #expect(throws: BisectionEndError.badEnd(.good)) {
      _ = try await bisection.find { _ in .good }
    }
  }

  private func ends(of histories: [NumberedHistory]) -> (good: CommitSet, bad: CommitSet) {
    (
      valid(try CommitSet(histories.map { member($0.project, $0.good) })),
      valid(try CommitSet(histories.map { member($0.project, $0.bad) }))
    )
  }

  private func areNeighbours(_ change: BisectionChange, in histories: [NumberedHistory]) -> Bool {
    histories.contains { history in
      project(history.project) == change.project
        && history.parents.indices.contains { number in
          commit(history.project, number) == change.to
            && history.parents[number].contains { commit(history.project, $0) == change.from }
        }
    }
  }
}
