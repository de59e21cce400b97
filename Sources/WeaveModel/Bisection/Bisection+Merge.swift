extension Bisection {
  /// A good and a bad set, and the changes between them: one, or several of which it is not known which it is.
  struct Outcome {
    var good: CommitSet
    var bad: CommitSet
    var changes: [BisectionChange]
  }

  /// The first bad commit of what the step between two sets brought, all other projects staying as they are at `high`.
  mutating func firstBadCommit(
    of project: Int, from low: HistoryLine.Positions, to high: HistoryLine.Positions,
    _ run: (BisectionQuestion) async throws -> Verdict
  ) async throws -> Outcome {
    let history = histories[project]
    let step = history.steps[low[project]]
    let whole = Outcome(
      good: set(at: low), bad: set(at: high), changes: [BisectionChange(step, of: history.project)])
    guard step.brought.count > 1 else { return whole }
    var halving = CommitHalving(step.brought, parents: history.parents)
    func context(_ commit: CommitID) -> CommitSet { set(at: high, with: commit, of: project) }

    while true {
      while let place = halving.next() {
        let verdict = try await verdict(
          of: context(halving.commits[place]), for: .search, stepsLeft: halving.count,
          extraRuns: histories.count > 1 ? 1 : 0, run)
        halving.note(verdict, of: place)
      }
      let bad = halving.commits[halving.bad]
      guard halving.count == 1 else {
        return Outcome(
          good: whole.good, bad: context(bad),
          changes: halving.candidates.map { commit in
            BisectionChange(
              project: history.project, from: history.parents[commit]?.first ?? step.from, to: commit,
              direction: .forward)
          })
      }
      let parents = history.parents[bad] ?? []
      func outcome(from parent: CommitID) -> Outcome {
        Outcome(
          good: context(parent), bad: context(bad),
          changes: [BisectionChange(project: history.project, from: parent, to: bad, direction: .forward)])
      }
      if let parent = parents.first(where: { knownVerdict(of: context($0)) == .good }) {
        return outcome(from: parent)
      }
      // All its parents are contained in good commits, and none was tested.
      guard let parent = parents.first else { return whole }
      switch try await verdict(of: context(parent), for: .search, stepsLeft: 1, extraRuns: 1, run) {
      case .good: return outcome(from: parent)
      case .bad:
        // Good commits contain a bad one. What a merge brought on top of one that is bad already cannot be told apart.
        guard let place = halving.place(of: parent) else { return whole }
        halving.restart(at: place)
      case .skipped: return whole
      }
    }
  }

  /// The set at `positions`, with another commit of one project.
  private func set(at positions: HistoryLine.Positions, with commit: CommitID, of project: Int) -> CommitSet {
    var other = self
    other.fixed[project] = commit
    return other.set(at: positions)
  }
}
