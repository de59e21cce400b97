import Git
import WeaveModel

/// What came of taking in what a remote has.
public struct Reception: Sendable {
  /// What was refused, by the names of the remote's refs; ours stays as it is, but for ``cut``.
  public internal(set) var refused: [RefusedEntry] = []
  /// The dates of machines among what was refused of which ours, where it is one, is to take the place.
  var replaceable: Set<RecordRef> = []
  /// The names of those of ``refused`` that ours may not follow there.
  public var blocking: Set<String> { Set(refused.map(\.name)).subtracting(replaceable.map(\.name)) }
  /// Those of which a commit was refused, with all above it, and what is below was taken.
  public internal(set) var cut: Set<RecordRef> = []
  /// Whether events were refused, or withheld: what they say is not known here.
  public var lacksEvents: Bool {
    refused.contains { RecordRef(name: $0.name)?.isLedger == true }
  }
  /// The entries of the manifest that both sides changed; the manifest stays as it is until they are settled.
  public internal(set) var conflicts: [ManifestConflict] = []
  /// The locks that were made on both sides.
  public internal(set) var contestedLocks: [ContestedLock] = []
  /// The records that were taken.
  public internal(set) var taken: Set<RecordRef> = []
  /// What could not be taken, as ours cannot be read or is malformed.
  public internal(set) var failures = RecordFailures()
}

extension Reception {
  /// Forgets that the refs of those names were refused: the remote has them anew.
  public mutating func forgive(_ names: [String]) { refused.removeAll { names.contains($0.name) } }
}

/// Two locks of one constellation, made at the same time in two places: the remote's is wanted.
public struct ContestedLock: Sendable {
  public let adopted: Lock
  public let notAdopted: Lock
}

extension Store {
  /// The repository for exchanging records with remotes of that audience; waits while another process has it.
  public func exchange(for audience: Audience) throws -> Exchange {
    try Exchange.open(for: audience, of: repository.gitDirectory, knowing: kinds, warn: warn)
  }

  /// As ``exchange(for:)``; nil where there is none yet.
  public func existingExchange(for audience: Audience) throws -> Exchange? {
    try Exchange.existing(for: audience, of: self)
  }

  /// Takes in what `git fetch` has brought of the remote into the exchange repository.
  ///
  /// A record is refused whole where ``Inspection`` says so, or where the remote no longer has what it had before; of some
  /// kinds, as a ledger, what is below the commit that is refused is taken. What goes on from ours is taken as it is; what went
  /// apart is joined. The commits that are named anew, and are here, are kept first.
  ///
  /// - Parameters:
  ///   - before: what the remote had before the fetch.
  ///   - choices: whose version of an entry of the manifest is to be taken, where both changed it.
  public func receive(
    from remote: Remote, in exchange: Exchange, before: [RecordRef: ObjectID],
    choices: [String: ManifestSide] = [:], author: Signature
  ) throws -> Reception {
    var reception = Reception()
    let now = try exchange.records(of: remote.name)
    let inspection = Inspection(in: exchange.repository, for: id, besides: repository)
    var excess = try excessRecords(now, in: exchange)
    let records = Set(now.keys).union(before.keys).sorted { $0.path < $1.path }
    var commits: [RecordRef: NewCommits] = [:]
    for record in records {
      guard let tip = now[record] else { continue }
      commits[record] =
        try isolating(record, &reception.failures) {
          guard try lacks(record, tip) else { return nil }
          return inspection.newCommits(of: tip, besides: try checked(record, in: exchange))
        } ?? nil
    }
    excess.merge(NewCommits.excess(among: commits)) { first, _ in first }
    var new: [RecordRef: ObjectID] = [:]
    for record in records where !reception.failures.records.contains(record) {
      let tip = now[record]
      let looked = try isolating(record, &reception.failures) {
        try refusalOfMove(
          of: record, from: before[record], to: tip, isNew: commits[record] != nil, in: exchange)
      }
      guard let looked else { continue }
      var reason = looked
      if reason == nil, let tip, let commits = commits[record] {
        reason = excess[record] ?? inspection.refusal(of: record, at: tip, commits)
      }
      if let reason {
        reception.refused.append(RefusedEntry(name: record.name, reason: reason))
        if record.isReplaced {
          reception.replaceable.insert(record)
        } else {
          try exchange.remember(record, at: before[record], of: remote.name)
        }
        guard looked == nil, excess[record] == nil, let commits = commits[record], !commits.ids.isEmpty else {
          continue
        }
        switch record.kind.remainder {
        case .nothing: break
        case .newest:
          let tip = try isolating(record, &reception.failures) {
            try inspection.soundTip(of: record, commits)
          }
          guard let tip = tip ?? nil else { continue }
          reception.cut.insert(record)
          new[record] = tip
        case .all:
          reception.cut.insert(record)
          new[record] =
            try isolating(record, &reception.failures) {
              try exchange.head(joining: inspection.soundHeads(of: record, commits))
            } ?? nil
        }
      } else if commits[record] != nil {
        new[record] = tip
      }
    }
    try locked {
      // What is here before somebody else's changes come.
      try acceptLocked(author: author) { _ in }
      // What no ref reaches yet a collection would take.
      new = try copy(new, from: exchange.repository, to: repository, &reception.failures)
      let named = try membersNamed(by: new, &reception.failures)
      try keepLocked(named.sorted(), author: author)
      for (record, tip) in new.sorted(by: { $0.key.path < $1.key.path })
      where !reception.failures.records.contains(record) {
        // What cannot be written is no fault of the record.
        do { try take(record, at: tip, now: author.seconds, choices, &reception) } catch
          where isLost(error) || !isUnreadable(error)
        {
          note(error, of: record, among: &reception.failures)
        }
      }
    }
    for record in reception.replaceable {
      // It may speak of what was not taken of the machine, and be right.
      guard let observation = record.dated,
        reception.blocking.contains(observation.name)
          || reception.failures.records.contains(observation)
      else { continue }
      reception.replaceable.remove(record)
      try exchange.remember(record, at: before[record], of: remote.name)
    }
    for record in reception.failures.records {
      try exchange.remember(record, at: before[record], of: remote.name)
    }
    return reception
  }

