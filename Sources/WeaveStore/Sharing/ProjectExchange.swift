import ForeignText
import Git
import WeaveModel

/// The bare repository beside a store with a private project through which one project's commits come in from its source and go
/// out to it: what is of another project alone is never in it (Docs/design/exchange-repositories.md).
///
/// It is derived: deleted, it is made anew by the next fetch. Its refs have the names that the project's have in the store, and
/// its settings are the store's.
public struct ProjectExchange: Sendable {
  public let project: ProjectName
  public let gitDirectory: String

  /// Where the store is.
  public let storeDirectory: String

  /// The one of the project in the store at `storeDirectory`, which need not be there.
  public init(for project: ProjectName, of storeDirectory: String) {
    (self.project, self.storeDirectory) = (project, storeDirectory)
    gitDirectory = "\(Self.directory(of: storeDirectory))/\(project).git"
  }

  /// Makes it where it is not there, and completes one that was cut off in the making. Has the store's lock until it returns.
  public func make(warn: (String) -> Void) throws {
    let lock = try StoreLock(gitDirectory: storeDirectory, warn: warn)
    try withExtendedLifetime(lock) {
      let repository = try Exchange.makeOrOpen(gitDirectory, warn: warn)
      // The source is asked as the store's own configuration has it: proxies, `insteadOf`, helpers for credentials.
      if try repository.ownConfigValues(matching: "^include\\.path$").isEmpty {
        try repository.setConfigValue("include.path", to: "../../../../config")
      }
      StaleLock.removeAll(under: "refs", gitDirectory: gitDirectory, warn: warn)
    }
  }

  /// What the `.keep` of a pack says that came from one of these.
  static let note = "weave: a pack of weave/exchange/projects"

  static func directory(of storeDirectory: String) -> String { storeDirectory + "/weave/exchange/projects" }

  /// Whether it is there, and has exactly those branches and tags, by their full names in the project, as far as can be read.
  public func has(exactly branchesAndTags: [ExactText: ObjectID]) throws -> Bool {
    try references().filter { $0.key.text.begins(with: "refs/") } == branchesAndTags.mapValues { .direct($0) }
  }

  /// The project's HEAD where it is detached, its branches and its tags, by their full names in the project. None where the
  /// repository is not there.
  public func references() throws -> [ExactText: Reference.Target] {
    let repository: Repository
    do { repository = try Repository.open(at: gitDirectory) } catch {
      guard error.code == .notARepository else { throw error }
      return [:]
    }
    return try Self.references(of: project, in: repository)
  }

  /// The commits that its branches, tags and HEAD lead to, in no order. None where the repository is not there.
  public func tips() throws -> [ObjectID] {
    let ids = try references().values.compactMap(\.directID)
    guard !ids.isEmpty else { return [] }
    let repository = try Repository.open(at: gitDirectory)
    var tips: [ObjectID] = []
    for id in ids {
      do { tips.append(try repository.peelToCommit(id)) } catch {
        // A tag can be of anything.
        guard error.leadsToNoCommit else { throw error }
      }
    }
    return tips
  }

  private static func references(
    of project: ProjectName, in repository: Repository
  ) throws -> [ExactText: Reference.Target] {
    let namespace = RefName.namespace(project)
    var references: [ExactText: Reference.Target] = [:]
    for reference in try repository.references(matching: namespace + "*") {
      references[ExactText(reference.name.dropFirst(bytes: namespace.utf8.count))] = reference.target
    }
    return references
  }

  /// What has come in that the store does not have so: first gives it the objects, then returns how its refs are to be moved,
  /// sorted by name. Nothing is copied where the file system has hard links.
  ///
  /// Looks at the refs, and where they differ at each file of an object. The refs are the caller's to move, afterwards.
  ///
  /// - Parameters:
  ///   - isHeadDetached: whether the HEAD that came is the project's. Elsewhere it is one that the source had once.
  ///   - before: where only what has changed since counts, what it had before.
  public func give(
    isHeadDetached: Bool, since before: [ExactText: Reference.Target]?
  ) throws -> [ReferenceMove] {
    let (source, store) = (try Repository.open(at: gitDirectory), try Repository.open(at: storeDirectory))
    let come = try Self.references(of: project, in: source)
    let known = try Self.references(of: project, in: store)
    func isGiven(_ name: ExactText) -> Bool {
      guard before.map({ $0[name] != come[name] }) ?? true else { return false }
      return name.text.begins(with: "refs/") || isHeadDetached && name == "HEAD"
    }
    var moves: [ReferenceMove] = []
    for name in Set(come.keys).union(known.keys).sorted() where come[name] != known[name] && isGiven(name) {
      moves.append(
        ReferenceMove(
          name: RefName.namespace(project) + name.text, from: known[name]?.directID, to: come[name]?.directID)
      )
    }
    if !moves.isEmpty { try store.linkObjects(of: source, keeping: Self.note) }
    return moves
  }
}

extension Reference.Target {
  fileprivate var directID: ObjectID? { if case .direct(let id) = self { id } else { nil } }
}

/// How one ref is to be moved: only from where it was.
public struct ReferenceMove: Hashable, Sendable {
  public let name: String
  /// Nil where it was not there.
  public let from: ObjectID?
  /// Nil where it goes.
  public let to: ObjectID?
}

extension Store {
  /// Whether each project's commits come and go through a repository of its own: where one is private.
  public func keepsProjectsApart() throws -> Bool { try !privateProjects().isEmpty }

  /// Those that are on the disk, of whatever project, by name.
  public func projectExchanges() -> [ProjectExchange] {
    let names = LooseFiles.names(in: ProjectExchange.directory(of: repository.gitDirectory)) ?? []
    return names.compactMap { name in
      name.dropping(suffix: ".git").flatMap { try? ProjectName(String($0)) }
        .map { ProjectExchange(for: $0, of: repository.gitDirectory) }
    }.sorted { $0.project < $1.project }
  }

  /// Gives the store the packs of `exchanges`, which were collected, and has the next collection of the store pack what is in
  /// others of their kind anew. To be called with the store's lock held.
  public func takePacks(of exchanges: [ProjectExchange]) throws {
    for exchange in exchanges {
      try repository.linkObjects(
        of: Repository.open(at: exchange.gitDirectory), keeping: ProjectExchange.note)
    }
    try repository.releasePacks(keptBy: ProjectExchange.note, notIn: exchanges.map(\.gitDirectory))
  }
}
