import Git
import WeaveModel

/// A record that a remote lacks, or has an older state of.
public struct OutgoingRecord: Hashable, Sendable {
  public let record: RecordRef
  public let tip: ObjectID
  /// What the remote has of it; nil for nothing.
  public let former: ObjectID?

  public init(record: RecordRef, tip: ObjectID, former: ObjectID?) {
    (self.record, self.tip, self.former) = (record, tip, former)
  }
}

extension Store {
  /// What the remote is to be given: this writer's own ledgers, and what of the shared records goes on from what it has.
  /// Other writers' ledgers are theirs to push.
  ///
  /// The own ledgers and the manifest are among it also where the remote is known to have them: it may have lost them.
  /// What cannot be read is noted among `failures`. `now` is in seconds since 1970.
  public func outgoing(
    to remote: Remote, knowing known: [RecordRef: ObjectID], now: Int64, _ failures: inout RecordFailures
  ) throws -> [OutgoingRecord] {
    let writer = try writer()
    var outgoing: [OutgoingRecord] = []
    for audience in Audience.allCases where audience == .public || remote.audience == .private {
      for reference in try repository.references(matching: "\(RefName.records)\(audience)/*") {
        guard case .direct(let tip) = reference.target,
          let record = RecordRef(name: reference.name, among: kinds)
        else { continue }
        if record.kind.owner == .writer, record.writer != writer { continue }
        if !record.kind.isAlwaysGiven, known[record] == tip { continue }
        let isDue = try isolating(record, &failures) {
          if let reports = record.dated {
            let newest = try repository.newestReport(in: reports)
            return try isNextDate(tip, after: known[record], of: newest, now: now)
          }
          return try isNext(tip, after: known[record])
        }
        if isDue == true { outgoing.append(OutgoingRecord(record: record, tip: tip, former: known[record])) }
      }
    }
    return outgoing
  }

  /// The shared records of which ours and what the remote has do not go on from one another. What cannot be read is noted
  /// among `failures`.
  public func recordsApart(
    from known: [RecordRef: ObjectID], of remote: Remote, _ failures: inout RecordFailures
  ) throws -> [RecordRef] {
    try known.filter { record, tip in
      guard record.kind.owner != .writer, !record.isReplaced else { return false }
      return try isolating(record, &failures) {
        guard let ours = try repository.resolve(record.name), try repository.kind(of: tip) == .commit else {
          return false
        }
        return try !reaches(tip, from: ours) && !reaches(ours, from: tip)
      } ?? false
    }.map(\.key).sorted { $0.path < $1.path }
  }

  private func isNext(_ tip: ObjectID, after former: ObjectID?) throws -> Bool {
    guard let former else { return true }
    return try repository.kind(of: former) == .commit && reaches(former, from: tip)
  }

  /// Whether a machine's date is to take the place of what the remote has; never one of a report that is not here.
  private func isNextDate(
    _ date: ObjectID, after former: ObjectID?, of newest: ReportNumber, now: Int64
  ) throws -> Bool {
    guard try repository.reportNumber(at: date) <= newest else { return false }
    guard let former, try repository.kind(of: former) == .commit else { return true }
    return try repository.isLaterDate(date, than: former, of: newest, now: now)
  }

  /// Copies the records into the exchange repository, from which they are pushed, but for public ones that hold what is
  /// private and that no public remote is known to have had: the one place that decides what may go out.
  ///
  /// - Returns: those that may be pushed. The others are noted among `failures`.
  public func publish(
    _ records: [OutgoingRecord], to remote: Remote, through exchange: Exchange,
    _ failures: inout RecordFailures
  ) throws -> [OutgoingRecord] {
    var records = records
    if remote.audience == .public {
      let unpublished = try Unpublished(of: self, beyond: exchange)
      var readable: [OutgoingRecord] = []
      for outgoing in records {
        let looked = try isolating(outgoing.record, &failures) {
          (leak: try unpublished.leak(in: outgoing), ())
        }
        guard let looked else { continue }
        if let leak = looked.leak {
          failures.note(leak: leak, in: outgoing.record)
        } else {
          readable.append(outgoing)
        }
      }
      records = readable
    }
    let tips = Dictionary(uniqueKeysWithValues: records.map { ($0.record, $0.tip) })
    let copied = try copy(tips, from: repository, to: exchange.repository, &failures)
    return records.filter { outgoing in
      let isAlone = outgoing.record.dated.map(failures.records.contains)
      return copied[outgoing.record] != nil && isAlone != true
    }
  }

  /// The commits of projects that links and locks in the part of the record which is to go out name.
  public func linkedMembers(in outgoing: OutgoingRecord) throws -> Set<Member> {
    try membersNamed(by: outgoing.record, at: outgoing.tip, after: outgoing.former) { claim in
      if case .link = claim { true } else { false }
    }
  }

  /// Notes that the remote no longer has the record.
  public func noteGone(_ outgoing: OutgoingRecord, at remote: Remote, in exchange: Exchange) throws {
    try exchange.remember(outgoing.record, at: nil, of: remote.name)
  }

  /// Forgets what the remote had.
  public func forget(_ remote: Remote, in exchange: Exchange) throws { try exchange.forget(remote.name) }

  /// Notes that the remote has the record as it was sent.
  public func noteSent(_ outgoing: OutgoingRecord, to remote: Remote, in exchange: Exchange) throws {
    try exchange.remember(outgoing.record, at: outgoing.tip, of: remote.name)
  }
}

/// What is private, and was never given to a public remote.
private final class Unpublished {
  private let secrets: Secrets
  private let exchange: Exchange
  private lazy var publicCommits = Result { try exchange.knownCommits() }

  /// - Parameter exchange: the one for public remotes. What they have had already is no secret, though it names one:
  ///   somebody guessed it.
  init(of store: Store, beyond exchange: Exchange) throws {
    self.exchange = exchange
    let projects = try store.privateProjects()
    let events = try store.ledgerReferences().filter {
      RecordRef(name: $0.name, among: store.kinds)?.audience == .private
    }.flatMap { reference in
      // What is private there nobody can tell from the rest.
      try reading(reference.name) {
        try store.ledger(of: reference).map { try store.repository.ancestry(of: $0.tip) } ?? []
      }
    }
    secrets = Secrets(projects: projects, events: Set(events), in: store.repository)
  }

  /// What is private in the part of the record that is to go out, in words; nil where nothing is.
  func leak(in outgoing: OutgoingRecord) throws -> String? {
    let repository = secrets.repository
    for id in try repository.commits(above: outgoing.former, from: outgoing.tip) {
      if secrets.events.contains(id) { return "it reaches the private event \(id)" }
      guard let reason = try outgoing.record.kind.leak(secrets, repository.commit(id)) else { continue }
      if try !publicCommits.get().contains(id) { return "\(id) \(reason)" }
    }
    return nil
  }
}
