import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// The first line of the commit's message; nil where the store does not have the commit.
  public func subject(of commit: CommitID) throws -> String? {
    guard try store.repository.kind(of: commit.objectID) == .commit else { return nil }
    return try store.repository.commitByAnybody(commit.objectID).subject
  }

  /// The first line of the commit's message, its author's name, and the author date in seconds; nil where the store does not
  /// have the commit.
  public func describe(_ commit: CommitID) throws -> (subject: String, author: String, seconds: Int64)? {
    guard try store.repository.kind(of: commit.objectID) == .commit else { return nil }
    let commit = try store.repository.commitByAnybody(commit.objectID)
    return (commit.subject, Author(commit.author).name, commit.author.seconds)
  }

  /// `git rev-list --count COMMIT..TIP`; nil where the store does not have the commit.
  public func behind(_ commit: CommitID, _ tip: CommitID) throws -> Int? {
    // Many machines run the same.
    let commits = [commit, tip]
    if let known = distances[commits] { return known }
    guard try store.repository.kind(of: commit.objectID) == .commit else { return nil }
    let behind = try store.repository.aheadBehind(commit.objectID, tip.objectID).behind
    distances[commits] = behind
    return behind
  }

  /// The tip of the ref that the project tracks; nil where it was never fetched.
  public func tip(of record: ProjectRecord) throws -> CommitID? {
    try store.tip(of: record.name, track: record.track)
  }

  /// Whether the project has any branch or tag here.
  public func isFetched(_ record: ProjectRecord) throws -> Bool {
    try !store.branchesAndTags(of: record.name).isEmpty
  }

  /// What the lock says of each machine, by the machine's name: its encoded one (Docs/formats/store.md, "Names") where
  /// the constellation has no such machine any more.
  public func lockedCommits(_ lock: Lock, _ loaded: LoadedConstellation) throws
    -> [String: [ProjectName: CommitID]]
  {
    let machines = loaded.constellation.machines.map { (RefComponent.encode($0.name), $0.name) }
    let names = Dictionary(machines) { first, _ in first }
    let locked = try store.commitsByComponent(in: lock)
    let named = locked.filter { names[$0.key] != nil }.map { (names[$0.key] ?? $0.key, $0.value) }
    return locked.filter { names[$0.key] == nil }.merging(named) { _, named in named }
  }

  /// The lock in force, and the machines of which it wants other commits than the resolution; nil without a lock.
  public func difference(of resolution: Resolution, from loaded: LoadedConstellation) async throws
    -> (lock: Lock, machines: [String])?
  {
    guard let lock = try await lockInForce(loaded).lock else { return nil }
    let (locked, resolved) = (try lockedCommits(lock, loaded), resolution.tree.machines)
    let differing = resolution.machines.map(\.machine).filter { locked[$0] != resolved[$0] }
    return (lock, differing)
  }
}
