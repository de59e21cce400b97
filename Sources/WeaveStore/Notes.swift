import Git
import WeaveModel

/// The view of the events for stock Git: a note on each linked or revoked commit, saying what it is tied to and
/// whether that holds. Derived from the events, and from nothing else.
public enum Notes {
  /// Makes `refs/notes/weave` of `repository` say what the events say, of one project or of all.
  ///
  /// Writes no ref where the notes are as they should be, and only the objects that changed. `warn` is told of a stale
  /// lock that was in the way.
  public static func write(
    _ compatibility: Compatibility, of project: ProjectName?, to repository: Repository, author: Signature,
    warn: (String) -> Void
  ) throws {
    try Chain.advance(RefName.notes, of: repository, log: "weave: notes", warn: warn) { tip in
      try next(after: tip, compatibility, of: project, in: repository, author: author)
    }
  }

  /// The commit, without a parent, that holds what the events say; nil where `tip` holds it already.
  private static func next(
    after tip: ObjectID?, _ compatibility: Compatibility, of project: ProjectName?, in repository: Repository,
    author: Signature
  ) throws -> ObjectID? {
    let tree = try NotesTree(lines(compatibility, of: project))
    let old = try? tip.map { try repository.commit($0).tree }
    if let old, old == tree.id { return nil }
    return try repository.writeCommit(
      tree: tree.write(to: repository, besides: old), parents: [], author: author, committer: author,
      message: Array("weave: notes\n".utf8))
  }

  /// Whether the notes of `repository` say what the events say. Writes nothing.
  static func agree(with compatibility: Compatibility, in repository: Repository) throws -> Bool {
    guard let tip = try repository.resolve(RefName.notes) else { return compatibility.events.isEmpty }
    return try repository.commit(tip).tree == NotesTree(lines(compatibility, of: nil)).id
  }

  private static func lines(_ compatibility: Compatibility, of project: ProjectName?) -> [CommitID: Set<
    String
  >] {
    var lines: [CommitID: Set<String>] = [:]
    for event in compatibility.events.values {
      guard let members = event.members else { continue }
      for member in members.members where project == nil || member.project == project {
        guard let line = line(for: event, at: member, in: members, compatibility) else { continue }
        lines[member.commit, default: []].insert(line)
      }
    }
    return lines
  }

  private static func line(
    for event: Event, at member: Member, in members: CommitSet, _ compatibility: Compatibility
  ) -> String? {
    let others = members.members.filter { $0 != member }
    let set = others.isEmpty ? "" : " " + others.map(\.description).joined(separator: " ")
    switch event.claim {
    case .link:
      switch compatibility.standing(of: event) {
      case .live: return "linked\(set) (\(event.id.short))"
      case .partly: return "linked in part\(set) (\(event.id.short))"
      case .revoked(let revocations):
        let reason = revocations.first.map { ": \($0.reasonLine)" } ?? ""
        return "revoked\(set) (\(event.id.short))\(reason)"
      case .withdrawn: return nil
      }
    case .revoke:
      guard compatibility.counts(event.id) else { return nil }
      return "unfit\(set) (\(event.id.short)): \(event.reasonLine)"
    case .withdraw: return nil
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
    try locked { try Notes.write(compatibility, of: nil, to: repository, author: author, warn: warn) }
  }

  /// Whether the notes say what the events say. Writes nothing.
  public func notesAgree(with compatibility: Compatibility) throws -> Bool {
    try Notes.agree(with: compatibility, in: repository)
  }
}
