import ForeignText
import Git
import WeaveModel

/// The kinds of texts that a manifest holds, each by a name that may stand in a tree.
enum ManifestTextKind: String, CaseIterable {
  case constellations, holds, acknowledgements

  /// What one of them is called.
  var word: String { String(rawValue.dropLast()) }
}

/// An entry of a manifest that holds a text. Whoever can push may have put anything there: what is no file is written again
/// as it was read.
struct ManifestText: Hashable, Sendable {
  let id: ObjectID
  var mode = FileMode.file

  /// Whether it is a file, and so may have a text.
  var isFile: Bool { mode == FileMode.file }
}

/// What one audience's manifest holds: one version, read from one commit's tree.
struct ManifestPart: Equatable {
  let store: StoreID
  var projects: [ProjectName: ProjectRecord] = [:]
  var texts: [ManifestTextKind: [String: ManifestText]] = [:]

  init(store: StoreID) { self.store = store }

  /// The names of private projects that were removed: they stay private.
  var removed: Set<ProjectName> = []

  /// How many entries it has.
  var count: Int { projects.count + texts.values.reduce(0) { $0 + $1.count } + removed.count }

  init(at commit: ObjectID, in repository: Repository) throws {
    let root = try repository.tree(repository.commit(commit).tree)
    guard let entry = root.first(where: { $0.name == "store" }) else {
      throw StoreError("the manifest \(commit) is damaged: it has no `store`")
    }
    store = try StoreID(String(decoding: repository.blob(entry.id), as: UTF8.self).trimmingLineFeed)
    for directory in root where directory.mode == FileMode.directory {
      for entry in try repository.tree(directory.id) {
        switch directory.name {
        case "projects":
          let record = try Self.project(named: entry.name, bytes: repository.blob(entry.id))
          projects[record.name] = record
        case "removed": removed.insert(try ProjectName(entry.name))
        default:
          guard let kind = ManifestTextKind(rawValue: directory.name) else { continue }
          texts[kind, default: [:]][entry.name] = ManifestText(id: entry.id, mode: entry.mode)
        }
      }
    }
  }

  static func project(named name: String, bytes: [UInt8]) throws -> ProjectRecord {
    var record = ProjectRecord(name: try ProjectName(name), source: "")
    // By bytes: a value that begins with a combining mark makes one character of it and the space.
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
      guard parts.count == 2 else { continue }
      let value = String(decoding: parts[1], as: UTF8.self)
      switch String(decoding: parts[0], as: UTF8.self) {
      case "source": record.source = RepositoryURL(value)
      case "track": record.track = value
      case "notes": record.wantsNotes = value == "true"
      default: continue
      }
    }
    return record
  }

  func write(to repository: Repository) throws -> ObjectID {
    let projectEntries = try projects.values.map { record in
      TreeEntry(
        name: record.name.text, mode: FileMode.file, id: try repository.writeBlob(Array(record.lines.utf8)))
    }
    var root = [
      TreeEntry(name: "store", mode: FileMode.file, id: try repository.writeBlob(Array("\(store)\n".utf8)))
    ]
    let empty = try repository.writeBlob([])
    let removedEntries = removed.map { TreeEntry(name: $0.text, mode: FileMode.file, id: empty) }
    let textEntries = ManifestTextKind.allCases.map { kind in
      (
        kind.rawValue,
        texts[kind, default: [:]].map { TreeEntry(name: $0.key, mode: $0.value.mode, id: $0.value.id) }
      )
    }
    for (name, entries) in [("projects", projectEntries), ("removed", removedEntries)] + textEntries
    where !entries.isEmpty {
      // What is lost of one entry keeps no other from being changed.
      let tree = try repository.writeTree(entries, canLackEntries: true)
      root.append(TreeEntry(name: name, mode: FileMode.directory, id: tree))
    }
    return try repository.writeTree(root)
  }
}

extension ProjectRecord {
  /// As the manifest holds it, in words.
  var words: String {
    var shown = self
    shown.source = source.withoutSecret
    return shown.lines.split(atScalar: "\n").joined(separator: ", ")
  }

  /// As the manifest holds it; whose manifest that is says who may know of it.
  var lines: String {
    "source \(source.textWithSecret)\n" + (track.map { "track \($0)\n" } ?? "")
      + (wantsNotes ? "notes true\n" : "")
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
