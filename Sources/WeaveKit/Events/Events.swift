import ForeignText
import Git
import WeaveModel
import WeaveStore

/// A link beside what it comes to.
public struct ListedLink: Sendable {
  public let event: Event
  public let members: CommitSet
  public let standing: Compatibility.LinkStanding
}

/// An event in full: its members as the store knows them, its state, and what it affects.
public struct ShownEvent: Sendable {
  public struct ShownMember: Sendable {
    public let member: Member
    /// The commit's subject and committer date; nil where the store does not have it.
    public let subject: String?
    public let seconds: Int64?
  }

  public let event: Event
  public let members: [ShownMember]
  public let counts: Bool
  /// Of a link, what it comes to.
  public let standing: Compatibility.LinkStanding?
  /// Of a revoked link, the revocations.
  public let revocations: [Event]
  public let withdrawals: [Event]
  /// The locks that hold the whole set on one machine, and the machines that were observed to run it.
  public let locks: [String]
  public let machines: [String]
  /// What its signature is worth.
  public let verdict: SignatureVerdict
}

extension Workspace {
  /// The links, newest first: of one project, or those that name one commit of it.
  public func links(_ argument: String?) async throws -> [ListedLink] {
    let compatibility = try compatibility()
    var project: ProjectName?
    var commit: CommitID?
    if let argument, argument.holds("@") {
      let member = try await member(argument, checkouts: checkouts(), copying: false)
      (project, commit) = (member.project, member.commit)
    } else if let argument {
      project = try self.project(argument).name
    }
    let events = compatibility.events
    let rows =
      project.map { compatibility.links(naming: $0, commit: commit).compactMap(events.row) }
      ?? (0..<events.count).filter { events.kind($0) == .link }
    return try newestFirst(rows, of: events).compactMap { event in
      guard case .link(let members) = event.claim else { return nil }
      return ListedLink(event: event, members: members, standing: compatibility.standing(of: event.id))
    }
  }

  /// Every event, newest first.
  public func log() throws -> [Event] {
    let events = try store.readingAnyFormat { try compatibility() }.events
    return try newestFirst(Array(0..<events.count), of: events)
  }

  /// The events in full, newest first: those of one second by the names of their ledgers, and of one ledger the last
  /// first. Warns of those that are malformed.
  private func newestFirst(_ rows: [Int], of events: EventTable) throws -> [Event] {
    var found: [(row: Int, event: Event)] = []
    var failure: (any Error)?
    for row in rows {
      do { found.append((row, try event(events.id(row)))) } catch  where !isUnreadable(error) {
        failure = error
      }
    }
    if let failure { caller.warn("\(rows.count - found.count) left out: \(failure); `weave fsck` says all") }
    return found.sorted { left, right in
      let (one, other) = (left.event, right.event)
      if one.author.seconds != other.author.seconds { return one.author.seconds > other.author.seconds }
      if one.ledger != other.ledger {
        return one.ledger.writer.text.utf8.lexicographicallyPrecedes(other.ledger.writer.text.utf8)
      }
      return left.row > right.row
    }.map(\.event)
  }

  /// The event that `text` names, in full.
  public func show(_ text: String) async throws -> ShownEvent {
    try await store.readingAnyFormat { try await shown(text) }
  }

  private func shown(_ text: String) async throws -> ShownEvent {
    let event = try event(named: text)
    let compatibility = try compatibility()
    let set = event.members
    var standing: Compatibility.LinkStanding?
    var revocations: [Event] = []
    if case .link = event.claim, !event.isNewer { standing = compatibility.standing(of: event.id) }
    if case .revoked(let ids)? = standing { revocations = try ids.map(self.event) }
    return ShownEvent(
      event: event,
      members: try shownMembers(of: set),
      counts: compatibility.counts(event.id), standing: standing, revocations: revocations,
      withdrawals: try compatibility.withdrawals(of: event.id).map(self.event),
      locks: try set.map(locks(holding:)) ?? [], machines: try set.map(machines(running:)) ?? [],
      verdict: try await verdicts(on: [event])[event.id] ?? .unsigned)
  }

  // Apart: within an asynchronous function its closure crashes the optimiser of Swift 6.3.
  private func shownMembers(of set: CommitSet?) throws -> [ShownEvent.ShownMember] {
    try (set?.members ?? []).map { member in
      let id = member.commit.objectID
      let isThere = try store.repository.kind(of: id) == .commit
      // Throws where it is lost.
      if !isThere { _ = try store.has(member.commit, in: member.project) }
      let commit = isThere ? try store.repository.commit(id) : nil
      return ShownEvent.ShownMember(
        member: member, subject: commit?.subject, seconds: commit?.committer.seconds)
    }
  }

  private func locks(holding set: CommitSet) throws -> [String] {
    try constellationNames().filter { name in
      guard let lock = try store.lock(for: name) else { return false }
      return try store.commitsByComponent(in: lock).values.contains { contains($0, set) }
    }
  }

  private func machines(running set: CommitSet) throws -> [String] {
    try store.observations().filter { contains($0.commits, set) }.map(\.machine).sorted()
  }

  private func contains(_ commits: [ProjectName: CommitID], _ set: CommitSet) -> Bool {
    set.members.allSatisfy { commits[$0.project] == $0.commit }
  }
}
