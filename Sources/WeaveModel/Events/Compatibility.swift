/// What a set of events adds up to: which links and revocations count, which pairs of commits are live, and
/// which sets are unfit.
///
/// A function of the set alone: neither the order of the events nor how often one is given changes an answer.
public struct Compatibility: Sendable {
  /// Every event, without its words.
  public let events: EventTable
  /// The numbers of the commits that the events name, and maybe of others.
  public let commits: CommitTable
  /// Withdrawals that name a withdrawal, by id: they count for nothing.
  public let misdirectedWithdrawals: [EventID]
  /// The revocations that count, in the order people read events.
  public let countingRevocations: [EventID]
  /// How many links count.
  public let countingLinkCount: Int

  /// Withdrawals that count, by what they withdraw, which need not be here.
  let withdrawalsByTarget: [EventID: [EventID]]
  let revocationIndex: RevocationIndex
  /// Of each event whether it is a link or a revocation that counts.
  let isCounting: [Bool]
  let eventsByCommit: EventsByCommit

  /// The state of `events`, in time near linear in their number.
  public init(_ events: some Sequence<Event>) {
    var (table, commits) = (EventTable(), CommitTable())
    for event in events { table.append(event, commits: &commits) }
    self.init(table, commits)
  }

  /// The state of the events of a table, whose commits have their numbers in `commits`. 1,000,000 links take some
  /// 40 ms.
  public init(_ events: EventTable, _ commits: CommitTable) {
    let events = events.readOnTheSafeSide(ignoring: [])
    (self.events, self.commits) = (events, commits)
    let withdrawals = Withdrawals(of: events)
    misdirectedWithdrawals = withdrawals.misdirected
    withdrawalsByTarget = withdrawals.byTarget

    let revocations = events.rows(of: .revocation)
      .filter { !withdrawals.rows.contains($0) && !events.members[$0].isEmpty }.sorted(by: events.readsBefore)
    var index = RevocationIndex()
    for row in revocations { index.insert(row, of: events.members[row]) }
    countingRevocations = revocations.map { events.ids[$0] }
    revocationIndex = index

    var isCounting = events.kinds.map { $0 == EventTable.Kind.link.rawValue }
    for row in withdrawals.rows { isCounting[row] = false }
    let firstMembers = Set(revocations.compactMap { events.members[$0].first })
    let suspects = index.isEmpty ? [] : Self.links(of: events, beginningWith: firstMembers, commits.count)
    for row in suspects where index.contains(events.members[row]) { isCounting[row] = false }
    countingLinkCount = isCounting.count { $0 }
    for row in revocations { isCounting[row] = true }
    self.isCounting = isCounting
    eventsByCommit = EventsByCommit(events.members, commitCount: commits.count)
  }

  /// The links whose first commit is one of `commits`.
  private static func links(
    of events: EventTable, beginningWith commits: Set<CommitNumber>, _ commitCount: Int
  ) -> [Int] {
    var isWanted = [Bool](repeating: false, count: commitCount)
    for commit in commits { isWanted[Int(commit)] = true }
    let (starts, members) = (events.members.starts, events.members.members)
    return events.kinds.indices.filter { row in
      events.kinds[row] == EventTable.Kind.link.rawValue && starts[row] < starts[row + 1]
        && isWanted[Int(members[Int(starts[row])])]
    }
  }
}

/// What the withdrawals among some events come to.
private struct Withdrawals {
  var misdirected: [EventID] = []
  var byTarget: [EventID: [EventID]] = [:]
  /// What they withdraw, of what is here.
  var rows: Set<Int> = []

  init(of events: EventTable) {
    for (index, row) in events.withdrawals.enumerated() {
      let target = events.withdrawn[index]
      let targetRow = events.row(of: target)
      if let targetRow, events.kind(targetRow) == .withdrawal {
        misdirected.append(events.ids[Int(row)])
      } else {
        byTarget[target, default: []].append(events.ids[Int(row)])
        if let targetRow { rows.insert(targetRow) }
      }
    }
    misdirected.sort()
    byTarget = byTarget.mapValues { $0.sorted() }
  }
}

extension EventTable {
  /// The rows of the events of that kind, ascending.
  func rows(of kind: Kind) -> [Int] {
    kinds.withUnsafeBufferPointer { kinds in kinds.indices.filter { kinds[$0] == kind.rawValue } }
  }
}
