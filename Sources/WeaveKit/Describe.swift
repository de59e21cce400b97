import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// The first line of the commit's message; nil where the store does not have the commit.
  public func subject(of commit: CommitID) throws -> String? {
    guard store.repository.kind(of: commit.objectID) == .commit else { return nil }
    return try store.repository.commit(commit.objectID).subject
  }

  /// `git rev-list --count COMMIT..TIP`; nil where the store does not have the commit.
  public func behind(_ commit: CommitID, _ tip: CommitID) throws -> Int? {
    guard store.repository.kind(of: commit.objectID) == .commit else { return nil }
    return try store.repository.aheadBehind(commit.objectID, tip.objectID).behind
  }

  /// The resolution's id, written to the store so that it can be looked up.
  public func identifier(of resolution: Resolution) throws -> ResolutionID { try store.write(resolution.tree) }
}
