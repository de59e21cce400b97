import Git
import WeaveModel

/// What reading the ledgers gave: the events, and what was refused, with the reason.
public struct LedgerContents: Sendable {
  public var events: [Event] = []
  public var refused: [RefusedEntry] = []
}

/// A commit or ref of a ledger that counts for nothing, and why.
public struct RefusedEntry: Sendable, CustomStringConvertible {
  public let name: String
  public let reason: String
  public var description: String { "\(name): \(reason)" }
}

extension Store {
  /// Every event of every ledger; what does not parse is listed beside them and stops nothing.
  ///
  /// Reads each ledger commit once, about 20 µs an event; while no ledger moves, asking again costs a listing of their refs.
  public func ledgerContents() throws -> LedgerContents {
    let tips = try repository.references(matching: RefName.ledgers + "*")
    if let lastRead, lastRead.tips == tips { return lastRead.contents }
    let contents = try read(tips)
    lastRead = (tips, contents)
    return contents
  }

  private func read(_ tips: [Reference]) throws -> LedgerContents {
    var contents = LedgerContents()
    for reference in tips {
      guard case .direct(let tip) = reference.target,
        let writer = try? WriterName(String(reference.name.dropFirst(RefName.ledgers.count)))
      else {
        contents.refused.append(RefusedEntry(name: reference.name, reason: "it is no ledger of a writer"))
        continue
      }
      try read(LedgerID(store: id, writer: writer), from: tip, into: &contents)
    }
    return contents
  }

  private func read(_ ledger: LedgerID, from tip: ObjectID, into contents: inout LedgerContents) throws {
    guard repository.kind(of: tip) == .commit else {
      contents.refused.append(
        RefusedEntry(name: RefName.ledger(ledger.writer), reason: "its tip is no commit"))
      return
    }
    var pending = [tip]
    var visited: Set<ObjectID> = [tip]
    while let id = pending.popLast() {
      guard let commit = try? repository.commit(id) else {
        contents.refused.append(
          RefusedEntry(name: id.description, reason: "it is no commit that can be read"))
        continue
      }
      // Whoever wrote a commit with content into a ledger may be after what its ancestors hold: stop there.
      guard commit.tree == .emptyTree else {
        contents.refused.append(RefusedEntry(name: id.description, reason: "its tree is not empty"))
        continue
      }
      for parent in commit.parents where visited.insert(parent).inserted { pending.append(parent) }
      if commit.parents.count > 1 { continue }
      do {
        contents.events.append(try event(of: commit, in: ledger))
      } catch {
        contents.refused.append(RefusedEntry(name: id.description, reason: "\(error)"))
      }
    }
  }

  private func event(of commit: Commit, in ledger: LedgerID) throws(MalformedEvent) -> Event {
    let message = try EventMessage(parsing: commit.message, hasEncodingHeader: commit.hasEncodingHeader)
    guard message.ledger == ledger else {
      throw MalformedEvent(reason: "it was written for another ledger, \(message.ledger)")
    }
    return Event(id: EventID(commit.id), message: message, author: Author(commit.author))
  }

  /// Appends one event to this clone's ledger, having kept the commits that it names first.
  ///
  /// - Returns: the event's id. Either the event is whole in the ledger, or nothing of it is.
  public func append(_ message: EventMessage, author: Signature) throws -> EventID {
    let bytes = try message.encoded()
    let reference = RefName.ledger(message.ledger.writer)
    var former: ObjectID?
    let tip = try locked {
      try keepLocked(message.claim.members?.members ?? [], author: author)
      return try advanceLocked(reference, log: "weave: event") { tip in
        former = tip
        return try repository.writeCommit(
          tree: repository.writeTree([]), parents: tip.map { [$0] } ?? [], author: author, committer: author,
          message: bytes)
      }
    }
    guard let tip else { preconditionFailure("an append always moves the ledger") }
    // The event stands; that it is remembered is a saving only.
    if let commit = try? repository.commit(tip), let event = try? event(of: commit, in: message.ledger) {
      remember(event, in: reference, after: former)
    }
    return EventID(tip)
  }

  /// Adds the event to what was read, where its ledger has nothing else new.
  private func remember(_ event: Event, in reference: String, after former: ObjectID?) {
    guard var (tips, contents) = lastRead else { return }
    let place = tips.firstIndex { $0.name >= reference } ?? tips.endIndex
    if let former {
      guard place < tips.endIndex, tips[place] == Reference(name: reference, target: .direct(former)) else {
        return
      }
      tips.remove(at: place)
    }
    tips.insert(Reference(name: reference, target: .direct(event.id.objectID)), at: place)
    contents.events.insert(event, at: 0)
    lastRead = (tips, contents)
  }
}

extension Author {
  init(_ signature: Signature) {
    self.init(
      name: signature.name, email: signature.email, seconds: signature.seconds,
      offsetMinutes: signature.offsetMinutes)
  }
}
