extension Compatibility {
  /// What is left of a link.
  public enum LinkStanding: Hashable, Sendable {
    /// It counts, and all its pairs are live.
    case live
    /// It counts, and some of its pairs are live.
    case partly
    /// Its very set is revoked, or each of its pairs is: by these revocations, oldest first.
    case revoked(by: [Event])
    /// These withdrawals, by id, take it back. Its pairs may be live by other links.
    case withdrawn(by: [Event])
  }

  /// What is left of `link`, which is one of the links here.
  public func standing(of link: Event) -> LinkStanding {
    let withdrawals = withdrawals(of: link.id)
    guard withdrawals.isEmpty else { return .withdrawn(by: withdrawals) }
    guard case .link(let set) = link.claim, counts(link.id) else {
      return .revoked(by: link.members.map(revocations(against:)) ?? [])
    }
    let pairs = set.pairs
    let live = pairs.count(where: isLive)
    if live == pairs.count { return .live }
    return live > 0 ? .partly : .revoked(by: revocations(against: set))
  }
}
