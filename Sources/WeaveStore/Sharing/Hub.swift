import ForeignText
import Git
import WeaveModel

/// A repository that others push to, as Git shows it to a hook (githooks(5)): a plain one, or a store that takes pushes.
/// Nothing is written to it.
public final class Hub {
  public let repository: Repository
  /// Of its refs: more than `""` where Git serves one namespace of it.
  private let prefix: String
  /// Whether it is a store: each has a writer, and no hub has.
  let isStore: Bool
  /// The kinds of records that it knows.
  let kinds: [RecordKind]
  var isNamespace: Bool { !prefix.isEmpty }

  /// - Parameters:
  ///   - gitDirectory: its absolute path.
  ///   - objects: the directories where Git finds objects besides: what is pushed is in one of them until the hook has let it
  ///     through.
  ///   - namespace: that of Git which is served (gitnamespaces(7)); empty for none.
  public init(
    at gitDirectory: String, readingObjectsFrom objects: [String], namespace: String,
    knowing kinds: [RecordKind] = RecordKind.all
  ) throws {
    self.kinds = kinds
    repository = try Repository.open(at: gitDirectory)
    for directory in objects { try repository.borrowObjects(from: directory) }
    prefix = namespace.split(atScalar: "/").map { "refs/namespaces/\($0)/" }.joined()
    isStore = try repository.ownConfigValues(matching: "^weave\\.writer$").contains { !$0.value.isEmpty }
  }

  /// The store whose hub this is, as its manifest says; nil where it has none, or one that does not say.
  func store() throws -> StoreID? {
    for audience in Audience.allCases {
      guard let tip = try repository.resolve(prefix + RefName.manifest(audience)) else { continue }
      if let store = try store(ofManifest: tip) { return store }
    }
    return nil
  }

  /// The store of which the manifest is; nil where it does not say.
  func store(ofManifest tip: ObjectID) throws -> StoreID? {
    guard try repository.kind(of: tip) == .commit else { return nil }
    do {
      return try ManifestPart.store(
        in: repository.tree(repository.commit(tip).tree), at: tip, in: repository)
    } catch  where !isUnreadable(error) { return nil }
  }

  /// The stores for which the ledgers here were written.
  func storesOfLedgers() throws -> Set<StoreID> {
    var stores: Set<StoreID> = []
    for audience in Audience.allCases {
      let ledgers = prefix + RefName.records + RecordKind.ledger.path(audience)
      for reference in try repository.references(matching: ledgers + "*") {
        guard case .direct(let tip) = reference.target else { continue }
        if let store = try store(ofLedger: tip) { stores.insert(store) }
      }
    }
    return stores
  }

  /// The store for which the newest event of the ledger was written; nil where what is newest is no event.
  func store(ofLedger tip: ObjectID) throws -> StoreID? {
    var tip = tip
    guard try repository.kind(of: tip) == .commit else { return nil }
    do {
      var commit = try repository.commit(tip)
      while commit.parents.count > 1 {
        tip = commit.parents[0]
        commit = try repository.commit(tip)
      }
      return try Event(recordedBy: commit).ledger.store
    } catch  where !isUnreadable(error) { return nil }
  }
}
