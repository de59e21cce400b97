import Git
import WeaveModel

/// What reading the ledgers gave: the events, and what was refused, with the reason.
public struct LedgerContents: Sendable {
  public var events: [Event] = []
  public var refused: [RefusedEntry] = []
}

/// A commit or ref of a ledger that counts for nothing, and why.
public struct RefusedEntry: Sendable, Hashable, CustomStringConvertible {
  public let name: String
  public let reason: String

  public init(name: String, reason: String) { (self.name, self.reason) = (name, reason) }

  public var description: String { "\(name): \(reason)" }
}

extension Store {
  /// Every event of every ledger, each ledger from its tip; what does not parse is listed beside them and stops
  /// nothing.
  ///
  /// Reads each ledger commit, and no index: see ``ledgers()`` for the state of many events.
  public func ledgerContents() throws -> LedgerContents {
    var contents = LedgerContents()
    for reference in try ledgerReferences() {
      guard let (ledger, tip) = ledger(of: reference) else {
        contents.refused.append(.noLedger(reference))
        continue
      }
      let reading = try LedgerReader(ledger, in: repository).read(from: tip) { contents.events.append($0) }
      contents.refused += reading.refused
    }
    return contents
  }

  /// The refs of all ledgers, and of what else is where they are: the public ones first.
  func ledgerReferences() throws -> [Reference] {
    try Audience.allCases.flatMap { try repository.references(matching: "\(RefName.records)\($0)/ledger/*") }
  }

  /// The ledger that the ref is, and its tip; nil for one that is no ledger of a writer.
  func ledger(of reference: Reference) -> (ledger: LedgerID, tip: ObjectID)? {
    guard case .direct(let tip) = reference.target,
      case .ledger(let writer)? = RecordRef(name: reference.name)?.kind
    else { return nil }
    return (LedgerID(store: id, writer: writer), tip)
  }

  /// The event in full, read from its commit: which ledger holds it, and whether it counts, is not asked.
  public func event(_ id: EventID) throws -> Event {
    do {
      return try Event(recordedBy: repository.commit(id.objectID))
    } catch {
      throw StoreError("cannot read the event \(id): \(error)", hint: "`weave fsck`")
    }
  }

  /// Appends one event to the writer's ledger for the audience that it is for, having kept the commits that it names
  /// first.
  ///
  /// - Returns: the event's id. Either the event is whole in the ledger, or nothing of it is.
  public func append(_ message: EventMessage, author: Signature) throws -> EventID {
    let bytes = try message.encoded()
    let tip = try locked {
      try keepLocked(message.claim.members?.members ?? [], author: author)
      let ledger = RefName.ledger(message.ledger.writer, try audience(of: message.claim))
      return try advanceLocked(ledger, log: "weave: event") { tip in
        try repository.writeCommit(
          tree: repository.writeTree([]), parents: tip.map { [$0] } ?? [], author: author, committer: author,
          message: bytes)
      }
    }
    guard let tip else { preconditionFailure("an append always moves the ledger") }
    return EventID(tip)
  }
}

extension RefusedEntry {
  static func noLedger(_ reference: Reference) -> RefusedEntry {
    RefusedEntry(name: reference.name, reason: "it is no ledger of a writer")
  }
}

extension Event {
  /// The event that the commit records, for whatever ledger it was written; `expected` is the one to try first.
  init(recordedBy commit: Commit, expected: LedgerID? = nil) throws(MalformedEvent) {
    let message = try EventMessage(
      parsing: commit.message, hasEncodingHeader: commit.hasEncodingHeader, expected: expected)
    self.init(id: EventID(commit.id), message: message, author: Author(commit.author))
  }
}

extension Author {
  init(_ signature: Signature) {
    self.init(
      name: signature.name, email: signature.email, seconds: signature.seconds,
      offsetMinutes: signature.offsetMinutes)
  }
}
