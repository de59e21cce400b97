import ForeignText
import Git
import WeaveModel

/// The kinds of texts that a manifest holds, each by a name that may stand in a tree.
enum ManifestTextKind: String, CaseIterable {
  case constellations, holds, acknowledgements

  /// What one of them is called.
  var word: String { String(rawValue.dropLast()) }
}

/// An entry of a manifest, as it stands there. Whoever can push may have put anything there: what is no file is written
/// again as it was read.
struct ManifestText: Hashable, Sendable {
  let id: ObjectID
  var mode = FileMode.file

  /// Whether it is a file, and so may have a text.
  var isFile: Bool { mode == FileMode.file }
}

/// What one audience's manifest holds: one version, read from one commit's tree.
struct ManifestPart: Equatable {
  let store: StoreID
  var format = ManifestFormat.first
  var projects: [ProjectName: ProjectRecord] = [:]
  var texts: [ManifestTextKind: [String: ManifestText]] = [:]
  /// The names of private projects that were removed: they stay private.
  var removed: [ProjectName: ManifestText] = [:]
  /// What this version does not know, and what is malformed, by path: written again as it was read.
  var unknown: [ExactText: ManifestText] = [:]
  /// The paths of the entries that are malformed, and count for nothing, sorted.
  var malformed: [String] {
    guard format <= .newest else { return [] }
    return unknown.keys.map(\.text).filter { path in
      Self.isDirectory(path) || path.utf8.count > 2 * Self.mostNameBytes
        || path.holds("/") && !(path.begins(with: "projects/") && path.holds(" "))
    }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Of an entry that says what a project is: what weave itself writes there has some hundred.
  static let mostEntryBytes = 64 << 10
  /// Of such an entry.
  fileprivate static let mostLines = 1_000
  /// Of all such entries, each with what it says, also where many have one blob.
  fileprivate static let mostBytes = 16 << 20
  /// Of an entry's name: those that weave writes have up to 200.
  static let mostNameBytes = 255

  init(store: StoreID) { self.store = store }

  /// How many entries it has.
  var count: Int {
    projects.count + texts.values.reduce(0) { $0 + $1.count } + removed.count + unknown.count
  }

  /// Whether the entry is a directory of those that a manifest has. What is to stand in it takes the place of a file of that
  /// name.
  static func isDirectory(_ entry: String) -> Bool {
    entry == "projects" || entry == "removed" || ManifestTextKind(rawValue: entry) != nil
  }

  /// An entry that is malformed keeps no other from being read: an older weave took it.
  init(at commit: ObjectID, in repository: Repository) throws {
    let root = try repository.tree(repository.commit(commit).tree)
    store = try Self.store(in: root, at: commit, in: repository)
    format = try ManifestFormat(of: root, at: commit, in: repository)
    for entry in root where !["store", ManifestFormat.entry].contains(entry.name) {
      guard Self.isDirectory(entry.name), entry.mode == FileMode.directory else {
        unknown[ExactText(entry.name)] = ManifestText(entry)
        continue
      }
      let inners = try repository.tree(entry.id)
      let entries = ProjectEntries(entry.name == "projects" ? inners : [], repository)
      for inner in inners {
        do { try read(inner, in: entry.name, entries) } catch {
          guard !isUnreadable(error) else { throw error }
          unknown[ExactText("\(entry.name)/\(inner.name)")] = ManifestText(inner)
        }
      }
    }
  }

  /// The store of which the manifest is whose tree has those entries.
  static func store(
    in root: [TreeEntry], at commit: ObjectID, in repository: Repository
  ) throws -> StoreID {
    guard let entry = root.first(where: { $0.name == "store" }) else {
      throw StoreError("the manifest \(commit) is damaged: it has no `store`")
    }
    return try StoreID(
      String(foreign: repository.blob(entry.id, atMost: mostEntryBytes)).trimmingLineFeed)
  }

  /// As ``init(at:in:)``, of a commit that the manifest goes on from; nil where somebody wrote no manifest there.
  static func past(at commit: ObjectID, in repository: Repository) throws -> ManifestPart? {
    do { return try ManifestPart(at: commit, in: repository) } catch  where !isUnreadable(error) {
      return nil
    }
  }

  private mutating func read(_ entry: TreeEntry, in directory: String, _ entries: ProjectEntries) throws {
    guard entry.name.utf8.count <= Self.mostNameBytes else {
      unknown[ExactText("\(directory)/\(entry.name)")] = ManifestText(entry)
      return
    }
    switch directory {
    // No project's name has one. An older weave stops at such an entry, and shows its name.
    case "projects" where entry.name.holds(" "):
      unknown[ExactText("projects/\(entry.name)")] = ManifestText(entry)
    case "projects":
      let record = try entries.project(named: entry.name, at: entry.id)
      projects[record.name] = record
    case "removed": removed[try ProjectName(entry.name)] = ManifestText(entry)
    default:
      if let kind = ManifestTextKind(rawValue: directory) {
        // Weave's own names are ASCII there. Of two spellings of another, one key of a dictionary, none is lost.
        guard texts[kind]?[entry.name] == nil else {
          unknown[ExactText("\(directory)/\(entry.name)")] = ManifestText(entry)
          return
        }
        texts[kind, default: [:]][entry.name] = ManifestText(entry)
      }
    }
  }

  /// The names of projects among the entries that are malformed otherwise.
  var malformedNames: [ProjectName] {
    malformed.compactMap { path in
      (path.dropping(prefix: "projects/") ?? path.dropping(prefix: "removed/")).flatMap {
        try? ProjectName(String($0))
      }
    }
  }

  /// Nil where it is no project's entry.
  static func project(
    named name: String, at entry: ObjectID, in repository: Repository
  ) throws -> ProjectRecord? {
    do { return try project(named: name, bytes: repository.blob(entry, atMost: mostEntryBytes)) } catch
      where !isUnreadable(error)
    { return nil }
  }

  static func project(named name: String, bytes: [UInt8]) throws -> ProjectRecord {
    var record = ProjectRecord(name: try ProjectName(name), source: "")
    guard bytes.count(where: { $0 == UInt8(ascii: "\n") }) <= mostLines else {
      throw StoreError("the entry of \(name) has more than \(mostLines) lines")
    }
    // By bytes: a value that begins with a combining mark makes one character of it and the space.
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
      let value = parts.count == 2 ? String(foreign: parts[1]) : nil
      switch (String(foreign: parts.first ?? []), value) {
      case ("source", let value?) where value.utf8.count > ProjectSource.mostBytes,
        ("track", let value?) where value.utf8.count > ProjectSource.mostBytes:
        throw StoreError("the entry of \(name) has a line of \(value.utf8.count) bytes")
      case ("source", let value?): record.source = RepositoryURL(value)
      case ("track", let value?): record.track = value
      case ("notes", let value?): record.wantsNotes = value == "true"
      default: record.unknownLines.append(Array(line))
      }
    }
    return record
  }

