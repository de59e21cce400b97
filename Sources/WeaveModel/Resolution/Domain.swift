/// The commits that one project may run: what is reachable from its tracked ref, or its one pin or hold.
public struct Domain: Sendable, Equatable {
  public let project: ProjectName
  /// Newest first; each once.
  public let commits: [CommitID]

  public init(project: ProjectName, commits: [CommitID]) {
    (self.project, self.commits) = (project, commits)
  }
}
