import Git
import WeaveModel

/// The events of all ledgers, without their words.
public struct Ledgers: Sendable {
  /// What a newer weave recorded is read on the safe side.
  public let events: EventTable
  /// The events that a newer weave recorded, but for those that are ignored; those of each ledger oldest first.
  public let newer: [EventID]
  /// The numbers of the commits that the events name, among others.
  public let commits: CommitTable
  /// In the order of the ledgers' names, the newest of each first.
  public let refused: [RefusedEntry]
  /// The same for the same events, within one process.
  public let version: Int
}

extension Store {
  /// Every event of every ledger, by the index: only what is new since that was written is read from its commits.
  ///
  /// Writes the index where enough is new, and where the store can be written to.
  public func ledgers() throws -> Ledgers { try ledgers(ignoring: ignored) }

  /// As ``ledgers()``, with those that are ignored.
  public func allLedgers() throws -> Ledgers { try ledgers(ignoring: []) }

  /// The store of which ``ledgers()`` takes those events, which are of a newer weave, for nothing.
  public func ignoring(_ events: [EventID]) -> Store {
    view(asOf: asOf, ignoring: ignored.union(events))
  }

  public var isIgnoring: Bool { !ignored.isEmpty }

  private func ledgers(ignoring ignored: Set<EventID>) throws -> Ledgers {
    let references = try ledgerReferences()
    loadIndex()
    if !coversAll(references), try !readNewEvents(references) { try readAllEvents(references) }
    saveIndexIfWorthwhile()
    let refused = references.flatMap { reference in
      ledger(of: reference) == nil ? [.noLedger(reference)] : index.ledgers[reference.name]?.refused ?? []
    }
    let events = pastEvents(index.events)
    return Ledgers(
      events: events.readOnTheSafeSide(ignoring: ignored),
      newer: events.newerRows.map(events.id).filter { !ignored.contains($0) }, commits: index.commits,
      refused: refused, version: eventsVersion)
  }

  /// Those that had been recorded by the moment that is asked about, as their authors' dates have it.
  private func pastEvents(_ events: EventTable) -> EventTable {
    guard let asOf else { return events }
    return events.removing(Set(events.seconds.indices.filter { events.seconds[$0] > asOf.seconds }))
  }

  private func coversAll(_ references: [Reference]) -> Bool {
    let tips = references.compactMap { reference in ledger(of: reference).map { (reference.name, $0.tip) } }
    return tips.count == index.ledgers.count && tips.allSatisfy { index.ledgers[$0]?.tip == $1 }
  }

  /// Reads what the ledgers have grown by; false, and nothing is changed, where one has done anything else.
  private func readNewEvents(_ references: [Reference]) throws -> Bool {
    var ledgers: [String: StoreIndex.Ledger] = [:]
    var batches: [EventTable] = []
    for reference in references {
      guard let (ledger, tip) = ledger(of: reference) else { continue }
      let former = index.ledgers[reference.name]
      if let former, former.tip == tip {
        ledgers[reference.name] = former
        continue
      }
      var batch = EventTable()
      let reader = LedgerReader(ledger, in: repository)
      let reading: LedgerReader.Reading
      if let former {
        guard
          let grown = try reader.read(
            from: tip, downTo: former.tip, { batch.append($0, commits: &index.commits) })
        else { return false }
        reading = grown
      } else {
        reading = try reader.read(from: tip) { batch.append($0, commits: &index.commits) }
      }
      ledgers[reference.name] = StoreIndex.Ledger(
        tip: tip, refused: reading.refused + (former?.refused ?? []))
      batches.append(batch)
    }
    // A ledger that is gone takes its events along.
    guard index.ledgers.keys.allSatisfy({ ledgers[$0] != nil }) else { return false }
    take(batches, of: ledgers)
    return true
  }

  private func readAllEvents(_ references: [Reference]) throws {
    index.removeEvents()
    unsavedWeight += 1
    guard try readNewEvents(references) else { preconditionFailure("with nothing read all is new") }
  }

  private func take(_ batches: [EventTable], of ledgers: [String: StoreIndex.Ledger]) {
    for batch in batches {
      index.events.append(reversing: batch)
      unsavedWeight += batch.count
    }
    index.ledgers = ledgers
    eventsVersion += 1
  }
}
