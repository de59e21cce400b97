import Git
import WeaveModel

/// Where notes are, and of which commits.
public struct NotesPlace {
  let repository: Repository
  let project: ProjectName?

  /// The notes of a project's checkout, on that project's commits only.
  public static func checkout(_ repository: Repository, of project: ProjectName) -> NotesPlace {
    NotesPlace(repository: repository, project: project)
  }
}

// The view of the events for stock Git: a note on each linked or revoked commit, saying what it is tied to and whether
// that holds. Derived from the events, and from nothing else.
extension Store {
  /// Brings `refs/notes/weave` up to date with the ledgers: in the store, or in `place`.
  ///
  /// `compatibility` gives the state of what ``ledgers()`` returns; it is asked while no other process writes. Where
  /// the commit of notes says which tips it is true of, and the ledgers have only grown since, only the notes that
  /// the new events affect are made; else, and where `isAnew`, all of them. Writes no ref where the notes are as they
  /// should be, and only the objects that changed.
  public func refreshNotes(
    in place: NotesPlace? = nil, anew isAnew: Bool = false, author: Signature,
    of compatibility: () throws -> Compatibility
  ) throws {
    let place = place ?? NotesPlace(repository: repository, project: nil)
    try locked {
      let compatibility = try compatibility()
      let message = NotesMessage(project: place.project, tips: index.ledgers.mapValues(\.tip))
      try Chain.advance(RefName.notes, of: place.repository, log: "weave: notes", warn: warn) { tip in
        let old = tip.flatMap { try? place.repository.commit($0) }
        let changed =
          try isAnew ? nil : old.flatMap { try changedNotes(compatibility, message, since: $0, place) }
        let tree = try changed ?? allNotes(compatibility, besides: isAnew ? nil : old?.tree, place)
        if let old, old.tree == tree, old.message == message.bytes { return nil }
        return try place.repository.writeCommit(
          tree: tree, parents: [], author: author, committer: author, message: message.bytes)
      }
    }
  }

  /// Whether the notes are of the ledgers as they stand, by what they say themselves.
  public func notesAreCurrent() throws -> Bool {
    let tips = try ledgers().events.isEmpty ? [:] : index.ledgers.mapValues(\.tip)
    guard let notes = try repository.resolve(RefName.notes) else { return tips.isEmpty }
    return try NotesMessage(of: repository.commit(notes))?.tips == tips
  }

  /// Whether the notes say what the events say. Writes nothing.
  public func notesAgree(with compatibility: Compatibility) throws -> Bool {
    guard let tip = try repository.resolve(RefName.notes) else { return compatibility.events.isEmpty }
    var lines = NoteLines(compatibility, of: nil, hiding: [], event)
    return try repository.commit(tip).tree == NotesTree(lines.all()).id
  }

  private func allNotes(
    _ compatibility: Compatibility, besides old: ObjectID?, _ place: NotesPlace
  ) throws -> ObjectID {
    var lines = try lines(of: compatibility, in: place)
    let tree = try NotesTree(lines.all())
    return tree.id == old ? tree.id : try tree.write(to: place.repository, besides: old)
  }

  /// The tree of notes that `old` becomes; nil where that cannot be told from it.
  private func changedNotes(
    _ compatibility: Compatibility, _ message: NotesMessage, since old: Commit, _ place: NotesPlace
  ) throws -> ObjectID? {
    guard let former = NotesMessage(of: old), former.project == place.project, !former.tips.isEmpty,
      let rows = try rows(of: compatibility, from: former.tips, to: message.tips)
    else { return nil }
    let commits = Set(
      compatibility.commitsAffected(byEventsIn: rows).map { compatibility.commits[$0] }
        .filter { place.project == nil || $0.project == place.project }.map(\.commit))
    var lines = try lines(of: compatibility, in: place)
    return try NotesTree.replace(commits, by: lines.lines(of: commits), in: old.tree, of: place.repository)
  }

  /// A checkout may be pushed anywhere, notes and all: what names a private project stays out of those of the others.
  private func lines(of compatibility: Compatibility, in place: NotesPlace) throws -> NoteLines {
    let secret = try place.project == nil ? [] : privateProjects()
    return NoteLines(
      compatibility, of: place.project, hiding: secret.contains { $0 == place.project } ? [] : secret, event)
  }

  /// The rows of the events that the ledgers have grown by; nil where one has done anything else.
  private func rows(
    of compatibility: Compatibility, from former: [String: ObjectID], to tips: [String: ObjectID]
  ) throws -> [Int]? {
    guard former.keys.allSatisfy({ tips[$0] != nil }) else { return nil }
    var rows: [Int?] = []
    for (name, tip) in tips where former[name] != tip {
      guard let (ledger, _) = ledger(of: Reference(name: name, target: .direct(tip))) else { return nil }
      let reader = LedgerReader(ledger, in: repository)
      let take = { (event: Event) in rows.append(compatibility.events.row(of: event.id)) }
      let reading: LedgerReader.Reading?
      if let covered = former[name] {
        reading = try reader.read(from: tip, downTo: covered, take)
      } else {
        reading = try reader.read(from: tip, take)
      }
      guard reading != nil else { return nil }
    }
    return rows.contains(nil) ? nil : rows.compactMap(\.self)
  }
}
