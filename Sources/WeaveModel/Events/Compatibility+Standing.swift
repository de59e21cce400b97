extension Compatibility {
  /// What is left of a link.
  public enum LinkStanding: Hashable, Sendable {
    /// It counts, and all its pairs are live.
    case live
    /// It counts, and some of its pairs are live.
    case partly
    /// Its very set is revoked, or each of its pairs is: by these revocations, oldest first.
    case revoked(by: [EventID])
    /// These withdrawals, by id, take it back. Its pairs may be live by other links.
    case withdrawn(by: [EventID])
  }

  /// What is left of `link`, which is one of the links here.
  public func standing(of link: EventID) -> LinkStanding {
    let withdrawals = withdrawals(of: link)
    guard withdrawals.isEmpty else { return .withdrawn(by: withdrawals) }
    guard let row = events.row(of: link), events.kind(row) == .link else { return .revoked(by: []) }
    let members = Array(events.members[row])
    let revocations = revocationIndex.revocations(within: members)
    // That a counting link holds the pair need not be asked: this one does.
    let dead = deadPairCount(of: revocations, among: members.count)
    let pairs = members.count * (members.count - 1) / 2
    if isCounting[row], dead < pairs { return dead == 0 ? .live : .partly }
    return .revoked(by: inReadingOrder(revocations))
  }

  /// How many pairs of so many commits the revocations, which are of some of these, are of: all pairs of a commit that is
  /// revoked alone, and those that are revoked as a pair.
  private func deadPairCount(of revocations: [Int], among count: Int) -> Int {
    var (alone, together): (Set<CommitNumber>, Set<[CommitNumber]>) = ([], [])
    for row in revocations {
      let members = events.members[row]
      if members.count == 1 { alone.formUnion(members) }
      if members.count == 2 { together.insert(Array(members)) }
    }
    let rest = count - alone.count
    return count * (count - 1) / 2 - rest * (rest - 1) / 2
      + together.count { !$0.contains(where: alone.contains) }
  }
}
