import ForeignText
import Git
import WeaveFormats
import WeaveModel

/// A commit of another repository that a commit of a project names, and where.
struct PinnedCommit: Hashable {
  /// What it is called there; nil where it is not named.
  let name: String?
  let address: RepositoryAddress?
  let commit: CommitID
  /// The path of the file, or of the gitlink, that names it.
  let file: String
  /// Whether it is named for itself, and not on behalf of another.
  let isDirect: Bool
}

/// Reads what the trees of one repository pin: by gitlinks, and in the files of other tools. No tree is looked into twice, and
/// what was read of one content is not read again.
///
/// It looks at the top of each tree, in the directories of submodules, and in those where the tip has such files.
struct PinReader {
  /// What a tree pins, the files that could not be read, and what in the others names no commit: a line each, and of all trees
  /// together each once.
  struct Reading {
    var pins: [PinnedCommit] = []
    var problems: [String] = []
    var remarks: [String] = []
  }

  private let repository: Repository
  private let trees: KnownTrees
  /// The URL of the repository, from which relative URLs are taken.
  private let source: String
  /// What was read so far, by the numbers that ``number(of:)`` gives; the first pins nothing.
  private(set) var readings = [Reading()]
  private var numbersByTree: [ObjectID: Int] = [:]
  private var known: [Pinning: [IncludedPaths]] = [:]
  private var files: [TreeEntry: KnownFile] = [:]
  /// The directories that are looked into.
  private var directories: Set<ExactText> = []
  private var paths: PathsOfTrees
  /// Whether there are more directories than are looked into.
  private(set) var isCutShort = false
  /// Whether there was more in the history's files than is read.
  private(set) var isExhausted = false
  private var workDone = 0
  /// How many projects of files, and gitlinks, were read of all trees.
  private var entriesRead = 0
  /// The versions of a file name the same URLs.
  private var addresses: [ExactText: RepositoryAddress] = [:]
  /// The remarks of all readings.
  private(set) var told = ToldLines()
  private let mostHistoryWork, mostHistoryEntries: Int
  private var knownNames: [ExactText: Bool] = [:]
  private var knownGitmodules: Set<ObjectID> = []

  /// What pins in a tree: at its top, and the number of what does below.
  private struct Pinning: Hashable {
    let top: [TreeEntry]
    let below: Int
  }

  /// The paths that one content includes, and the numbers of what was read, by what was at these.
  private struct IncludedPaths {
    let names: [ExactText]
    var paths: PathsOfTrees
    var numbers: [Int: Int] = [:]
  }

  /// What a file came to, when these were the objects at the paths that it includes.
  private struct KnownFile {
    let included: [ExactText: ObjectID?]
    let bytes: Int
    let projects: Result<[ForeignProject], any Error>
  }

  /// - Parameters:
  ///   - mostHistoryWork: how many bytes of files are read of all trees, each as often as its format is slow to read:
  ///     of a file of 100 KB a thousand versions, of YAML a hundred.
  ///   - mostHistoryEntries: the most projects of files, and gitlinks, that are read of all trees: some thousand versions of a
  ///     hundred; they take half a minute.
  init(
    _ repository: Repository, source: String, tip: ObjectID, mostHistoryWork: Int = Self.mostHistoryWork,
    mostHistoryEntries: Int = 500_000
  ) throws {
    (self.repository, self.source) = (repository, source)
    (self.mostHistoryWork, self.mostHistoryEntries) = (mostHistoryWork, mostHistoryEntries)
    trees = KnownTrees(repository)
    paths = PathsOfTrees(repository) { $0.filter(Self.isPinning) }
    try findDirectories(below: tip)
  }

  /// The number of what the tree pins. The cost is the top of the tree, and of the directories that are looked into what
  /// was in no tree before.
  mutating func number(of tree: ObjectID) throws -> Int {
    if let number = numbersByTree[tree] { return number }
    guard mayReadEntries() else { return 0 }
    let number = try number(ofNew: tree)
    numbersByTree[tree] = number
    return number
  }

  private mutating func number(ofNew tree: ObjectID) throws -> Int {
    let entries = try repository.tree(tree)
    var top: [TreeEntry] = []
    for entry in entries where entry.isGitlink || (!entry.isTree && isFileOfTool(entry.name)) {
      top.append(entry)
    }
    if let gitmodules = top.first(where: { $0.name == ".gitmodules" }) {
      try addDirectories(of: gitmodules.id)
    }
    let pinning = Pinning(top: top, below: try paths.number(of: tree, with: entries))
    guard pinning != Pinning(top: [], below: 0) else { return 0 }
    for place in (known[pinning] ?? []).indices {
      guard let state = try known[pinning]?[place].paths.number(of: tree, with: entries) else { continue }
      if let number = known[pinning]?[place].numbers[state] { return number }
    }
    let below = paths.entries(of: pinning.below)
    entriesRead += top.count + below.count
    guard mayReadEntries() else { return 0 }
    let (included, reading) = try read(top + below, of: tree)
    readings.append(reading)
    try remember(readings.count - 1, of: pinning, including: included, in: (tree, entries))
    return readings.count - 1
  }

