import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

/// An ordinary Git checkout beside the store that belongs to a project.
public struct Checkout: Sendable, Hashable {
  public let project: ProjectName
  public let path: String

  /// Its repository; throws ``WeaveError`` for a shallow one, whose history cannot be told, and where
  /// ``requireOwnWorkTree()`` does.
  func open() throws -> Repository {
    let repository = try Repository.open(at: path)
    try refuseWorkTreeElsewhere(of: repository)
    guard !repository.isShallow else {
      throw WeaveError("the checkout \(path) is shallow", hint: "`git fetch --unshallow` in it")
    }
    return repository
  }

  /// Throws ``WeaveError`` where its configuration has Git work in another directory, which may be anybody's.
  func requireOwnWorkTree() throws { try refuseWorkTreeElsewhere(of: Repository.open(at: path)) }

  private func refuseWorkTreeElsewhere(of repository: Repository) throws {
    guard let place = try repository.workTree(elsewhereThan: path) else { return }
    throw WeaveError(
      "the checkout \(path) has its work tree elsewhere: core.worktree is \(place)",
      hint: "`git -C \(Quoted.shellWord(path)) config --unset core.worktree` makes it its own again")
  }
}

extension Workspace {
  /// The checkouts beside the store, by project: those whose remote is the project's source, that are the source, or
  /// that carry the project's name and know a commit of it, or cannot be read.
  ///
  /// Of several, the one that the caller stands in, else the one with the project's name, else the first by path.
  public func checkouts() throws -> [ProjectName: Checkout] {
    let records = try projects()
    let sources = Self.addresses(of: records)
    var found = try recordedCheckouts(of: records)
    for name in FileSystem.contents(of: directory) where name != ".weave" {
      let path = directory + "/" + name
      guard FileSystem.exists(path + "/.git"),
        let project = try project(ofCheckout: path, named: name, among: records, sources: sources)
      else { continue }
      found[project, default: []].append(Checkout(project: project, path: path))
    }
    return found.compactMapValues { checkouts in
      checkouts.first { (caller.workingDirectory + "/").begins(with: $0.path + "/") }
        ?? checkouts.first { $0.path == directory + "/" + $0.project.text } ?? checkouts.first
    }
  }

  private static func addresses(of records: [ProjectRecord]) -> [ProjectName: RepositoryAddress] {
    Dictionary(uniqueKeysWithValues: records.map { ($0.name, RepositoryAddress($0.source)) })
  }

  /// The checkouts that the workspace is in, or is itself, the nearest first, each with every project whose branches it may come
  /// to have: those of its remotes, of itself, of its name where it knows a commit of it, and that it was recorded for. Of one that
  /// cannot be read `unread` is told.
  func enclosingCheckouts(unread: (_ path: String, any Error) -> Void) throws -> [Checkout] {
    let records = try projects()
    let sources = Self.addresses(of: records)
    let recorded = try recordedCheckouts(of: records).values.joined().map {
      Checkout(project: $0.project, path: FileSystem.canonical($0.path))
    }
    var found: [Checkout] = []
    var place = FileSystem.canonical(directory)
    while let path = FileSystem.checkout(around: place), let slash = path.lastIndex(ofScalar: "/") {
      place = String(path[..<slash])
      let name = path[slash...].dropFirst(bytes: 1)
      do {
        let repository = try Repository.open(at: path)
        let origins = try remotes(of: repository, at: path)
        found += try records.filter { record in
          if sources[record.name].map(origins.contains) ?? false { return true }
          if recorded.contains(where: { $0.project == record.name && $0.path.isExactly(path) }) {
            return true
          }
          return try record.name.text.isExactly(name) && knows(repository, record)
        }.map { Checkout(project: $0.name, path: path) }
      } catch let error as GitError where error.code == .notARepository {
        continue
      } catch { unread(path, error) }
    }
    return found
  }

  /// What the store's own configuration says by `weave.PROJECT.<setting>`, in its order: with the projects' names, which may
  /// be of no project any more.
  func projectSettings(_ setting: String) throws -> [(project: String, value: String)] {
    try store.repository.ownConfigValues(matching: "^weave\\..*\\.\(setting)$").map { key, value in
      let name = key.dropFirst(bytes: "weave.".utf8.count).dropLast(bytes: ".\(setting)".utf8.count)
      return (String(name), value)
    }
  }

  /// The checkouts that are no direct children of the workspace, as their adoption has recorded them.
  private func recordedCheckouts(of records: [ProjectRecord]) throws -> [ProjectName: [Checkout]] {
    var found: [ProjectName: [Checkout]] = [:]
    for (name, place) in try projectSettings("checkout") {
      let path = FileSystem.absolute(place, from: directory)
      guard let record = records.first(where: { $0.name.text == name }), FileSystem.exists(path + "/.git")
      else { continue }
      found[record.name] = [Checkout(project: record.name, path: path)]
    }
    return found
  }

  private func project(
    ofCheckout path: String, named name: String, among records: [ProjectRecord],
    sources: [ProjectName: RepositoryAddress]
  ) throws -> ProjectName? {
    let namesake = records.first { $0.name.text == name }
    guard let repository = try? Repository.open(at: path) else { return namesake?.name }
    let origins = try origins(of: repository, at: path)
    func comes(from record: ProjectRecord) -> Bool { sources[record.name].map(origins.contains) ?? false }
    if let namesake, comes(from: namesake) { return namesake.name }
    if let record = records.first(where: comes(from:)) { return record.name }
    return try namesake.flatMap { try knows(repository, $0) ? $0.name : nil }
  }

  /// What a project's source would be whose checkout this is.
  private func origins(of repository: Repository, at path: String) throws -> [RepositoryAddress] {
    let url = try repository.configValue("remote.origin.url")
    return [address(of: path)] + (url.map { [address(of: $0, from: path)] } ?? [])
  }

  /// What a project's source would be of which this may have branches.
  private func remotes(of repository: Repository, at path: String) throws -> Set<RepositoryAddress> {
    let urls = try repository.ownConfigValues(matching: "^remote\\..*\\.url$").map(\.value)
    return Set([address(of: path)] + urls.map { address(of: $0, from: path) })
  }

  /// Whether the repository and the project have a commit in common.
  private func knows(_ repository: Repository, _ record: ProjectRecord) throws -> Bool {
    if let head = try repository.resolve("HEAD"), try store.has(CommitID(head), in: record.name) {
      return true
    }
    return try store.branchTips(of: record.name).contains { try repository.contains($0) }
  }

  /// Which repository a source is; a path is taken from `directory`, and its links are followed.
  func address(of source: String, from directory: String = "/") -> RepositoryAddress {
    guard let path = RepositoryAddress.localPath(source) else { return RepositoryAddress(source) }
    return RepositoryAddress(FileSystem.canonical(FileSystem.absolute(path, from: directory)))
  }
}
