import Git
import WeaveModel

/// The view of the events for stock Git: a note on each linked or revoked commit, saying what it is tied to and
/// whether that holds. Derived from the events, and from nothing else.
public enum Notes {
  /// Makes `refs/notes/weave` of `repository` say what the events say, of one project or of all.
  ///
  /// One commit without a parent; its tree is fanned out by the first two digits, as git-notes(1) reads it.
  /// Writes no ref where the notes are as they should be.
  public static func write(
    _ compatibility: Compatibility, of project: ProjectName?, to repository: Repository, author: Signature
  ) throws {
    let tip = try repository.resolve(RefName.notes)
    guard let commit = try next(after: tip, compatibility, of: project, in: repository, author: author) else {
      return
    }
    try repository.updateReference(RefName.notes, to: commit, expecting: tip, log: "weave: notes")
  }

  /// The commit that holds what the events say; nil where `tip` holds it already.
  static func next(
    after tip: ObjectID?, _ compatibility: Compatibility, of project: ProjectName?, in repository: Repository,
    author: Signature
  ) throws -> ObjectID? {
    let tree = try tree(compatibility, of: project, in: repository)
    if let tip, try repository.commit(tip).tree == tree { return nil }
    return try repository.writeCommit(
      tree: tree, parents: [], author: author, committer: author, message: Array("weave: notes\n".utf8))
  }

  static func tree(_ compatibility: Compatibility, of project: ProjectName?, in repository: Repository) throws
    -> ObjectID
  {
    let byPrefix = Dictionary(grouping: lines(compatibility, of: project)) { $0.key.hex.prefix(2) }
    let directories = try byPrefix.map { prefix, notes in
      let entries = try notes.map { commit, lines in
        TreeEntry(
          name: String(commit.hex.dropFirst(2)), mode: FileMode.file,
          id: try repository.writeBlob(Array(lines.sorted().map { $0 + "\n" }.joined().utf8)))
      }
      return TreeEntry(name: String(prefix), mode: FileMode.directory, id: try repository.writeTree(entries))
    }
    return try repository.writeTree(directories)
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

extension Store {
  /// Brings `refs/notes/weave` up to date with the events.
  public func refreshNotes(_ compatibility: Compatibility, author: Signature) throws {
    try advance(RefName.notes, log: "weave: notes") { tip in
      try Notes.next(after: tip, compatibility, of: nil, in: repository, author: author)
    }
  }

  /// Whether the notes say what the events say.
  public func notesAgree(with compatibility: Compatibility) throws -> Bool {
    guard let tip = try repository.resolve(RefName.notes) else { return compatibility.events.isEmpty }
    return try repository.commit(tip).tree == Notes.tree(compatibility, of: nil, in: repository)
  }
}
