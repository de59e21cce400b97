import Git
import WeaveModel

/// The tree of notes, fanned out by the first two digits, as git-notes(1) reads it: known whole before any of it is
/// written.
struct NotesTree {
  let id: ObjectID
  private let root: [TreeEntry]
  private let directories: [String: [TreeEntry]]
  private let texts: [ObjectID: [UInt8]]

  init(_ lines: [CommitID: Set<String>]) throws {
    var directories: [String: [TreeEntry]] = [:]
    var texts: [ObjectID: [UInt8]] = [:]
    for (commit, lines) in lines {
      let text = Self.note(lines)
      let id = try ObjectID.ofBlob(text)
      texts[id] = text
      directories[String(commit.hex.prefix(2)), default: []].append(
        TreeEntry(name: String(commit.hex.dropFirst(2)), mode: FileMode.file, id: id))
    }
    root = try directories.map { prefix, entries in
      TreeEntry(name: prefix, mode: FileMode.directory, id: try ObjectID.ofTree(entries))
    }
    id = try ObjectID.ofTree(root)
    (self.directories, self.texts) = (directories, texts)
  }

  /// Writes what the tree `old` of earlier notes does not hold.
  func write(to repository: Repository, besides old: ObjectID?) throws -> ObjectID {
    let known = Set(Self.entries(of: old, in: repository))
    for entry in root where !known.contains(entry) {
      let former = known.first { $0.name == entry.name }
      let kept = Set(Self.entries(of: former?.id, in: repository).map(\.id))
      let entries = directories[entry.name] ?? []
      for note in entries where !kept.contains(note.id) {
        if let text = texts[note.id] { _ = try repository.writeBlob(text) }
      }
      _ = try repository.writeTree(entries)
    }
    return try repository.writeTree(root)
  }

  /// The tree that `old` is with the notes on `commits` as `lines` has them; nil where `old` cannot be read, since the notes
  /// are made of the events, and can be made anew.
  ///
  /// Reads and writes the directories of these commits only.
  static func replace(
    _ commits: Set<CommitID>, by lines: [CommitID: Set<String>], in old: ObjectID, of repository: Repository
  ) throws -> ObjectID? {
    guard let entries = try? repository.tree(old) else { return nil }
    var root = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
    for (prefix, commits) in Dictionary(grouping: commits, by: { String($0.hex.prefix(2)) }) {
      guard let entries = try? root[prefix].map({ try repository.tree($0.id) }) ?? [] else { return nil }
      var directory = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
      for commit in commits {
        let name = String(commit.hex.dropFirst(2))
        directory[name] = try lines[commit].map {
          TreeEntry(name: name, mode: FileMode.file, id: try repository.writeBlob(note($0)))
        }
      }
      root[prefix] =
        directory.isEmpty
        ? nil
        : TreeEntry(
          name: prefix, mode: FileMode.directory, id: try repository.writeTree(Array(directory.values)))
    }
    return try repository.writeTree(Array(root.values))
  }

  private static func note(_ lines: Set<String>) -> [UInt8] {
    Array(lines.sorted().map { $0 + "\n" }.joined().utf8)
  }

  /// Earlier notes are only a help: what cannot be read of them is written anew.
  private static func entries(of tree: ObjectID?, in repository: Repository) -> [TreeEntry] {
    tree.flatMap { try? repository.tree($0) } ?? []
  }
}
