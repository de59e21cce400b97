/// How one project comes from the good set's commit to the bad set's: real commits, each a parent or a child of the one
/// before.
///
/// Where the good commit is no ancestor of the bad one, it goes back to what they have in common first. Where they have
/// nothing in common, it is one step across.
public struct ProjectHistory: Sendable {
  /// A commit as far as bisection looks at it.
  public struct Commit: Sendable {
    public let id: CommitID
    public let parents: [CommitID]
    /// The committer date, in seconds since 1970.
    public let seconds: Int64

    public init(id: CommitID, parents: [CommitID], seconds: Int64) {
      (self.id, self.parents, self.seconds) = (id, parents, seconds)
    }
  }

  public let project: ProjectName
  public let good: CommitID
  public let bad: CommitID
  /// One after another, from the good commit to the bad one; empty where they are one.
  public let steps: [HistoryStep]
  /// The parents of the commits that only the bad commit contains.
  let parents: [CommitID: [CommitID]]

  /// The history between two commits of `project`.
  ///
  /// `ahead` are the commits that `bad` contains and `good` does not, `behind` the reverse, both in any order; `base` is
  /// the best common ancestor, nil where there is none.
  public init(
    of project: ProjectName, good: CommitID, bad: CommitID, base: CommitID?, ahead: [Commit], behind: [Commit]
  ) {
    (self.project, self.good, self.bad) = (project, good, bad)
    let forward = CommitRange(ahead)
    parents = forward.commits.mapValues(\.parents)
    guard good != bad else {
      steps = []
      return
    }
    guard let base, let down = CommitRange(behind).path(from: good, downTo: base),
      let up = forward.path(from: bad, downTo: base)
    else {
      steps = [HistoryStep(from: good, to: bad, direction: .across, brought: [bad], seconds: .min)]
      return
    }
    let back = zip(down, down.dropFirst()).map {
      HistoryStep(from: $0, to: $1, direction: .back, brought: [$1], seconds: .min)
    }
    steps = back + forward.steps(along: up.reversed())
  }

  /// How many commits the steps bring or take away.
  public var weight: Int { steps.reduce(0) { $0 + $1.brought.count } }

  /// Where the project stands after so many steps.
  func commit(after steps: Int) -> CommitID { steps == 0 ? good : self.steps[steps - 1].to }

  /// After how many steps the project stands at `commit`; nil where it never does.
  func position(of commit: CommitID) -> Int? {
    commit == good ? 0 : steps.firstIndex { $0.to == commit }.map { $0 + 1 }
  }
}

/// One move of one project along its history.
public struct HistoryStep: Sendable {
  /// Where a step leads: to a child, to a parent, or to a commit of an unrelated history.
  public enum Direction: String, Sendable { case forward, back, across }

  public let from: CommitID
  public let to: CommitID
  public let direction: Direction
  /// What `to` contains and `from` does not, parents before children and `to` last: more than one commit where `to`
  /// is a merge. Of a step that is not forward, `to` alone.
  public let brought: [CommitID]
  /// The committer date of `to`, or of a step before it where that is later, so that dates never fall along a history
  /// (Git's corrected commit date does the same, gitformat-commit-graph(5)).
  let seconds: Int64
}
