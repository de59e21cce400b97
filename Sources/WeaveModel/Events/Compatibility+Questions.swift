extension Compatibility {
  /// Whether the event counts: false for one that is not here, that a withdrawal names, for a link whose very
  /// set is revoked, and for a withdrawal that names a withdrawal.
  public func counts(_ id: EventID) -> Bool {
    guard let row = events.row(of: id) else { return false }
    guard let target = events.withdrawn(by: row) else { return isCounting[row] }
    return events.row(of: target).map { events.kind($0) != .withdrawal } ?? true
  }

  /// The commits that the link or revocation speaks of; nil for a withdrawal and for one that is not here.
  public func members(of event: EventID) -> CommitSet? {
    guard let row = events.row(of: event), [.link, .revocation].contains(events.kind(row)) else { return nil }
    return try? CommitSet(events.members[row].map { commits[$0] })
  }

  /// The withdrawals that take `id` back, by id. The event itself may not be here yet.
  public func withdrawals(of id: EventID) -> [EventID] { withdrawalsByTarget[id] ?? [] }

  /// Whether a link that counts holds both commits, and no revocation that counts is of one or both.
  public func isLive(_ pair: CommitPair) -> Bool {
    let numbers = numbers(of: [pair.first, pair.second])
    return numbers.count == 2 && !countingLinks(holding: numbers).isEmpty
      && !revocationIndex.isAny(within: numbers)
  }

  /// Every live pair, in order of their projects and then of their commits. Looks at each pair of each link anew.
  public var livePairs: [CommitPair] {
    var pairs: Set<CommitPair> = []
    for row in events.rows(of: .link) where isCounting[row] {
      let members = events.members[row]
      for (index, first) in zip(members.indices, members) {
        for second in members[(index + 1)...] where !revocationIndex.isAny(within: [first, second]) {
          pairs.insert(CommitPair(commits[first], commits[second]))
        }
      }
    }
    return pairs.sorted()
  }

  /// The revocations that count and whose commits are all in `set`, oldest first: empty when it is not unfit.
  public func revocations(against set: CommitSet) -> [EventID] {
    inReadingOrder(revocationIndex.revocations(within: numbers(of: set.members)))
  }

  /// The revocations against `set` whose projects all meet each other, so that they forbid anything at all; oldest first.
  public func revocations(against set: CommitSet, meeting: Set<ProjectPair>) -> [EventID] {
    revocations(against: set).filter { event in
      members(of: event)?.pairs.allSatisfy { meeting.contains($0.projects) } ?? false
    }
  }

  /// Whether a revocation that counts forbids running this set, alone or with more.
  public func isUnfit(_ set: CommitSet) -> Bool { revocationIndex.isAny(within: numbers(of: set.members)) }

  /// Whether a revocation that counts is of this commit alone.
  public func isUnfit(_ member: Member) -> Bool { revocationIndex.isAny(within: numbers(of: [member])) }

  /// Whether nobody said anything of the pair: neither that it is linked nor that it is unfit.
  public func isUnlinked(_ pair: CommitPair) -> Bool {
    !isLive(pair) && !revocationIndex.isAny(within: numbers(of: [pair.first, pair.second]))
  }

  /// The links that count and hold both commits, oldest first.
  public func links(holding pair: CommitPair) -> [EventID] {
    let numbers = numbers(of: [pair.first, pair.second])
    return numbers.count == 2 ? inReadingOrder(countingLinks(holding: numbers)) : []
  }

  /// The links that count, oldest first. Sorts them all anew.
  public var countingLinks: [EventID] { inReadingOrder(events.rows(of: .link).filter { isCounting[$0] }) }

  /// The links, whether they count or not, that name the commit, or any commit of the project; oldest first.
  public func links(naming project: ProjectName, commit: CommitID?) -> [EventID] {
    let rows: [Int]
    if let commit {
      let number = commits.number(of: Member(project: project, commit: commit))
      rows = number.map { eventsByCommit[$0].map { Int($0) } } ?? []
    } else {
      rows = events.rows(of: .link).filter { row in
        events.members[row].contains { commits[$0].project == project }
      }
    }
    return inReadingOrder(rows.filter { events.kind($0) == .link })
  }

  /// The links for a resolution: every one that counts, and each of two commits that no withdrawal names though its
  /// very set is revoked: whoever resolves forbids these by the revocation, and can so name it.
  ///
  /// Copies them all: linear in the events.
  public var linksForResolution: LinkTable {
    let (starts, members) = (events.members.starts, events.members.members)
    var kept = LinkTable(rowCapacity: events.count, memberCapacity: members.count)
    for row in events.kinds.indices where events.kinds[row] == EventTable.Kind.link.rawValue {
      let range = Int(starts[row])..<Int(starts[row + 1])
      guard isCounting[row] || (range.count == 2 && withdrawalsByTarget[events.ids[row]] == nil) else {
        continue
      }
      kept.append(members[range])
    }
    return kept
  }

  /// The sets of ``countingRevocations``, in the same order.
  public var unfitSets: [[CommitNumber]] {
    countingRevocations.map { id in events.row(of: id).map { Array(events.members[$0]) } ?? [] }
  }

  /// The rows in ``events`` of the links and revocations that name the commit.
  package func rows(naming commit: CommitNumber) -> ArraySlice<Int32> { eventsByCommit[commit] }

  /// The numbers of those commits that are named by any event, in the same order.
  func numbers(of members: [Member]) -> [CommitNumber] { members.compactMap(commits.number) }

  /// The rows of the links that count and hold all of `members`.
  func countingLinks(holding members: [CommitNumber]) -> [Int] {
    links(holding: members).filter { isCounting[$0] }
  }

  /// The rows of the links, whether they count or not, that hold all of `members`.
  func links(holding members: some Collection<CommitNumber>) -> [Int] {
    guard let rarest = members.map({ eventsByCommit[$0] }).min(by: { $0.count < $1.count }) else { return [] }
    return rarest.lazy.map { Int($0) }.filter { row in
      guard events.kind(row) == .link else { return false }
      let held = events.members[row]
      return members.allSatisfy(held.contains)
    }
  }

  func inReadingOrder(_ rows: [Int]) -> [EventID] {
    rows.sorted(by: events.readsBefore).map { events.ids[$0] }
  }
}
