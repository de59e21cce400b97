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

/// Reads what the trees of one repository pin: by gitlinks, and in the files of other tools. What was read of one content
/// is not read again.
///
/// It looks at the top of each tree, in the directories of submodules, and in those where the tip has such files.
struct PinReader {
  /// What a tree pins, the files that could not be read, and what in the others names no commit: a line each.
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
  private var known: [[TreeEntry]: [IncludedPaths]] = [:]
  /// The directories that are looked into, and what they held when they were looked into last.
  private var directories: [ExactText: (tree: ObjectID, entries: [TreeEntry])] = [:]
  /// Whether there are more directories than are looked into.
  private(set) var isCutShort = false
  private var knownNames: [ExactText: Bool] = [:]
  private var knownGitmodules: Set<ObjectID> = []

  /// The paths that one content includes, and the numbers of what was read, by what was at these.
  private struct IncludedPaths {
    let paths: [ExactText]
    var numbers: [[ObjectID?]: Int]
  }

  init(_ repository: Repository, source: String, tip: ObjectID) throws {
    (self.repository, self.source) = (repository, source)
    trees = KnownTrees(repository)
    try findDirectories(below: tip)
  }

  /// The number of what the tree pins. Where nothing that can pin is new in it, the cost is the top of the tree, and what
  /// has changed of the directories that are looked into.
  mutating func number(of tree: ObjectID) throws -> Int {
    let top = try repository.tree(tree)
    var pinning: [TreeEntry] = []
    for entry in top where entry.isGitlink || (!entry.isTree && isFileOfTool(entry.name)) {
      pinning.append(entry)
    }
    if let gitmodules = pinning.first(where: { $0.name == ".gitmodules" }) {
      try addDirectories(of: gitmodules.id)
    }
    for path in directories.keys.sorted() { pinning += try entries(in: path.text, of: tree) }
    guard !pinning.isEmpty else { return 0 }
    for known in known[pinning] ?? [] {
      let ids = try known.paths.map { try entry(at: $0.text, in: tree)?.id }
      if let number = known.numbers[ids] { return number }
    }
    let (included, reading) = try read(pinning, of: tree)
    readings.append(reading)
    remember(readings.count - 1, of: pinning, including: included)
    return readings.count - 1
  }

  private mutating func remember(
    _ number: Int, of pinning: [TreeEntry], including included: [ExactText: ObjectID?]
  ) {
    let paths = included.keys.sorted()
    let ids = paths.map { included[$0] ?? nil }
    var known = self.known[pinning] ?? []
    if let place = known.firstIndex(where: { $0.paths == paths }) {
      known[place].numbers[ids] = number
    } else {
      if known.count == Self.mostIncludedPaths { known.removeFirst() }
      known.append(IncludedPaths(paths: paths, numbers: [ids: number]))
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

  /// Breadth first, so that where there are too many, those near the top count.
  private mutating func findDirectories(below tip: ObjectID) throws {
    var found = [(tree: tip, path: "")]
    var next = 0
    while next < found.count {
      let (tree, path) = found[next]
      next += 1
      let entries = try repository.tree(tree)
      if !path.isEmpty, entries.contains(where: Self.isPinning) { addDirectory(path) }
      for entry in entries where entry.isTree {
        let child = path.isEmpty ? entry.name : path + "/" + entry.name
        guard found.count < Self.mostDirectories, child.utf8.count <= Self.longestPath else {
          isCutShort = true
          continue
        }
        found.append((entry.id, child))
      }
    }
  }

  private mutating func addDirectories(of gitmodules: ObjectID) throws {
    guard knownGitmodules.insert(gitmodules).inserted else { return }
    let file = try? WorkspaceFile.read(
      repository.blob(gitmodules), as: .gitmodules, at: ".gitmodules", from: source)
    for path in (file?.projects ?? []).compactMap(\.path) {
      if let slash = path.lastIndex(ofScalar: "/") { addDirectory(String(path[..<slash])) }
    }
  }

  private mutating func addDirectory(_ path: String) {
    guard directories[ExactText(path)] == nil else { return }
    guard directories.count < Self.mostPinningDirectories, path.utf8.count <= Self.longestPath else {
      isCutShort = true
      return
    }
    directories[ExactText(path)] = (.emptyTree, [])
  }

  // A few objects make a tree of endless directories: each of its trees stands in the next one ten times.
  private static let mostDirectories = 100_000
  /// Each is looked at for each commit.
  private static let mostPinningDirectories = 1_000
  /// No longer path can be checked out (PATH_MAX).
  private static let longestPath = 4_096

  /// What pins in the directory, by its whole path.
  private mutating func entries(in path: String, of top: ObjectID) throws -> [TreeEntry] {
    guard let found = try entry(at: path, in: top), found.isTree else { return [] }
    let tree = found.id
    if let known = directories[ExactText(path)], known.tree == tree { return known.entries }
    let entries = try repository.tree(tree).filter(Self.isPinning).map {
      TreeEntry(name: path + "/" + $0.name, mode: $0.mode, id: $0.id)
    }
    directories[ExactText(path)] = (tree, entries)
    return entries
  }

  // MARK: what is there

  private func read(_ entries: [TreeEntry], of tree: ObjectID) throws
    -> (included: [ExactText: ObjectID?], reading: Reading)
  {
    var (included, reading): ([ExactText: ObjectID?], Reading) = ([:], Reading())
    var gitlinks: [ExactText: CommitID] = [:]
    for entry in entries where entry.isGitlink { gitlinks[ExactText(entry.name)] = CommitID(entry.id) }
    for entry in entries {
      guard !entry.isGitlink, let format = WorkspaceFormat(path: entry.name) else { continue }
      let file: WorkspaceFile
      do {
        file = try WorkspaceFile.read(
          try repository.blob(entry.id), as: format, at: entry.name, from: source
        ) { path in
          let found = try self.entry(at: path, in: tree)
          included[ExactText(path)] = .some(found?.id)
          guard let found else { return nil }
          return found.isTree
            ? .folder(try repository.tree(found.id).map(\.name)) : .file(try repository.blob(found.id))
        }
      } catch {
        reading.problems.append("\(error)")
        continue
      }
      reading.remarks += file.problems
      for project in file.projects {
        let commit =
          format == .gitmodules
          ? project.path.flatMap { gitlinks.removeValue(forKey: ExactText($0)) } : project.commit
        guard let commit else { continue }
        reading.pins.append(
          PinnedCommit(
            name: project.name, address: project.url.map { RepositoryAddress($0) }, commit: commit,
            file: entry.name, isDirect: project.isDirect))
      }
    }
    for (path, commit) in gitlinks.sorted(by: { $0.key < $1.key }) {
      reading.pins.append(
        PinnedCommit(name: path.text, address: nil, commit: commit, file: path.text, isDirect: true))
    }
    return (included, reading)
  }

  /// What is at the path in the tree; nil where nothing is.
  private func entry(at path: String, in tree: ObjectID) throws -> TreeEntry? {
    try trees.entry(at: path, in: tree)
  }
}