  /// Whether ours do not reach all of these tips of a remote's: a pull that was cut off, or that left something to be
  /// settled, has fetched them. So where that cannot be told: what is lost here, a pull may bring.
  public func isBehind(_ known: [RecordRef: ObjectID]) throws -> Bool {
    try known.contains { record, tip in
      guard !record.isReplaced else { return false }
      do { return try lacks(record, tip) } catch  where isUnreadable(error) { return true }
    }
  }

  /// Whether ours does not reach `tip`.
  private func lacks(_ record: RecordRef, _ tip: ObjectID) throws -> Bool {
    guard let ours = try repository.resolve(record.name) else { return true }
    guard ours != tip else { return false }
    return try repository.kind(of: tip) != .commit || !reaches(tip, from: ours)
  }

  /// Why the remote's record may not have become what it is there, whatever it says.
  private func refusalOfMove(
    of record: RecordRef, from former: ObjectID?, to tip: ObjectID?, isNew: Bool, in exchange: Exchange
  ) throws -> String? {
    guard let tip else { return record.isReplaced ? nil : "it was deleted there" }
    if isNew, record.kind == .manifest, let other = try exchange.foreignStore(ofManifest: tip, to: self) {
      return "it is of another store, \(other)"
    }
    guard isNew, let former, former != tip, !record.isReplaced else { return nil }
    guard try exchange.repository.kind(of: tip) == .commit,
      try exchange.repository.isAncestor(former, of: tip)
    else { return "it was rewritten there: \(former) is gone from it" }
    return nil
  }

  /// What of the record was looked at before, and is in the exchange repository.
  private func checked(_ record: RecordRef, in exchange: Exchange) throws -> [ObjectID] {
    guard let ours = try repository.resolve(record.name), try exchange.repository.kind(of: ours) == .commit
    else {
      return []
    }
    return [ours]
  }

  /// Makes ours reach `tip`, which may be taken and is in the store.
  private func take(
    _ record: RecordRef, at tip: ObjectID, now: Int64, _ choices: [String: ManifestSide],
    _ reception: inout Reception
  ) throws {
    let old = try repository.resolve(record.name)
    let new = try advanceLocked(record.name, log: "weave: pull") { ours in
      if let reports = record.dated {
        let newest = try repository.newestReport(in: reports)
        guard try repository.reportNumber(at: tip) <= newest else {
          reception.refused.append(
            RefusedEntry(name: record.name, reason: "it speaks of a report that is not here"))
          reception.replaceable.insert(record)
          return nil
        }
        guard let ours else { return tip }
        return try repository.isLaterDate(tip, than: ours, of: newest, now: now) ? tip : nil
      }
      guard let ours else { return tip }
      if try reaches(tip, from: ours) { return nil }
      if try reaches(ours, from: tip) { return tip }
      return try join(record, ours: ours, theirs: tip, choices, &reception)
    }
    if new != old { reception.taken.insert(record) }
  }

  /// What is to follow two tips that went apart; nil where that is not to be decided here.
  private func join(
    _ record: RecordRef, ours: ObjectID, theirs: ObjectID, _ choices: [String: ManifestSide],
    _ reception: inout Reception
  ) throws -> ObjectID? {
    switch record.kind.joining {
    case .never: return nil
    case .join(let make):
      if record.kind == .locks {
        reception.contestedLocks.append(
          ContestedLock(adopted: try lock(at: theirs), notAdopted: try lock(at: ours)))
      }
      return try make(theirs, ours, repository).write(to: repository)
    case .merge(let merge):
      let apart = RecordKind.Divergence(
        ours: ours, theirs: theirs, repository: repository, store: id, choices: choices)
      switch try merge(apart) {
      case .joined(let join): return try join.write(to: repository)
      case .conflicting(let conflicts): reception.conflicts += conflicts
      case .refused(let reason):
        reception.refused.append(RefusedEntry(name: record.name, reason: reason))
      }
      return nil
    }
  }
}

extension Exchange {
  /// One commit that reaches these, and has no tree; nil where there is none.
  fileprivate func head(joining heads: [ObjectID]) throws -> ObjectID? {
    guard heads.count > 1 else { return heads.first }
    return try Join(of: heads, tree: repository.writeTree([]), in: repository).write(to: repository)
  }
}
