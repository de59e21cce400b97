import Git
import WeaveModel

/// Reads one ledger from its commits, by the rules of Docs/formats/store.md: the only place that says what counts as
/// an event of a ledger.
struct LedgerReader {
  /// What a walk met besides events.
  struct Reading {
    /// In the order of the walk, which begins at the tip.
    var refused: [RefusedEntry] = []
    /// Whether every commit could be read: one that could not may be there the next time.
    var isWhole = true
  }

  private let ledger: LedgerID
  private let repository: Repository

  init(_ ledger: LedgerID, in repository: Repository) {
    (self.ledger, self.repository) = (ledger, repository)
  }

  /// Every event that `tip` reaches, from there down.
  func read(from tip: ObjectID, _ visit: (Event) throws -> Void) throws -> Reading {
    var reading = Reading()
    guard repository.kind(of: tip) == .commit else {
      reading.refused.append(
        RefusedEntry(name: "the ledger of \(ledger.writer)", reason: "its tip is no commit"))
      reading.isWhole = false
      return reading
    }
    var pending = [tip]
    var visited: Set<ObjectID> = [tip]
    while let id = pending.popLast() {
      guard let commit = try? repository.commit(id) else {
        reading.refused.append(RefusedEntry(name: id.description, reason: "it is no commit that can be read"))
        reading.isWhole = false
        continue
      }
      // Whoever wrote a commit with content into a ledger may be after what its ancestors hold: stop there.
      guard commit.tree == .emptyTree else {
        reading.refused.append(RefusedEntry(name: id.description, reason: "its tree is not empty"))
        continue
      }
      for parent in commit.parents where visited.insert(parent).inserted { pending.append(parent) }
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
      guard let commit = try? repository.commit(next), commit.tree == .emptyTree, commit.parents.count == 1
      else { return nil }
      try self.visit(commit, &reading, visit)
      next = commit.parents[0]
    }
    return reading
  }

  private func visit(_ commit: Commit, _ reading: inout Reading, _ visit: (Event) throws -> Void) throws {
    let event: Event
    do throws(MalformedEvent) {
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
