import WeaveModel
import WeaveStore

/// What reports are understood by and held against, read once for all machines of one command.
final class ReportBasis {
  /// In which machines have their names and guests.
  let constellations: [Constellation]
  let commits: KnownCommits
  private let store: Store
  private var readLocks: [[Lock]]?

  init(_ constellations: [Constellation], in store: Store) {
    (self.constellations, self.store, commits) = (constellations, store, KnownCommits(in: store))
  }

  /// Of each constellation that has any, all, the newest first.
  func locks() throws -> [[Lock]] {
    if let readLocks { return readLocks }
    let locks = try store.lockedConstellations().map { try store.locks(for: $0) }
    readLocks = locks
    return locks
  }
}