  private mutating func remember(
    _ number: Int, of pinning: Pinning, including included: Set<ExactText>,
    in top: (tree: ObjectID, entries: [TreeEntry])
  ) throws {
    let names = included.sorted()
    var known = self.known[pinning] ?? []
    if !known.contains(where: { $0.names == names }) {
      if known.count == Self.mostIncludedPaths { known.removeFirst() }
      var paths = PathsOfTrees(repository)
      for name in names { paths.addPath(name.text) }
      known.append(IncludedPaths(names: names, paths: paths))
    }
    if let place = known.firstIndex(where: { $0.names == names }) {
      let state = try known[place].paths.number(of: top.tree, with: top.entries)
      known[place].numbers[state] = number
    }
    self.known[pinning] = known
  }

  /// Each is looked up for each commit: of more the last count, and what only others would tell is read again.
  private static let mostIncludedPaths = 8

  /// Asked of the same few names for each commit.
  private mutating func isFileOfTool(_ name: String) -> Bool {
    if let known = knownNames[ExactText(name)] { return known }
    let answer = WorkspaceFormat(path: name) != nil
    knownNames[ExactText(name)] = answer
    return answer
  }

  // MARK: where to look

  /// Below the top, only files whose names no other tool uses count.
  private static func isPinning(_ entry: TreeEntry) -> Bool {
    if entry.isTree { return false }
    return entry.isGitlink || [.west, .vcs, .flake].contains(WorkspaceFormat(path: entry.name))
  }

  private struct FoundDirectory {
    let tree: ObjectID
    let name: String
    /// The number of the one that it is in.
    let parent: Int
    /// How long its whole path is.
    let length: Int
  }

  /// Breadth first, so that where there are too many, those near the top count.
  private mutating func findDirectories(below tip: ObjectID) throws {
    var found = [FoundDirectory(tree: tip, name: "", parent: 0, length: -1)]
    var next = 0
    while next < found.count {
      let directory = found[next]
      let entries = try repository.tree(directory.tree)
      if next > 0, entries.contains(where: Self.isPinning) {
        var (names, place) = ([String](), next)
        while place > 0 {
          names.append(found[place].name)
          place = found[place].parent
        }
        addDirectory(names.reversed().joined(separator: "/"))
      }
      for entry in entries where entry.isTree {
        let length = directory.length + 1 + entry.name.utf8.count
        guard found.count < Self.mostDirectories, length <= Self.longestPath else {
          isCutShort = true
          continue
        }
        found.append(FoundDirectory(tree: entry.id, name: entry.name, parent: next, length: length))
      }
      next += 1
    }
  }

  private mutating func addDirectories(of gitmodules: ObjectID) throws {
    guard knownGitmodules.insert(gitmodules).inserted, try mayRead(repository.size(of: gitmodules)) else {
      return
    }
    let file = try? WorkspaceFile.read(
      repository.blob(gitmodules, atMost: WorkspaceFile.longest), as: .gitmodules, at: ".gitmodules",
      from: source)
    for path in (file?.projects ?? []).compactMap(\.path) {
      if let slash = path.lastIndex(ofScalar: "/") { addDirectory(String(path[..<slash])) }
    }
  }

  private mutating func addDirectory(_ path: String) {
    guard !directories.contains(ExactText(path)) else { return }
    guard directories.count < Self.mostPinningDirectories, path.utf8.count <= Self.longestPath,
      paths.depths + path.depth <= Self.mostDepths
    else {
      isCutShort = true
      return
    }
    directories.insert(ExactText(path))
    paths.addDirectory(path)
    numbersByTree = [:]
  }

  /// Whether that much may be done besides what was; counts it.
  private mutating func mayRead(_ work: Int) -> Bool {
    workDone += work
    if workDone > mostHistoryWork { isExhausted = true }
    return workDone <= mostHistoryWork
  }

  /// Whether what was read so far leaves room for more entries.
  private mutating func mayReadEntries() -> Bool {
    if entriesRead > mostHistoryEntries { isExhausted = true }
    return entriesRead <= mostHistoryEntries
  }

  // A few objects make a tree of endless directories: each of its trees stands in the next one ten times.
  private static let mostDirectories = 100_000
  private static let mostPinningDirectories = 1_000
  /// The most that the depths of all directories that are looked into come to.
  private static let mostDepths = 100_000
  /// The most that the depths of all paths that one tree's files include come to.
  private static let mostIncludedDepths = 20_000
  /// The most bytes of one tree's files, and of what they include, that are read.
  private static let mostBytes = 16 << 20
  static let mostHistoryWork = 128 << 20
  private static let mostKnownFiles = 20_000
  private static let mostKnownAddresses = 100_000
  /// No longer path can be checked out (PATH_MAX).
  private static let longestPath = 4_096

  // MARK: what is there

