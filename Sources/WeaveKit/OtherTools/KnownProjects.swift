import ForeignText
import Git
import WeaveModel
import WeaveStore

/// The projects of a store as other tools' files name them: by URL, else by name.
final class KnownProjects {
  private let store: Store
  private let byAddress: [RepositoryAddress: ProjectName]
  private let byName: [String: ProjectName]  // Keys: names of projects, ASCII
  private var commits: [ProjectName: Set<ObjectID>] = [:]
  private var fetched: [ProjectName: Bool] = [:]
  /// The same for the same projects with the same sources.
  let digest: String

  init(_ records: [ProjectRecord], in store: Store) {
    self.store = store
    byAddress = Dictionary(records.map { (RepositoryAddress($0.source), $0.name) }) { first, _ in first }
    byName = Dictionary(uniqueKeysWithValues: records.map { ($0.name.text, $0.name) })
    let lines = records.map { "\($0.name) \($0.source)\n" }.joined()
    digest = (try? ObjectID.ofBlob(Array(lines.utf8)))?.description ?? ""
  }

  /// The project that has that URL; nil where none has.
  func project(at address: RepositoryAddress) -> ProjectName? { byAddress[address] }

  /// The names of all.
  var names: [String] { byName.keys.sorted() }

  /// The project that a local path's last component is the name of, as where checkouts stand side by side; nil for a source
  /// on a host.
  func project(inFolderOf source: String) -> ProjectName? {
    guard RepositoryAddress.isLocal(source) else { return nil }
    return RepositoryAddress(source).text.split(atScalar: "/").last.flatMap { byName[$0.lowercased()] }
  }

  /// The project that is pinned: the one with that URL, else the one of that name that has the commit, else
  /// where no name is given any that has it.
  func project(of pin: PinnedCommit) throws -> ProjectName? {
    if let address = pin.address, let project = byAddress[address] { return project }
    guard let name = pin.name else {
      return try byName.values.sorted().first { try has(pin.commit, in: $0) }
    }
    let last = name.split(atScalar: "/").last.map(String.init) ?? name
    for name in [name, last] {
      guard let project = byName[name.lowercased()], try has(pin.commit, in: project) else { continue }
      return project
    }
    return nil
  }

  /// Whether anything of the project is here.
  func isFetched(_ project: ProjectName) throws -> Bool {
    if let known = fetched[project] { return known }
    let answer = try !store.sourceTips(of: project).commits.isEmpty
    fetched[project] = answer
    return answer
  }

  /// Whether the project has the commit. Reads the project's whole history once.
  func has(_ commit: CommitID, in project: ProjectName) throws -> Bool {
    if let known = commits[project] { return known.contains(commit.objectID) }
    var all: Set<ObjectID> = []
    var cursor = try store.repository.commits(from: store.allTips(of: project))
    while let id = try cursor.next() { all.insert(id) }
    commits[project] = all
    return all.contains(commit.objectID)
  }
}
