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
    // That a counting link holds the pair need not be asked: this one does.
    var (live, pairs) = (0, 0)
    for index in members.indices where isCounting[row] {
      for other in members[(index + 1)...] {
        pairs += 1
        if !revocationIndex.isAny(within: [members[index], other]) { live += 1 }
      }
    }
    if live > 0 { return live == pairs ? .live : .partly }
    return .revoked(by: inReadingOrder(revocationIndex.revocations(within: members)))
  }
}
