import Git
import WeaveModel

/// Reads one ledger from its commits, by the rules of Docs/formats/store.md: the only place that says what counts as
/// an event of a ledger.
struct LedgerReader {
  /// What a walk met besides events.
  struct Reading {
    /// In the order of the walk, which begins at the tip.
    var refused: [RefusedEntry] = []
  }

  private let ledger: LedgerID
  private let repository: Repository

  init(_ ledger: LedgerID, in repository: Repository) {
    (self.ledger, self.repository) = (ledger, repository)
  }

  /// Every event that `tip` reaches, from there down.
  ///
  /// - Throws: ``UnreadableLedger`` where a commit cannot be read: it is never passed over, for what is below it may
  ///   revoke what the rest links.
  func read(from tip: ObjectID, _ visit: (Event) throws -> Void) throws -> Reading {
    var reading = Reading()
    var pending = [tip]
    var visited: Set<ObjectID> = [tip]
    while let id = pending.popLast() {
      guard let commit = try commit(id) else {
        reading.refused.append(RefusedEntry(name: id.description, reason: "it is no commit"))
        continue
      }
      for parent in commit.parents where visited.insert(parent).inserted { pending.append(parent) }
      // It counts for nothing; what is below it is the writer's, whoever put it on top.
      guard commit.tree == .emptyTree else {
        reading.refused.append(RefusedEntry(name: id.description, reason: "its tree is not empty"))
        continue
      }
      if commit.parents.count > 1 { continue }
      try self.visit(commit, &reading, visit)
    }
    return reading
  }

  /// The events from `tip` down to `covered`, without it; nil where that is not a chain of commits of one parent each,
  /// so that only the whole ledger can tell what it holds.
  func read(from tip: ObjectID, downTo covered: ObjectID, _ visit: (Event) throws -> Void) throws -> Reading?
  {
    var reading = Reading()
    var next = tip
    while next != covered {
      guard let commit = try commit(next), commit.tree == .emptyTree, commit.parents.count == 1 else {
        return nil
      }
      try self.visit(commit, &reading, visit)
      next = commit.parents[0]
    }
    return reading
  }

  /// The commit; nil for an object of another kind, which somebody pushed: no fault of a disk makes one.
  private func commit(_ id: ObjectID) throws -> Commit? {
    do { return try repository.commit(id) } catch {
      if error.code == .wrongKind { return nil }
      throw UnreadableLedger(writer: ledger.writer, commit: id, reason: error.message)
    }
  }

  private func visit(_ commit: Commit, _ reading: inout Reading, _ visit: (Event) throws -> Void) throws {
    let event: Event
    do throws(MalformedEvent) {
      guard commit.message.count <= EventMessage.mostBytes else {
        throw MalformedEvent(
          reason: "it has \(commit.message.count) bytes, of at most \(EventMessage.mostBytes)")
      }
      event = try Event(recordedBy: commit, expected: ledger)
      guard event.ledger == ledger else {
        throw MalformedEvent(reason: "it was written for another ledger, \(event.ledger)")
      }
    } catch {
      return reading.refused.append(RefusedEntry(name: commit.id.description, reason: "\(error)"))
    }
    try visit(event)
  }
}
