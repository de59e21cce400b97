import ForeignText
import Git
import WeaveModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The bare repository beside the store through which records of one audience come in and go out: nothing that this
/// audience may not know is ever in it (Docs/design/exchange-repositories.md).
public final class Exchange {
  public let repository: Repository

  private let kinds: [RecordKind]
  private let lock: StoreLock

  /// One process at a time, for as long as this lives. Whoever has it may wait for the store's lock; so nobody who has
  /// that may wait for this.
  private init(_ repository: Repository, knowing kinds: [RecordKind], warn: (String) -> Void) throws {
    (self.repository, self.kinds) = (repository, kinds)
    lock = try StoreLock(gitDirectory: repository.gitDirectory, warn: warn)
    StaleLock.removeAll(under: "refs", gitDirectory: repository.gitDirectory, warn: warn)
  }

  /// The one for remotes of that audience beside the store at `storeDirectory`; made where there is none. Waits while another process has it.
  public static func open(
    for audience: Audience, of storeDirectory: String, knowing kinds: [RecordKind] = RecordKind.all,
    warn: (String) -> Void
  ) throws -> Exchange {
    let repository = try makeOrOpen(audience, of: storeDirectory, warn: warn)
    let exchange = try Exchange(repository, knowing: kinds, warn: warn)
    // What a power cut left empty the next fetch brings again.
    LooseFiles.visit("refs", of: repository.gitDirectory) { name, status in
      if status.st_size == 0 { unlink(repository.gitDirectory + "/" + name) }
    }
    return exchange
  }

  /// As ``open(for:of:knowing:warn:)``; nil where there is none.
  static func existing(for audience: Audience, of store: Store) throws -> Exchange? {
    do {
      return try Exchange(
        Repository.open(at: path(for: audience, of: store.repository.gitDirectory)), knowing: store.kinds,
        warn: store.warn)
    } catch let error as GitError {
      guard error.code == .notARepository else { throw error }
      return nil
    }
  }

  /// Has the store's lock until it returns, and no longer.
  private static func makeOrOpen(
    _ audience: Audience, of storeDirectory: String, warn: (String) -> Void
  ) throws -> Repository {
    let lock = try StoreLock(gitDirectory: storeDirectory, warn: warn)
    if audience == .private {
      // What comes from a private remote is in the exchange repository first.
      try Store.closeToOthers(Repository.open(at: storeDirectory), warn: warn)
    }
    return try withExtendedLifetime(lock) {
      try makeOrOpen(path(for: audience, of: storeDirectory), warn: warn)
    }
  }

  /// The bare repository at `path`, made, or completed, where there is none; the store's lock is held.
  static func makeOrOpen(_ path: String, warn: (String) -> Void) throws -> Repository {
    try Store.clearTheWay(for: path, warn: warn)
    let repository: Repository
    do { repository = try Repository.createBare(at: path) } catch {
      guard error.code == .exists else { throw error }
      repository = try Store.completed(Repository.open(at: path))
    }
    for (key, value) in [("gc.auto", "0"), ("gc.pruneExpire", "never")]
    where try repository.configValue(key) != value {
      try repository.setConfigValue(key, to: value)
    }
    return repository
  }

  /// Where the one for remotes of that audience is, or would be.
  public static func path(for audience: Audience, of storeDirectory: String) -> String {
    storeDirectory + "/weave/exchange/\(audience).git"
  }

  /// The refs of a remote, as `git fetch` is told to bring them.
  public static func refspecs(for remote: Remote) -> [String] {
    let audiences: [Audience] = remote.audience == .private ? [.public, .private] : [.public]
    return audiences.map { "+\(RefName.records)\($0)/*:\(prefix(remote.name))\($0)/*" }
  }

  private static func prefix(_ remote: RemoteName) -> String { "refs/remotes/\(remote)/" }

  /// The ref of the exchange repository that says where the remote's record stands.
  public static func tracking(_ record: RecordRef, _ remote: RemoteName) -> String {
    prefix(remote) + record.path
  }

  /// What the remote had when it was last asked, or was given since. What is no record is left out.
  public func records(of remote: RemoteName) throws -> [RecordRef: ObjectID] {
    let prefix = Self.prefix(remote)
    var records: [RecordRef: ObjectID] = [:]
    for reference in try repository.references(matching: prefix + "*") {
      guard case .direct(let tip) = reference.target,
        let record = RecordRef(path: reference.name.dropFirst(bytes: prefix.utf8.count), among: kinds)
      else { continue }
      records[record] = tip
    }
    return records
  }

