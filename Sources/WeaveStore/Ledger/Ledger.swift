import Git
import WeaveModel

/// What reading the ledgers gave: the events, and what was refused, with the reason.
public struct LedgerContents: Sendable {
  public var events: [Event] = []
  public var refused: [RefusedEntry] = []
  /// Those whose older events are unknown.
  public var unreadable: [UnreadableLedger] = []
}

extension Store {
  /// Every event of every ledger, each ledger from its tip; what does not parse is listed beside them and stops
  /// nothing. Of a ledger that cannot be read whole, the events above the commit that cannot be read are there.
  ///
  /// Reads each ledger commit, and no index: see ``ledgers()`` for the state of many events.
  public func ledgerContents() throws -> LedgerContents {
    var contents = LedgerContents()
    for reference in try ledgerReferences() {
      guard let (ledger, tip) = ledger(of: reference) else {
        contents.refused.append(.noLedger(reference))
        continue
      }
      do {
        let reading = try LedgerReader(ledger, in: repository).read(from: tip) { contents.events.append($0) }
        contents.refused += reading.refused
      } catch let error as UnreadableLedger { contents.unreadable.append(error) }
    }
    return contents
  }

  /// The refs of all ledgers, and of what else is where they are: the public ones first.
  func ledgerReferences() throws -> [Reference] {
    try Audience.allCases.flatMap { try recordReferences(of: .ledger, $0) }
  }

  /// The ledger that the ref is, and its tip; nil for one that is no ledger of a writer.
  func ledger(of reference: Reference) -> (ledger: LedgerID, tip: ObjectID)? {
    guard case .direct(let tip) = reference.target,
      let record = RecordRef(name: reference.name), record.isLedger, let writer = record.writer
    else { return nil }
    return (LedgerID(store: id, writer: writer), tip)
  }

  /// The event in full, read from its commit: which ledger holds it, and whether it counts, is not asked.
  public func event(_ id: EventID) throws -> Event {
    do {
      return try reading("the event \(id)") { try Event(recordedBy: repository.commit(id.objectID)) }
    } catch  where !isUnreadable(error) {
      throw StoreError("cannot read the event \(id): \(error)", hint: "`weave fsck`")
    }
  }

  /// Appends one event to the writer's ledger for the audience that it is for, having kept the commits that it names
  /// first.
  ///
  /// - Returns: the event's id. Either the event is whole in the ledger, or nothing of it is.
  public func append(_ message: EventMessage, author: Signature) throws -> EventID {
    let ids = try append([message], author: author)
    guard let id = ids.first else { preconditionFailure("an append gives an id for each event") }
    return id
  }

  /// Appends events to the writer's ledgers for the audiences that they are for, having kept the commits that they name
  /// first: one move of each ledger, however many they are. `seconds` are the author dates, where those are others than
  /// the author's own.
  ///
  /// - Returns: the events' ids, in their order. Of each audience either all are in the ledger, or none is.
  public func append(
    _ messages: [EventMessage], at seconds: [Int64]? = nil, author: Signature
  ) throws -> [EventID] {
    let drafts = try messages.map { (message: $0, bytes: try $0.encoded()) }
    return try locked {
      try keepLocked(Set(messages.flatMap { $0.claim.members?.members ?? [] }).sorted(), author: author)
      let tree = try repository.writeTree([])
      let ledgers = try drafts.map { draft in
        RefName.ledger(draft.message.ledger.writer, try audience(of: draft.message.claim))
      }
      var ids = [EventID?](repeating: nil, count: drafts.count)
      for ledger in Set(ledgers).sorted() {
        try advanceLocked(ledger, log: "weave: event") { tip in
          var tip = tip
          for (index, draft) in drafts.enumerated() where ledgers[index] == ledger {
            var speaker = author
            if let seconds { speaker.seconds = seconds[index] }
            let event = try repository.writeCommit(
              tree: tree, parents: tip.map { [$0] } ?? [], author: speaker, committer: author,
              message: draft.bytes)
            ids[index] = EventID(event)
            tip = event
          }
          return tip
        }
      }
      return ids.compactMap { $0 }
    }
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
  /// The author as a commit has it.
  public init(_ signature: Signature) {
    self.init(
      name: signature.name, email: signature.email, seconds: signature.seconds,
      offsetMinutes: signature.offsetMinutes)
  }
}