  func write(to repository: Repository) throws -> ObjectID {
    var directories: [ExactText: [ExactText: ManifestText]] = [:]
    for record in projects.values {
      directories[ExactText("projects"), default: [:]][ExactText(record.name.text)] = ManifestText(
        id: try repository.writeBlob(record.bytes))
    }
    if !removed.isEmpty { _ = try repository.writeBlob([]) }
    for (name, entry) in removed {
      directories[ExactText("removed"), default: [:]][ExactText(name.text)] = entry
    }
    for (kind, entries) in texts {
      for (name, entry) in entries {
        directories[ExactText(kind.rawValue), default: [:]][ExactText(name)] = entry
      }
    }
    var root = [ExactText("store"): ManifestText(id: try repository.writeBlob(Array("\(store)\n".utf8)))]
    if let bytes = format.bytes {
      root[ExactText(ManifestFormat.entry)] = ManifestText(id: try repository.writeBlob(bytes))
    }
    for (path, entry) in unknown {
      let parts = path.text.split(atScalar: "/").map { ExactText($0) }
      if parts.count == 2 {
        directories[parts[0], default: [:]][parts[1]] = entry
      } else {
        root[path] = entry
      }
    }
    for (name, entries) in directories where !entries.isEmpty {
      // What is lost of one entry keeps no other from being changed.
      let tree = try repository.writeTree(entries.treeEntries, canLackEntries: true)
      root[name] = ManifestText(id: tree, mode: FileMode.directory)
    }
    return try repository.writeTree(root.treeEntries)
  }
}

