import ForeignText
import Git
import WeaveModel

/// The bare repository that holds every project's objects, and weave's refs.
///
/// Reading writes nothing but the index, and that only where it can: a store on a read-only disk can be asked
/// everything. Not Sendable, like the repository it owns: open one for each task.
public final class Store {
  public let repository: Repository
  /// The id that all clones of this store share; it stands in the manifest.
  public let id: StoreID
  /// The kinds of records that it knows; what is of others is passed over.
  let kinds: [RecordKind]
  /// Told what was mended on the way, such as a stale lock; never what failed.
  let warn: (String) -> Void

  /// What was read of ledgers and histories: at first what the file `weave/index` holds.
  var index = StoreIndex()
  var isIndexLoaded = false
  /// Whether the index may be written: it holds all that the tips reach, and no write has failed.
  var isIndexSavable = true
  /// What the file holds, and what was read since, as events and commits of histories.
  var savedWeight = 0
  var unsavedWeight = 0
  var eventsVersion = 0
  /// From before any ref was looked at.
  var knownTips: KnownTips
  /// What is to be added to the file of the known tips when the lock is given back.
  var movedTips: KnownTips
  /// What was accepted here, as it was read last.
  var acceptedByNow: (tip: ObjectID, entries: AcceptedEntries)?
  /// Whether what is understood of a manifest of a newer format may be seen.
  public internal(set) var readsAnyFormat = false
  /// Events of a newer weave that count for nothing.
  let ignored: Set<EventID>
  /// What was signed of the commits that are to be; nil where none is to be signed.
  var signedRecords: [RecordDraft: ObjectID]?
  /// Those that were warned of.
  var toldLocks: Set<LockID> = []
  /// The moment that records are read as of; nil for now. Nothing may be written where it is set.
  public let asOf: AsOf?

  init(
    repository: Repository, id: StoreID, knowing kinds: [RecordKind], knownTips: KnownTips? = nil,
    asOf: AsOf? = nil, ignored: Set<EventID> = [], warn: @escaping (String) -> Void
  ) {
    (self.repository, self.id, self.kinds, self.warn) = (repository, id, kinds, warn)
    (self.knownTips, movedTips) = (knownTips ?? KnownTips(of: kinds), KnownTips(of: kinds))
    (self.asOf, self.ignored) = (asOf, ignored)
    // What is read of the past is of no use to who asks of today.
    isIndexSavable = asOf == nil
  }

  /// Another view of the store, which need not read again what this one has read of the index.
  func view(asOf moment: AsOf?, ignoring ignored: Set<EventID>) -> Store {
    let view = Store(
      repository: repository, id: id, knowing: kinds, knownTips: knownTips, asOf: moment, ignored: ignored,
      warn: warn)
    (view.index, view.isIndexLoaded, view.savedWeight) = (index, isIndexLoaded, savedWeight)
    view.isIndexSavable = view.isIndexSavable && isIndexSavable
    return view
  }

  // Histories come one by one, and are written once.
  deinit { saveIndexIfWorthwhile() }

  /// Opens the store whose Git directory is at `gitDirectory`.
  ///
  /// Throws ``Git/GitError`` when it is no repository that can be read, ``StoreError`` when it is one without
  /// weave's manifest.
  public static func open(
    at gitDirectory: String, knowing kinds: [RecordKind] = RecordKind.all,
    warn: @escaping (String) -> Void = { _ in }
  ) throws -> Store {
    let repository = try Repository.open(at: gitDirectory)
    let knownTips = KnownTips(gitDirectory: repository.gitDirectory, of: kinds)
    guard let tip = try repository.resolve(RefName.manifest(.public)) else {
      try requireNoManifest(in: repository)
      throw StoreError(
        "\(gitDirectory) is a Git repository but no store: it has no \(RefName.manifest(.public))",
        hint: "`weave init` makes a store, and `weave clone` copies one")
    }
    let part = try reading(RefName.manifest(.public), { try ManifestPart(at: tip, in: repository) })
    return Store(
      repository: repository, id: part.store, knowing: kinds, knownTips: knownTips, warn: warn)
  }

  /// Throws where the repository, which has no manifest, is known to have had one.
  public static func requireNoManifest(in repository: Repository) throws {
    let name = RefName.manifest(.public)
    if let lost = LostTip.all(in: repository).first(where: { $0.name == name }) { throw lost }
  }

  /// Makes a store of the bare repository, which must not be one yet.
  ///
  /// `id` is fresh for a new store; `writer` names the ledger of whoever works in this clone. The manifest comes
  /// last, so that a store cut off in the making is none, and can be made again.
  public static func create(
    in repository: Repository, id: StoreID, writer: WriterName, author: Signature,
    warn: @escaping (String) -> Void = { _ in }
  ) throws -> Store {
    try configure(repository, writer: writer, warn: warn)
    let commit = try repository.writeCommit(
      tree: ManifestPart(store: id).write(to: repository), parents: [], author: author, committer: author,
      message: Array("init\n".utf8))
    try Chain.advance(RefName.manifest(.public), of: repository, log: "weave: init", warn: warn) { tip in
      guard tip == nil else { throw StoreError("\(repository.gitDirectory) is a store already") }
      return commit
    }
    return Store(repository: repository, id: id, knowing: RecordKind.all, warn: warn)
  }

  /// Removes the locks of one that was killed while it made the repository at `gitDirectory`.
  public static func clearTheWay(for gitDirectory: String, warn: (String) -> Void) throws {
    try StaleLock.clear("HEAD", of: gitDirectory, warn: warn)
    try StaleLock.clearConfiguration(of: gitDirectory, warn: warn)
  }

  /// The bare repository, with what one lacks that was cut off in the making.
  public static func completed(_ repository: Repository) throws -> Repository {
    _ = try repository.writeTree([])
    return repository
  }

  /// Sets what a repository must say of itself before it becomes a store.
  static func configure(_ repository: Repository, writer: WriterName, warn: (String) -> Void) throws {
    try StaleLock.clearConfiguration(of: repository.gitDirectory, warn: warn)
    // gc.pruneExpire: the keep chains hold what must stay, and `never` guards what is not yet in one.
    for (key, value) in [
      ("gc.auto", "0"), ("gc.pruneExpire", "never"), ("core.fsync", "committed,loose-object,reference"),
      ("weave.writer", writer.text),
    ] {
      try repository.setConfigValue(key, to: value)
    }
    try hideLocalReferences(of: repository)
  }

  /// Has Git take no push of the refs that are the store's own: what was accepted here is nobody else's to say.
  static func hideLocalReferences(of repository: Repository) throws {
    let hidden = "refs/weave-local"
    guard
      try !repository.ownConfigValues(matching: "^receive\\.hiderefs$").contains(where: { $0.value == hidden }
      )
    else { return }
    try repository.addConfigValue("receive.hideRefs", hidden)
  }

  /// The writer whose ledger this clone appends to.
  public func writer() throws -> WriterName {
    guard let text = try repository.configValue("weave.writer") else {
      throw StoreError(
        "the store at \(repository.gitDirectory) does not say who writes in it",
        hint: "`git --git-dir=\(Quoted.shellWord(repository.gitDirectory)) config weave.writer NAME`")
    }
    return try WriterName(text)
  }
}
