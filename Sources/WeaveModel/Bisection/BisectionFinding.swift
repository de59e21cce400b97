/// A move of one project from one commit to the next.
public struct BisectionChange: Hashable, Sendable {
  public let project: ProjectName
  public let from: CommitID
  public let to: CommitID
  public let direction: HistoryStep.Direction

  public init(project: ProjectName, from: CommitID, to: CommitID, direction: HistoryStep.Direction) {
    (self.project, self.from, self.to, self.direction) = (project, from, to, direction)
  }

  /// The commit that the change makes the project have.
  public var member: Member { Member(project: project, commit: to) }
}

/// What a bisection ends with.
public struct BisectionFinding: Sendable, Equatable {
  /// The changes that fail, each only together with the others: one, or two, seldom more. The last found is last.
  public internal(set) var changes: [BisectionChange] = []
  /// Where only sets are left that cannot be tested: the changes of which one is still to be added to ``changes``.
  public internal(set) var suspects: [BisectionChange] = []
  /// The closest good set and bad set: they differ by the last of ``changes``, or by all ``suspects``.
  public internal(set) var good: CommitSet
  public internal(set) var bad: CommitSet
  /// Whether ``changes``, with all else as in the good set that the search began with, are bad; nil where that is not
  /// known.
  public internal(set) var failsAlone: Bool?
  /// The good set that the search began with, with ``changes``.
  public internal(set) var alone: CommitSet
}

/// A set that has to be run, and how far the search is.
public struct BisectionQuestion: Sendable {
  /// What the run is for.
  public enum Purpose: Sendable {
    /// Whether the good set is good, and the bad one bad.
    case goodEnd, badEnd
    /// Where it breaks.
    case search
    /// Whether what was found is bad by itself.
    case alone
  }

  public let commits: CommitSet
  public let purpose: Purpose
  /// The commits that may still be the one looked for.
  public let stepsLeft: Int
  /// About how many runs the search still takes, this one included.
  public let runsLeft: Int
}

/// Why there is nothing to bisect: one end is not what it was said to be.
public enum BisectionEndError: Error, Equatable {
  case goodEnd(Verdict)
  case badEnd(Verdict)
}
