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

  /// The tip of the ref that the project tracks; nil where it was never fetched.
  public func tip(of record: ProjectRecord) throws -> CommitID? {
    try store.tip(of: record.name, track: record.track)
  }

  /// What the lock says of each machine, by the machine's encoded name.
  public func lockedCommits(_ lock: Lock) throws -> [String: [ProjectName: CommitID]] {
    try store.commitsByComponent(in: lock.resolution)
  }

  /// The lock in force, and the machines of which it wants other commits than the resolution; nil without a lock.
  public func difference(of resolution: Resolution, from loaded: LoadedConstellation) throws
    -> (lock: Lock, machines: [String])?
  {
    guard let lock = try store.lock(for: loaded.constellation.name) else { return nil }
    let (locked, resolved) = (try lockedCommits(lock), resolution.tree.machines)
    let differing = resolution.machines.map(\.machine).filter {
      locked[RefComponent.encode($0)] != resolved[$0]
    }
    return (lock, differing)
  }
}