/// Reads what a manifest says of projects, each blob once: many entries may have one. Where all are too much together, the
/// smallest count.
private final class ProjectEntries {
  private let repository: Repository
  private var read: [ObjectID: ProjectRecord] = [:]
  private let excess: Set<String>

  init(_ entries: [TreeEntry], _ repository: Repository) {
    self.repository = repository
    var sizes: [ObjectID: Int] = [:]
    let measured = entries.compactMap { entry -> (key: String, size: Int)? in
      // What cannot be read is named where it is read.
      guard let size = sizes[entry.id] ?? (try? repository.size(of: entry.id)) else { return nil }
      sizes[entry.id] = size
      // One that is too large by itself takes no other's place.
      return size > ManifestPart.mostEntryBytes ? nil : (entry.name, size)
    }
    excess = measured.tooMuch(beyond: ManifestPart.mostBytes)
  }

  func project(named name: String, at blob: ObjectID) throws -> ProjectRecord {
    guard !excess.contains(name) else {
      throw StoreError(
        "with those that say less, the entries of projects have more than \(ManifestPart.mostBytes >> 20) MiB"
      )
    }
    if var known = read[blob] {
      known.name = try ProjectName(name)
      return known
    }
    let record = try ManifestPart.project(
      named: name, bytes: repository.blob(blob, atMost: ManifestPart.mostEntryBytes))
    read[blob] = record
    return record
  }
}

extension Repository {
  /// The names of the entries of the projects in that manifest's tree, whatever else it holds: somebody may have written no
  /// manifest.
  func projectEntries(inManifest tree: ObjectID) throws(GitError) -> [String] {
    let entry = try self.tree(tree).first { $0.name == "projects" && $0.mode == FileMode.directory }
    return try entry.map { entry throws(GitError) in try self.tree(entry.id).map(\.name) } ?? []
  }
}

extension ManifestText {
  fileprivate init(_ entry: TreeEntry) { self.init(id: entry.id, mode: entry.mode) }
}

extension Dictionary<ExactText, ManifestText> {
  fileprivate var treeEntries: [TreeEntry] {
    map { TreeEntry(name: $0.key.text, mode: $0.value.mode, id: $0.value.id) }
  }
}

extension ProjectRecord {
  /// As the manifest holds it, in words.
  var words: String {
    var shown = self
    shown.source = source.withoutSecret
    return String(foreign: shown.bytes).split(atScalar: "\n").joined(separator: ", ")
  }

  /// As the manifest holds it; whose manifest that is says who may know of it.
  var bytes: [UInt8] {
    let lines =
      (source.textWithSecret.isEmpty ? "" : "source \(source.textWithSecret)\n")
      + (track.map { "track \($0)\n" } ?? "")
      + (wantsNotes ? "notes true\n" : "")
    return Array(lines.utf8) + unknownLines.flatMap { $0 + [UInt8(ascii: "\n")] }
  }
}

/// The modes of the tree entries that weave writes.
enum FileMode {
  static let file: UInt32 = 0o100644
  static let directory: UInt32 = 0o040000
}

extension String {
  var trimmingLineFeed: String { String(dropping(suffix: "\n") ?? self[...]) }
}