  /// The store of which that manifest is, where it is not `store`; nil too where it does not say.
  public func foreignStore(ofManifest tip: ObjectID, to store: Store) throws -> StoreID? {
    guard try repository.kind(of: tip) == .commit else { return nil }
    do {
      let root = try repository.tree(repository.commit(tip).tree)
      let other = try ManifestPart.store(in: root, at: tip, in: repository)
      return other == store.id ? nil : other
    } catch  where !isUnreadable(error) { return nil }
  }

  /// Forgets the refs of the remote in whose place, or below which, a record's would stand: where Git keeps refs as files,
  /// both cannot be.
  public func clearTheWay(of remote: RemoteName) throws {
    let prefix = Self.prefix(remote)
    for reference in try repository.references(matching: prefix + "*") {
      guard case .direct(let tip) = reference.target,
        RecordRef.isInTheWay(path: reference.name.dropFirst(bytes: prefix.utf8.count), among: kinds)
      else { continue }
      // libgit2 takes no name that is as long as this, and Git one of any length.
      if reference.name.utf8.count > Self.longestName {
        unlink(repository.gitDirectory + "/" + reference.name)
      } else {
        try repository.deleteReference(reference.name, expecting: tip)
      }
    }
  }

  /// The room that libgit2 has for a name, with its end (`GIT_REFNAME_MAX`, refs.h).
  private static let longestName = 1_000

  /// Notes that the remote has `tip` for the record; nil: that it has none.
  func remember(_ record: RecordRef, at tip: ObjectID?, of remote: RemoteName) throws {
    let name = Self.tracking(record, remote)
    let old = try repository.resolve(name)
    guard old != tip else { return }
    if let tip {
      try Chain.advance(name, of: repository, log: "weave: exchange", warn: { _ in }) { _ in tip }
    } else if let old {
      try repository.deleteReference(name, expecting: old)
    }
  }

  /// Notes that the remote has those records, and no others.
  public func remember(_ known: [RecordRef: ObjectID], of remote: RemoteName) throws {
    for record in try Set(records(of: remote).keys).union(known.keys) {
      try remember(record, at: known[record], of: remote)
    }
  }

  /// What any remote of this audience has for the record, as far as is known.
  public func tips(of record: RecordRef) throws -> [ObjectID] {
    try ["refs/remotes/*/\(record.path)", "refs/published/*/\(record.path)"].flatMap { glob in
      try repository.references(matching: glob).compactMap { reference in
        if case .direct(let tip) = reference.target { tip } else { nil }
      }
    }
  }

  /// The commits of all records that a remote of this audience is known to have, or to have had when it was forgotten.
  ///
  /// Walks them all.
  func knownCommits() throws -> Set<ObjectID> {
    let tips = try ["refs/remotes/*", "refs/published/*"].flatMap { glob in
      try repository.references(matching: glob).compactMap { reference -> ObjectID? in
        guard case .direct(let tip) = reference.target, try repository.kind(of: tip) == .commit else {
          return nil
        }
        return tip
      }
    }
    var cursor = try repository.commits(from: tips, hiding: [])
    var known: Set<ObjectID> = []
    while let id = try cursor.next() { known.insert(id) }
    return known
  }

  /// Keeps in mind what the remote was last known to have, whatever becomes of the remote.
  private func rememberPublished(_ records: [RecordRef: ObjectID], of remote: RemoteName) throws {
    for (record, tip) in records where !record.isReplaced {
      try Chain.advance(
        "refs/published/\(remote)/\(record.path)", of: repository, log: "weave: published", warn: { _ in }
      ) { _ in tip }
    }
  }

  /// Notes that the remote has none of those records that anybody gives it: a push gives them again once it takes them.
  public func forget(broken names: [String], of remote: RemoteName) throws {
    for record in names.compactMap({ RecordRef(name: $0, among: kinds) }) where !record.kind.isAlwaysGiven {
      try remember(record, at: nil, of: remote)
    }
  }

  func forget(_ remote: RemoteName) throws {
    let records = try records(of: remote)
    try rememberPublished(records, of: remote)
    for (record, tip) in records {
      try repository.deleteReference(Self.tracking(record, remote), expecting: tip)
    }
  }
}