  private mutating func read(_ entries: [TreeEntry], of tree: ObjectID) throws
    -> (included: Set<ExactText>, reading: Reading)
  {
    var (included, reading): (Set<ExactText>, Reading) = ([], Reading())
    var gitlinks: [ExactText: CommitID] = [:]
    for entry in entries where entry.isGitlink { gitlinks[ExactText(entry.name)] = CommitID(entry.id) }
    var (bytes, depths) = (0, 0)
    for entry in entries {
      guard !entry.isGitlink, let format = WorkspaceFormat(path: entry.name) else { continue }
      guard bytes <= Self.mostBytes, depths <= Self.mostIncludedDepths else {
        reading.problems.append(
          "\(entry.name) is not read: the files before it, with what they include, are more than \(Self.mostBytes >> 20) MiB or \(Self.mostIncludedDepths) directories deep together"
        )
        break
      }
      let known = try knownFile(entry, as: format, in: tree, telling: &reading.remarks)
      bytes += known.bytes
      for path in known.included.keys where included.insert(path).inserted {
        depths += path.text.depth
      }
      let projects: [ForeignProject]
      do { projects = try known.projects.get() } catch {
        reading.problems.append("\(error)")
        continue
      }
      for project in projects {
        let commit =
          format == .gitmodules
          ? project.path.flatMap { gitlinks.removeValue(forKey: ExactText($0)) } : project.commit
        guard let commit else { continue }
        reading.pins.append(
          PinnedCommit(
            name: project.name, address: project.url.map { address(of: $0) }, commit: commit,
            file: entry.name, isDirect: project.isDirect))
      }
    }
    for (path, commit) in gitlinks.sorted(by: { $0.key < $1.key }) {
      reading.pins.append(
        PinnedCommit(name: path.text, address: nil, commit: commit, file: path.text, isDirect: true))
    }
    return (included, reading)
  }

  /// What the file says in the tree, from the last reading of it where what it includes is the same.
  private mutating func knownFile(
    _ entry: TreeEntry, as format: WorkspaceFormat, in tree: ObjectID, telling remarks: inout [String]
  ) throws -> KnownFile {
    if let known = files[entry],
      try known.included.allSatisfy({ try self.entry(at: $0.key.text, in: tree)?.id == $0.value })
    {
      return known
    }
    var (included, bytes, depths): ([ExactText: ObjectID?], Int, Int) = ([:], 0, 0)
    let size = try repository.size(of: entry.id)
    let isRead = mayRead(size * format.slowness)
    let result = Result {
      guard isRead else { throw WeaveError("\(entry.name) is not read: the newer versions were too much") }
      let content = try self.bytes(at: entry.id, of: entry.name)
      bytes += content.count
      return try WorkspaceFile.read(content, as: format, at: entry.name, from: source) { path in
        depths += path.depth
        guard depths <= Self.mostIncludedDepths else {
          throw WeaveError(
            "what it includes is more than \(Self.mostIncludedDepths) directories deep together")
        }
        let found = try self.entry(at: path, in: tree)
        included[ExactText(path)] = .some(found?.id)
        guard let found else { return nil }
        if found.isTree { return .folder(try repository.tree(found.id).map(\.name)) }
        let content = try self.bytes(at: found.id, of: path)
        bytes += content.count
        return .file(content)
      }
    }
    // What a default lends to many projects costs as much as if it stood there.
    let file = try? result.get()
    let projects = file?.projects ?? []
    for problem in file?.problems ?? [] where told.append(problem, once: problem) {
      remarks.append(problem)
    }
    let lent = projects.reduce(0) { $0 + $1.textBytes }
    workDone += max(0, bytes - size) * format.slowness + max(0, lent - bytes)
    entriesRead += projects.count
    let known = KnownFile(included: included, bytes: bytes, projects: result.map(\.projects))
    if files.count >= Self.mostKnownFiles { files = [:] }
    files[entry] = known
    return known
  }

  private mutating func address(of url: String) -> RepositoryAddress {
    if let known = addresses[ExactText(url)] { return known }
    let address = RepositoryAddress(url)
    if addresses.count >= Self.mostKnownAddresses { addresses = [:] }
    addresses[ExactText(url)] = address
    return address
  }

  /// The content of the file at `path`, whose size is looked at before it is read.
  private func bytes(at id: ObjectID, of path: String) throws -> [UInt8] {
    let size = try repository.size(of: id)
    guard size <= WorkspaceFile.longest else {
      throw WeaveError("\(path): it has \(size) bytes, of at most \(WorkspaceFile.longest)")
    }
    return try repository.blob(id, atMost: WorkspaceFile.longest)
  }

  /// What is at the path in the tree; nil where nothing is.
  private func entry(at path: String, in tree: ObjectID) throws -> TreeEntry? {
    try trees.entry(at: path, in: tree)
  }
}

extension WorkspaceFormat {
  /// How many times as long as of XML a byte of it takes, about.
  fileprivate var slowness: Int {
    switch self {
    case .west, .vcs, .mani: 10
    case .flake: 2
    case .gitmodules, .repo, .jiri, .deps: 1
    }
  }
}

extension String {
  /// How many components it has as a path.
  fileprivate var depth: Int { 1 + utf8.count { $0 == UInt8(ascii: "/") } }
}
