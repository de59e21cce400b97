/// How one project on one machine stands to what is wanted of it.
public enum ProjectDrift: String, Sendable, CaseIterable {
  /// The working tree has changes that no commit holds.
  case dirty
  /// Wanted, and not reported.
  case missing
  /// Reported, and not wanted; changes nothing.
  case extra
  /// Reported at a commit that the project does not have.
  case foreign
  case same
  /// Another commit with the same tree.
  case sameTree = "same-tree"
  /// What is reported is an ancestor of what is wanted.
  case behind
  /// What is wanted is an ancestor of what is reported.
  case ahead
  /// Neither is an ancestor of the other.
  case forked
}

/// How the commit that a machine had stands to the wanted one in the project's history.
public enum CommitRelation: String, Sendable, CaseIterable {
  case same
  case sameTree = "same-tree"
  case behind
  case ahead
  case forked
  /// The project does not have the commit that the machine had.
  case foreign
}

/// What is wanted of one project on one machine beside what the machine had.
public struct ProjectComparison: Sendable, Equatable {
  public let project: ProjectName
  public let wanted: CommitID?
  public let had: CommitID?
  public let isDirty: Bool
  /// Nil unless both commits are there; then nil stands for `foreign`, or for `same` when they are equal.
  public let relation: CommitRelation?
  /// Whether the wanted commit comes from a hold.
  public let isHeld: Bool

  public init(
    project: ProjectName, wanted: CommitID?, had: CommitID?, isDirty: Bool = false,
    relation: CommitRelation? = nil, isHeld: Bool = false
  ) {
    (self.project, self.wanted, self.had) = (project, wanted, had)
    (self.isDirty, self.relation, self.isHeld) = (isDirty, relation, isHeld)
  }

  /// The first word that applies, in the order of `ProjectDrift`.
  public var drift: ProjectDrift {
    if isDirty { return .dirty }
    if wanted != nil, had == nil { return .missing }
    if wanted == nil { return had == nil ? .same : .extra }
    switch relation {
    case .foreign: return .foreign
    case .same: return .same
    case .sameTree: return .sameTree
    case .behind: return .behind
    case .ahead: return .ahead
    case .forked: return .forked
    case nil: return wanted == had ? .same : .foreign
    }
  }
}
