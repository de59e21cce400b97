import Git
import GitProcess
import WeaveModel
import WeaveStore

/// The checkouts of a workspace at a glance.
public struct WorkspaceStatus: Sendable {
  public struct ProjectRow: Sendable {
    public let project: ProjectName
    /// Nil where the project is not checked out.
    public let path: String?
    public let work: WorkTreeStatus?
    /// Why the checkout could not be read.
    public let failure: String?
  }

  public let rows: [ProjectRow]
  /// The pairs of checked-out commits of which nobody said anything.
  public let unlinked: [CommitPair]
  /// The revocations that make what is checked out unfit.
  public let revocations: [Event]
  /// The revocations of other commits with the same trees as those that are checked out, where these are not unfit.
  public let revocationsSharingTrees: [Event]
  /// What has moved since it was linked last.
  public let moved: [MovedCheckout]
}

extension Workspace {
  private static let statusesAtOnce = 8

  /// Each project's branch, changes, and whether what is checked out is linked with each other. Asks `git status`
  /// in every checkout, in parallel.
  public func status() async throws -> WorkspaceStatus {
    let checkouts = try checkouts()
    let (git, projects) = (git, try projects())
    let rows = await concurrently(projects, limit: Self.statusesAtOnce) {
      record -> WorkspaceStatus.ProjectRow in
      guard let checkout = checkouts[record.name] else {
        return WorkspaceStatus.ProjectRow(project: record.name, path: nil, work: nil, failure: nil)
      }
      do {
        try checkout.requireOwnWorkTree()
        let work = try await git.status(of: checkout.path)
        return WorkspaceStatus.ProjectRow(project: record.name, path: checkout.path, work: work, failure: nil)
      } catch {
        return WorkspaceStatus.ProjectRow(
          project: record.name, path: checkout.path, work: nil,
          failure: Explanation(error)?.message ?? "\(error)")
      }
    }.map { $0.get() }
    let heads = try CommitSet(
      rows.compactMap { row in
        row.work?.head.flatMap { CommitID(hex: $0) }.map { Member(project: row.project, commit: $0) }
      })
    let compatibility = try compatibility()
    let revocations = compatibility.revocations(against: heads)
    let trees = Trees(of: self, checkouts: checkouts)
    let sharing =
      try revocations.isEmpty
      ? compatibility.revocations(sharingTreesWith: heads) { try trees.tree(of: $0) } : []
    return WorkspaceStatus(
      rows: rows, unlinked: heads.pairs.filter(compatibility.isUnlinked),
      revocations: try revocations.map(event),
      revocationsSharingTrees: try sharing.map(event), moved: movedCheckouts(rows, compatibility))
  }
}
