import Testing
import WeaveModel

@Suite struct BisectionHistoryTests {
  @Test func `A merge is one step that brings all its branch`() {
    var history = NumberedHistory(project: 0)
    for parents in [[], [0], [1], [1], [3], [2, 4]] { history.commit(on: parents, at: 0) }
    (history.good, history.bad) = (1, 5)
    #expect(history.history.steps.map(\.to) == [commit(0, 2), commit(0, 5)])
    #expect(history.history.steps.map(\.brought.count) == [1, 3])
    #expect(history.history.weight == 4)
  }

  @Test func `From one branch to another it goes back to what they have in common`() {
    var history = NumberedHistory(project: 0)
    for parents in [[], [0], [1], [0], [3]] { history.commit(on: parents, at: 0) }
    (history.good, history.bad) = (2, 4)
    let steps = history.history.steps
    #expect(steps.map(\.to) == [1, 0, 3, 4].map { commit(0, $0) })
    #expect(steps.map(\.direction) == [.back, .back, .forward, .forward])
  }

  @Test func `A commit whose loss breaks the set is found where the bad set is older`() async throws {
    var history = NumberedHistory.linear(project: 0, steps: 20)
    (history.good, history.bad) = (20, 0)
    let outcome = try await bisect([history, .linear(project: 1, steps: 9)]) { set in
      (set[project(0)]?.words.low ?? 0) >= 7 ? .good : .bad
    }
    let change = BisectionChange(
      project: project(0), from: commit(0, 7), to: commit(0, 6), direction: .back)
    #expect(outcome.finding.changes == [change])
  }

  @Test func `Histories with nothing in common are one step`() {
    var history = NumberedHistory(project: 0)
    for parents in [[], [0], [], [2]] { history.commit(on: parents, at: 0) }
    (history.good, history.bad) = (1, 3)
    #expect(history.history.steps.map(\.direction) == [.across])
  }

  @Test func `The projects move as they did in time`() async throws {
    let histories = [NumberedHistory.linear(project: 0, steps: 64), .linear(project: 1, steps: 64)]
    let outcome = try await bisect(histories) { set in
      (set[project(0)]?.words.low ?? 0) >= 40 ? .bad : .good
    }
    let search = outcome.runs.dropLast()
    #expect(
      search.allSatisfy { set in
        let ages = set.members.map { Int($0.commit.words.low) }
        return abs(ages[0] - ages[1]) <= 1
      })
  }

  @Test func `A link that holds a set makes it good, a revocation in a set makes it bad`() async throws {
    let histories = [NumberedHistory.linear(project: 0, steps: 64), .linear(project: 1, steps: 64)]
    let bug = PlantedBug(in: histories, [(0, 33)])
    let linked = set((0, 32), (1, 32))
    let revoked = set((0, 34))
    let outcome = try await bisect(
      histories,
      known: { set in
        if set == linked { return .good }
        return set[project(0)] == commit(0, 34) ? .bad : nil
      }, knownSets: [linked, revoked], bug.verdict)
    #expect(outcome.finding.changes.map(\.member) == [member(0, 33)])
    let without = try await bisect(histories, bug.verdict)
    #expect(outcome.runs.count < without.runs.count)
  }

  @Test func `A search that was stopped anywhere goes on where it was`() async throws {
    let histories = [NumberedHistory.linear(project: 0, steps: 50), .linear(project: 1, steps: 50)]
    let bug = PlantedBug(in: histories, [(0, 20), (1, 41)])
    let whole = try await bisect(histories, bug.verdict)
    struct Stop: Error {}
    var verdicts: [CommitSet: Verdict] = [:]
    var runs: [CommitSet] = []
    var finding: BisectionFinding?
    while finding == nil {
      var bisection = Bisection(histories.map(\.history), verdicts: verdicts)
      var isFirst = true
      finding = try? await bisection.find(trustsEnds: true) { question in
        guard isFirst else { throw Stop() }
        isFirst = false
        runs.append(question.commits)
        verdicts[question.commits] = bug.verdict(of: question.commits)
        return bug.verdict(of: question.commits)
      }
    }
    #expect(finding == whole.finding)
    #expect(runs == whole.runs)
  }
}
