import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

/// Which projects to check out beside a new store.
public enum CheckoutChoice: Sendable {
  case none
  case all
  case named([String])
}

/// A workspace that was made from a remote.
public struct CloneOutcome: Sendable {
  public let directory: String
  public let pulled: PullOutcome
  public let fetched: [FetchResult]
  /// The directories that were checked out, and why others were not.
  public let checkedOut: [String]
  public let failures: [Explanation]
  /// A line for each constellation's trust and probe, and one for each host that projects are fetched from: there is nothing to
  /// compare them with.
  public let believed: [String]
}

extension Workspace {
  private static let checkoutsAtOnce = 4

  /// Makes a workspace in `directory` from nothing but the URL of a remote: the store, the projects from their own
  /// sources in parallel, and checkouts where they are asked for. `directory` must not exist, or be empty; nil for the
  /// last part of the URL.
  ///
  /// Where the remote cannot be read, or is of another `policy`, nothing is left behind. A project that cannot be fetched is reported, and stops
  /// nothing. A clone that is killed leaves the directory: with no store yet, or with one that ``pull(_:choices:)`` and
  /// ``fetch(_:report:)`` complete.
  public static func clone(
    _ url: String, to directory: String?, audience: Audience, checkout: CheckoutChoice, policy: String? = nil,
    caller: Surroundings, report: @escaping @Sendable (FetchProgress) -> Void
  ) async throws -> CloneOutcome {
    let directory = try FileSystem.named(directory ?? name(for: url), from: caller.workingDirectory)
    let isNew = !FileSystem.exists(directory)
    guard isNew || (FileSystem.isDirectory(directory) && FileSystem.contents(of: directory).isEmpty) else {
      throw WeaveError(
        "\(directory) exists and is not an empty directory", hint: hint(forCloneCutOffIn: directory))
    }
    let (workspace, pulled): (Workspace, PullOutcome)
    do {
      (workspace, pulled) = try await store(from: url, in: directory, audience: audience, caller: caller)
      if let policy { try await workspace.require(policy: policy) }
    } catch {
      FileSystem.removeAll(isNew ? directory : directory + "/.weave")
      throw error
    }
    let fetched = try await workspace.fetch([], report: report)
    let (made, failures) = try await workspace.checkOut(checkout)
    return CloneOutcome(
      directory: directory, pulled: pulled, fetched: fetched, checkedOut: made, failures: failures,
      believed: try workspace.believed())
  }

  /// What to do where a clone that was killed left the directory; nil where none did.
  private static func hint(forCloneCutOffIn directory: String) -> String? {
    let gitDirectory = storeDirectory(in: directory)
    guard FileSystem.isDirectory(gitDirectory) else { return nil }
    return (try? Store.open(at: gitDirectory)) == nil
      ? "it holds no store yet: if a clone was cut off there, remove its .weave"
      : "it holds a store: `weave pull` and `weave fetch` in it complete a clone that was cut off"
  }

  /// The store alone, with what the remote has.
  private static func store(
    from url: String, in directory: String, audience: Audience, caller: Surroundings
  ) async throws -> (Workspace, PullOutcome) {
    let git = caller.git
    let author = try await identity(of: caller, git: git, at: .nowhere)
    let gitDirectory = storeDirectory(in: directory)
    let remote = Remote(
      name: try RemoteName("origin"), url: try normalized(source: url, from: caller.workingDirectory),
      audience: audience)
    let repository = try Repository.createBare(at: gitDirectory)
    let exchange = try Exchange.open(for: audience, of: gitDirectory, warn: caller.warn)
    let broken = try await fetchRecords(of: remote, into: exchange, git: git)
    guard let manifest = try exchange.records(of: remote.name)[RecordRef(.manifest, .public)] else {
      throw WeaveError(
        "\(remote.url) holds no store: it has no \(RecordRef(.manifest, .public).name)",
        hint:
          "`weave init`, `weave remote add origin \(Quoted.shellWord(remote.url.text))` and `weave push` put one there"
      )
    }
    let store = try Store.create(
      in: repository, copying: manifest, of: remote, from: exchange, writer: try newWriter(for: author),
      warn: caller.warn)
    do { try excludeFromRepository(around: directory) } catch {
      caller.warn("the store could not be excluded from the repository around it: \(error)")
    }
    let workspace = Workspace(directory: directory, store: store, caller: caller)
    return (workspace, try await workspace.take(from: remote, through: exchange, before: [:], broken: broken))
  }

  private static func name(for url: String) throws -> String {
    var text = RepositoryURL(url).text[...]
    while let shorter = text.dropping(suffix: "/") { text = shorter }
    for suffix in ["/.weave/.git", "/.git", ".git"] where text.ends(with: suffix) {
      text = text.dropLast(bytes: suffix.utf8.count)
      break
    }
    let name = text.unicodeScalars.split(whereSeparator: { $0 == "/" || $0 == ":" }).last.map { String($0) }
    guard let name, name != ".", name != ".." else {
      throw WeaveError(
        "cannot tell a directory's name from \(RepositoryURL(url))", hint: "`weave clone URL DIRECTORY`")
    }
    return name
  }

  /// Clones the chosen projects from the store, as ordinary, self-contained checkouts beside it.
  private func checkOut(_ choice: CheckoutChoice) async throws -> (made: [String], failures: [Explanation]) {
    let records: [ProjectRecord] =
      switch choice {
      case .none: []
      case .all: try projects()
      case .named(let names): try names.map(project)
      }
    let fetched = try records.filter { try isFetched($0) }
    let (git, store, directory) = (git, store.repository.gitDirectory, directory)
    let results = await concurrently(fetched, limit: Self.checkoutsAtOnce) {
      (record) async throws(GitProcessError) -> String in
      try await Self.clone(record, from: store, to: directory + "/" + record.name.text, git: git)
      return record.name.text
    }
    var (made, failures): ([String], [Explanation]) = ([], [])
    for result in results {
      switch result {
      case .success(let name): made.append(name)
      case .failure(let error): failures += Explanation(error).map { [$0] } ?? []
      }
    }
    return (made, failures)
  }

  /// Clones the project from the store, as an ordinary, self-contained checkout with the project's source as its origin.
  ///
  /// - Parameter directory: must not exist, or be empty; nil for one of the project's name beside the store.
  /// - Returns: the directory.
  public func checkOutProject(_ name: String, to directory: String?) async throws -> String {
    let record = try project(name)
    guard try isFetched(record) else {
      throw WeaveError("\(name) was never fetched", hint: "`weave fetch \(name)`")
    }
    let path =
      try directory.map { try FileSystem.named($0, from: caller.workingDirectory) }
      ?? "\(self.directory)/\(record.name)"
    try await Self.clone(record, from: store.repository.gitDirectory, to: path, git: git)
    return path
  }

  private static func clone(
    _ record: ProjectRecord, from gitDirectory: String, to path: String, git: GitProcess
  ) async throws(GitProcessError) {
    try await git.clone(
      from: RepositoryURL(gitDirectory), namespace: record.name.text, to: path, origin: record.source)
  }
}
