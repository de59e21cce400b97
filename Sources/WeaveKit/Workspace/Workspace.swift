import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

/// A directory with a store in `.weave/.git`, and the checkouts beside it.
///
/// Not Sendable: open one for each task.
public final class Workspace {
  /// The directory, with no trailing slash.
  public let directory: String
  public let store: Store
  public let caller: Surroundings
  let git: GitProcess
  /// Held while the store is made, or projects are adopted.
  var settingUp: DirectoryLock?
  private var isFormatKnown = false
  let warned: Warned
  /// What came of the stored constellations that were read: each is asked for several times.
  var readTexts: [ConstellationRecord: Result<String, UnreadableConstellation>] = [:]
  var readConstellations: [ConstellationRecord: Result<Constellation, UnreadableConstellation>] = [:]
  var parsedVersions = ParsedVersions()
  var measuredByNow: MeasuredConstellations?
  /// How many commits the second of two has that the first has not.
  var distances: [[CommitID]: Int] = [:]
  /// The locks that were told of as not in force.
  var toldLocks: Set<LockID> = []
  /// Those that were passed over, each with one warning.
  var passedOver: Set<ConstellationRecord> = []
  private var computed: (version: Int, compatibility: Compatibility)?
  /// Events that nobody recorded, and which all questions are answered with.
  let supposed: [Event]

  convenience init(directory: String, store: Store, caller: Surroundings) {
    self.init(directory: directory, store: store, caller: caller, supposed: [], warned: Warned())
  }

  private init(directory: String, store: Store, caller: Surroundings, supposed: [Event], warned: Warned) {
    (self.directory, self.store, self.caller) = (directory, store, caller)
    (self.supposed, self.warned) = (supposed, warned)
    git = caller.git
  }

  /// The workspace with another view of its store, or with other events supposed. What was warned of is not warned of again.
  func viewing(_ store: Store? = nil, supposing supposed: [Event]? = nil) -> Workspace {
    Workspace(
      directory: directory, store: store ?? self.store, caller: caller, supposed: supposed ?? self.supposed,
      warned: warned)
  }

  /// What is warned of once, however many views of the workspace find it.
  final class Warned {
    fileprivate var ofRefused = false
    fileprivate var ofNewer = false
    var ofUnverifiable = false
  }

  /// The workspace that the caller's working directory is in.
  public static func open(_ caller: Surroundings) async throws -> Workspace {
    guard let directory = directory(around: caller.workingDirectory) else {
      throw WeaveError(
        "\(caller.workingDirectory) is in no workspace: no directory above it holds .weave/.git",
        hint: "`weave init` makes one here")
    }
    let store = try await openStore(at: storeDirectory(in: directory), caller)
    return Workspace(directory: directory, store: store, caller: caller)
  }

  /// The nearest directory at or above that one which holds a store; nil where there is none.
  static func directory(around start: String) -> String? {
    var directory = start
    while !FileSystem.isDirectory(storeDirectory(in: directory)) {
      guard let slash = directory.lastIndex(ofScalar: "/"), directory != "/" else { return nil }
      directory = slash == directory.startIndex ? "/" : String(directory[..<slash])
    }
    return directory
  }

  /// The store, also one of another user's that `git` trusts: libgit2 1.5 knows neither `safe.directory=*` nor
  /// `GIT_CONFIG_GLOBAL`.
  private static func openStore(at gitDirectory: String, _ caller: Surroundings) async throws -> Store {
    do {
      return try Store.open(at: gitDirectory, warn: caller.warn)
    } catch {
      guard (error as? GitError)?.code == .notOwned,
        try await caller.git.trusts(gitDirectory)
      else { throw error }
      Libgit2.setOwnerValidation(false)
      return try Store.open(at: gitDirectory, warn: caller.warn)
    }
  }

  static func storeDirectory(in directory: String) -> String { directory + "/.weave/.git" }

  /// Whoever runs the command, by the store's settings and the user's.
  func author() async throws -> Signature {
    try await Self.identity(of: caller, git: git, at: .repository(store.repository.gitDirectory))
  }

  /// The committer, as of `git tag`. Not the author: to a hook, `git rebase` gives the author of the commit that it
  /// rewrites.
  static func identity(of caller: Surroundings, git: GitProcess, at place: GitPlace) async throws -> Signature
  {
    let line = try await git.committerIdentity(caller: caller.environment, at: place)
    guard let signature = line.flatMap({ Signature(header: Array($0.utf8)) }) else {
      throw WeaveError(
        "cannot record who this is from: Git has no name or no address for you",
        hint: "`git config --global user.name NAME` and `git config --global user.email ADDRESS`")
    }
    return signature
  }

  /// The state that the store's events add up to: by the index, and as computed before where no ledger has moved. Throws in a
  /// store of a newer format, but in ``Store/readingAnyFormat(_:)``: what is fit may depend on what its records say.
  public func compatibility() throws -> Compatibility {
    if !isFormatKnown {
      try store.requireKnownFormat()
      isFormatKnown = !store.readsAnyFormat
    }
    let ledgers = try store.ledgers()
    if let refused = ledgers.refused.first, !warned.ofRefused {
      // Once: a revocation may be among it.
      warned.ofRefused = true
      caller.warn(
        "\(ledgers.refused.count) in the ledgers counts for nothing, \(refused); `weave fsck` says all")
    }
    if let newer = ledgers.newer.first, !warned.ofNewer {
      warned.ofNewer = true
      caller.warn(
        "\(ledgers.newer.count) in the ledgers is of a newer weave, \(newer.short), and read on the safe side; "
          + "upgrade weave, `weave fsck` says all")
    }
    if let computed, computed.version == ledgers.version { return computed.compatibility }
    var (events, commits) = (ledgers.events, store.commits)
    for event in supposed { events.append(event, commits: &commits) }
    let compatibility = Compatibility(events, commits)
    computed = (ledgers.version, compatibility)
    return compatibility
  }

  /// The event in full, read from its commit.
  public func event(_ id: EventID) throws -> Event {
    try supposed.first { $0.id == id } ?? store.event(id)
  }

  /// The project's commits that `tip` reaches, newest first (Docs/concepts.md, "Resolution"), by the index. The numbers
  /// are those of ``commits``.
  public func history(of project: ProjectName, from tip: CommitID) throws -> [CommitNumber] {
    try store.history(of: project, from: tip)
  }

  /// The numbers of all commits met so far. Those in a ``compatibility()`` are the same, as far as they go: a history
  /// that is read later may hold commits that have none there.
  public var commits: CommitTable { store.commits }

  /// The record of the project called `text`; an error with the nearest name where there is none.
  public func project(_ text: String) throws -> ProjectRecord {
    let projects = try store.manifest().projects
    if let name = try? ProjectName(text), let record = projects[name] { return record }
    let names = projects.keys.sorted().map(\.text)
    throw WeaveError(
      "no project is called '\(text)'",
      hint: Nearest.match(text, among: names).map { "did you mean '\($0)'?" }
        ?? (names.isEmpty ? "`weave project add NAME SOURCE` adds one" : "`weave project list` lists them"))
  }
}
