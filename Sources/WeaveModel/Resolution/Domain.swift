/// The commits that one project may run: what is reachable from its tracked ref, or its one pin or hold.
public struct Domain: Sendable, Equatable {
  public let project: ProjectName
  /// In the order of preference, each once: newest first, or the locked commit before all others.
  public let commits: [CommitNumber]

  public init(project: ProjectName, commits: [CommitNumber]) {
    (self.project, self.commits) = (project, commits)
  }
}
