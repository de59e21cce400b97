extension Compatibility {
  /// Whether the event counts: false for one that is not here, that a withdrawal names, for a link whose very
  /// set is revoked, and for a withdrawal that names a withdrawal.
  public func counts(_ id: EventID) -> Bool {
    guard let event = events[id] else { return false }
    switch event.claim {
    case .link(let set): return withdrawalsByTarget[id] == nil && !revocationIndex.contains(set)
    case .revoke: return withdrawalsByTarget[id] == nil
    case .withdraw(let target):
      if case .withdraw = events[target]?.claim { return false }
      return true
    }
  }

  /// The withdrawals that take `id` back, by id. The event itself may not be here yet.
  public func withdrawals(of id: EventID) -> [Event] {
    (withdrawalsByTarget[id] ?? []).compactMap { events[$0] }
  }

  /// Whether a link that counts holds both commits, and no revocation that counts is of one or both.
  public func isLive(_ pair: CommitPair) -> Bool {
    countingLinksByPair[pair] != nil && !revocationIndex.isAny(within: [pair.first, pair.second])
  }

  /// Every live pair, in order of their projects and then of their commits. Sorts them all anew.
  public var livePairs: [CommitPair] { countingLinksByPair.keys.filter(isLive).sorted() }

  /// The revocations that count and whose commits are all in `set`, oldest first: empty when it is not unfit.
  public func revocations(against set: CommitSet) -> [Event] {
    revocationIndex.revocations(within: set.members).compactMap { events[$0] }.sorted(by: Event.readsBefore)
  }

  /// Whether a revocation that counts forbids running this set, alone or with more.
  public func isUnfit(_ set: CommitSet) -> Bool { revocationIndex.isAny(within: set.members) }

  /// The links that count and hold both commits, oldest first.
  public func links(holding pair: CommitPair) -> [Event] {
    (countingLinksByPair[pair] ?? []).compactMap { events[$0] }
  }

  /// The links, whether they count or not, that name the commit, or any commit of the project; oldest first.
  public func links(naming project: ProjectName, commit: CommitID?) -> [Event] {
    let ids = commit.map { linksByMember[Member(project: project, commit: $0)] } ?? linksByProject[project]
    return (ids ?? []).compactMap { events[$0] }
  }
}
