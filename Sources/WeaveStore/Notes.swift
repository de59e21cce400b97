import Git
import WeaveModel

/// The view of the events for stock Git: a note on each linked or revoked commit, saying what it is tied to and
/// whether that holds. Derived from the events, and from nothing else.
public enum Notes {
  /// Makes `refs/notes/weave` of `repository` say what the events say, of one project or of all.
  ///
  /// Writes no ref where the notes are as they should be, and only the objects that changed. `event` gives the words of
  /// one; `warn` is told of a stale lock that was in the way.
  public static func write(
    _ compatibility: Compatibility, of project: ProjectName?, to repository: Repository, author: Signature,
    event: @escaping (EventID) throws -> Event, warn: (String) -> Void
  ) throws {
    let tree = try NotesTree(NoteLines(compatibility, of: project, event).all())
    try Chain.advance(RefName.notes, of: repository, log: "weave: notes", warn: warn) { tip in
      let old = try? tip.map { try repository.commit($0).tree }
      if let old, old == tree.id { return nil }
      return try repository.writeCommit(
        tree: tree.write(to: repository, besides: old), parents: [], author: author, committer: author,
        message: Array("weave: notes\n".utf8))
    }
  }
}

/// The tree of notes, fanned out by the first two digits, as git-notes(1) reads it: known whole before any of it is
/// written.
private struct NotesTree {
  let id: ObjectID
  private let root: [TreeEntry]
  private let directories: [String: [TreeEntry]]
  private let texts: [ObjectID: [UInt8]]

  init(_ lines: [CommitID: Set<String>]) throws {
    var directories: [String: [TreeEntry]] = [:]
    var texts: [ObjectID: [UInt8]] = [:]
    for (commit, lines) in lines {
      let text = Array(lines.sorted().map { $0 + "\n" }.joined().utf8)
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

  /// Earlier notes are only a help: what cannot be read of them is written anew.
  private static func entries(of tree: ObjectID?, in repository: Repository) -> [TreeEntry] {
    tree.flatMap { try? repository.tree($0) } ?? []
  }
}

extension Store {
  /// Brings `refs/notes/weave` up to date with the events.
  public func refreshNotes(_ compatibility: Compatibility, author: Signature) throws {
    try locked {
      try Notes.write(compatibility, of: nil, to: repository, author: author, event: event, warn: warn)
    }
  }

  /// Whether the notes say what the events say. Writes nothing.
  public func notesAgree(with compatibility: Compatibility) throws -> Bool {
    guard let tip = try repository.resolve(RefName.notes) else { return compatibility.events.isEmpty }
    return try repository.commit(tip).tree == NotesTree(NoteLines(compatibility, of: nil, event).all()).id
  }
}
