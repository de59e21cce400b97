/// Events without their words, column by column: what the state is computed from, and no more.
///
/// Each event is there once. The commits that it names are numbers of one ``CommitTable``.
public struct EventTable: Sendable {
  public enum Kind: UInt8, Sendable {
    case link, revocation, withdrawal
    /// What a newer weave recorded and counts for nothing: ``readOnTheSafeSide(ignoring:)`` made it so.
    case nothing
    /// As a newer weave recorded them.
    case newerLink, newerRevocation, newerWithdrawal
  }

  package private(set) var ids: IdentifierColumn<EventIDKind>
  /// Raw values of ``Kind``.
  package private(set) var kinds: [UInt8]
  /// By the authors' clocks, since 1970.
  package private(set) var seconds: [Int64]
  /// The commits of each event, in the order of their projects; none of a withdrawal.
  package private(set) var members: LinkTable
  /// The withdrawals, ascending, and what each withdraws.
  package private(set) var withdrawals: [Int32]
  package private(set) var withdrawn: IdentifierColumn<EventIDKind>
  package private(set) var rows: ProbingTable

  /// A table of no events.
  public init() {
    (ids, kinds, seconds, members) = (IdentifierColumn(), [], [], LinkTable())
    (withdrawals, withdrawn, rows) = ([], IdentifierColumn(), ProbingTable())
  }

  /// The table of those parts; nil where they do not fit together, or name a commit beyond `commitCount`.
  package init?(
    ids: IdentifierColumn<EventIDKind>, kinds: [UInt8], seconds: [Int64], members: LinkTable,
    withdrawals: [Int32], withdrawn: IdentifierColumn<EventIDKind>, rows: ProbingTable, commitCount: Int
  ) {
    let count = kinds.count
    guard ids.count == count, seconds.count == count, members.starts.count == count + 1,
      members.starts.first == 0, members.starts.last.map({ Int($0) }) == members.members.count,
      members.isAscending, members.members.allSatisfy({ $0 >= 0 && Int($0) < commitCount }),
      kinds.allSatisfy({ $0 <= Kind.newerWithdrawal.rawValue && $0 != Kind.nothing.rawValue }),
      withdrawn.count == withdrawals.count,
      withdrawals.allSatisfy({ $0 >= 0 && Int($0) < count && Self.isWithdrawal(kinds[Int($0)]) }),
      zip(withdrawals, withdrawals.dropFirst()).allSatisfy({ $0 < $1 }),
      kinds.count(where: Self.isWithdrawal) == withdrawals.count
    else { return nil }
    (self.ids, self.kinds, self.seconds, self.members) = (ids, kinds, seconds, members)
    (self.withdrawals, self.withdrawn, self.rows) = (withdrawals, withdrawn, rows)
  }

  private static func isWithdrawal(_ kind: UInt8) -> Bool {
    kind == Kind.withdrawal.rawValue || kind == Kind.newerWithdrawal.rawValue
  }

  public var count: Int { kinds.count }
  public var isEmpty: Bool { kinds.isEmpty }

  /// The id of the event in that row.
  public func id(_ row: Int) -> EventID { ids[row] }

  public func kind(_ row: Int) -> Kind { Kind(rawValue: kinds[row]) ?? .nothing }

  /// The event's row; nil for one that is not here.
  public func row(of id: EventID) -> Int? {
    rows.row(ofHash: ProbingTable.hash(id.words, seed: rows.seed)) { ids[$0] == id }
  }

  /// The ids that begin with those digits, in order. Looks at all.
  public func ids(beginningWith digits: String) -> [EventID] {
    let missing = max(0, 2 * EventID.byteCount - digits.utf8.count)
    guard let least = EventID(hex: digits + String(repeating: "0", count: missing)),
      let greatest = EventID(hex: digits + String(repeating: "f", count: missing))
    else { return [] }
    return kinds.indices.lazy.map { ids[$0] }.filter { (least...greatest).contains($0) }.sorted()
  }

  /// What the event in that row withdraws; nil where it is no withdrawal.
  public func withdrawn(by row: Int) -> EventID? {
    var (low, high) = (0, withdrawals.count)
    while low < high {
      let middle = (low + high) / 2
      if withdrawals[middle] < row { low = middle + 1 } else { high = middle }
    }
    return low < withdrawals.count && withdrawals[low] == row ? withdrawn[low] : nil
  }

  /// Adds the event, if it is not here, and the commits that it names to `commits`.
  public mutating func append(_ event: Event, commits: inout CommitTable) {
    guard row(of: event.id) == nil else { return }
    let members = (event.members?.members ?? []).map { commits.insert($0) }
    switch event.claim {
    case .link:
      append(
        event.id, event.isNewer ? .newerLink : .link, event.author.seconds, members[...], withdrawing: nil)
    case .revoke:
      append(
        event.id, event.isNewer ? .newerRevocation : .revocation, event.author.seconds, members[...],
        withdrawing: nil)
    case .withdraw(let target):
      append(
        event.id, event.isNewer ? .newerWithdrawal : .withdrawal, event.author.seconds, [],
        withdrawing: target)
    }
  }

  /// Adds the events of `other` that are not here, its last one first. Both number commits by one table.
  package mutating func append(reversing other: EventTable) {
    for row in other.kinds.indices.reversed() where self.row(of: other.ids[row]) == nil {
      append(row, of: other)
    }
  }

  /// Adds the event in that row of `other`, which is not here. Both number commits by one table.
  mutating func append(_ row: Int, of other: EventTable) {
    append(
      other.ids[row], other.kind(row), other.seconds[row], other.members[row],
      withdrawing: other.withdrawn(by: row))
  }

  private mutating func append(
    _ id: EventID, _ kind: Kind, _ seconds: Int64, _ members: ArraySlice<CommitNumber>,
    withdrawing target: EventID?
  ) {
    if let target {
      withdrawals.append(Int32(kinds.count))
      withdrawn.append(target)
    }
    kinds.append(kind.rawValue)
    ids.append(id)
    self.seconds.append(seconds)
    self.members.append(members)
    let seed = rows.seed
    rows.append { [ids] in ProbingTable.hash(ids[$0].words, seed: seed) }
  }

  /// The rows of what a newer weave recorded, ascending; none where they were read already. Looks at every kind once.
  package var newerRows: [Int] {
    kinds.withUnsafeBufferPointer { kinds in kinds.indices.filter { kinds[$0] > Kind.nothing.rawValue } }
  }

  /// The table with what a newer weave recorded read on the safe side, each event in its row.
  ///
  /// Its revocations count. A withdrawal counts where it takes back a link that this version understands; one that would
  /// set anything free, and a link, count for nothing, and so do the events to be `ignored`.
  package func readOnTheSafeSide(ignoring ignored: Set<EventID>) -> EventTable {
    let rows = newerRows
    guard !rows.isEmpty else { return self }
    var table = self
    var void: Set<Int32> = []
    for row in rows {
      let kind: Kind =
        switch self.kind(row) {
        case _ where ignored.contains(ids[row]): .nothing
        case .newerRevocation: .revocation
        case .newerWithdrawal where isLink(withdrawn(by: row)): .withdrawal
        default: .nothing
        }
      table.kinds[row] = kind.rawValue
      if kind == .nothing { void.insert(Int32(row)) }
    }
    table.withdrawals = []
    table.withdrawn = IdentifierColumn()
    for (index, row) in withdrawals.enumerated() where !void.contains(row) {
      table.withdrawals.append(row)
      table.withdrawn.append(withdrawn[index])
    }
    return table
  }

  private func isLink(_ event: EventID?) -> Bool { event.flatMap(row).map { kind($0) == .link } ?? false }

  /// The order in which people read events: by their authors' clocks, then by id.
  func readsBefore(_ left: Int, _ right: Int) -> Bool {
    (seconds[left], ids[left]) < (seconds[right], ids[right])
  }
}

extension LinkTable {
  /// Whether no row ends before it starts.
  fileprivate var isAscending: Bool {
    starts.withUnsafeBufferPointer { starts in
      for index in 1..<max(1, starts.count) where starts[index] < starts[index - 1] { return false }
      return true
    }
  }
}
