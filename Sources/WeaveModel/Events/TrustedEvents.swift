import ForeignText

/// The events that a constellation's ``Trust`` leaves, and those that it leaves out.
///
/// Out go links, and withdrawals of revocations, that too few trusted signers have signed. Whatever makes commits less
/// fit stays: revocations, and withdrawals of links.
public struct TrustedEvents: Sendable {
  public let events: EventTable
  /// The links that no withdrawal names, and which are left out all the same: rows of the table given.
  public let leftOutLinks: [Int]
  /// The withdrawals of revocations that are left out: rows of the table given.
  public let leftOutWithdrawals: [Int]

  /// The events of `events` as `trust` has it.
  ///
  /// A link has the signers of every link of just its commits that no withdrawal names; a withdrawal of a revocation has
  /// those of every withdrawal that names it.
  ///
  /// - Parameters:
  ///   - events: what a newer weave recorded among them was read on the safe side.
  ///   - principal: who signed the event in a row, verified; nil for nobody. Asked of links and withdrawals.
  ///   - content: the same for two events of which the same was signed, so that the withdrawal of one takes the signature
  ///     of both; asked of events that somebody signed.
  public init(
    of events: EventTable, trust: Trust, principal: (Int) -> String?, content: (Int) -> EventID
  ) {
    let trusted = Set(trust.signers.map { ExactText($0) })
    func signer(_ row: Int) -> ExactText? {
      principal(row).map { ExactText($0) }.flatMap { trusted.contains($0) ? $0 : nil }
    }
    var withdrawn: Set<Int> = []
    var withdrawals: [Int: [Int]] = [:]
    for row in events.withdrawals.map({ Int($0) }) {
      guard let target = events.withdrawn(by: row).flatMap(events.row) else { continue }
      switch events.kind(target) {
      case .link: withdrawn.insert(target)
      case .revocation: withdrawals[target, default: []].append(row)
      case .withdrawal, .nothing, .newerLink, .newerRevocation, .newerWithdrawal: break
      }
    }
    let withdrawnContent = Set(withdrawn.filter { signer($0) != nil }.map(content))

    let links = events.rows(of: .link).filter { !withdrawn.contains($0) }
    var signers: [ArraySlice<CommitNumber>: Set<ExactText>] = [:]
    for row in links {
      guard let signer = signer(row), withdrawnContent.isEmpty || !withdrawnContent.contains(content(row))
      else { continue }
      signers[events.members[row], default: []].insert(signer)
    }
    leftOutLinks = links.filter { signers[events.members[$0], default: []].count < trust.atLeast }
    leftOutWithdrawals = withdrawals.values.filter {
      Set($0.compactMap(signer)).count < trust.atLeast
    }.flatMap(\.self).sorted()
    self.events = events.removing(Set(leftOutLinks + leftOutWithdrawals))
  }
}

extension EventTable {
  /// The links alone that no withdrawal of the table names: those that say which commits are linked, revoked or not.
  public func standingLinks() -> EventTable {
    let withdrawn = Set(withdrawals.compactMap { self.withdrawn(by: Int($0)).flatMap(row) })
    return links { !withdrawn.contains($0) }
  }

  /// The links alone of which `trust` has enough signatures of just their commits, also of those that were withdrawn since.
  /// `principal`: who signed the link in a row, verified; nil for nobody.
  public func linksOnceTrusted(_ trust: Trust, principal: (Int) -> String?) -> EventTable {
    let trusted = Set(trust.signers.map { ExactText($0) })
    var signers: [ArraySlice<CommitNumber>: Set<ExactText>] = [:]
    for row in rows(of: .link) {
      if let signer = principal(row).map({ ExactText($0) }), trusted.contains(signer) {
        signers[members[row], default: []].insert(signer)
      }
    }
    return links { signers[members[$0], default: []].count >= trust.atLeast }
  }

  private func links(_ isKept: (Int) -> Bool) -> EventTable {
    var kept = EventTable()
    for row in rows(of: .link) where isKept(row) { kept.append(row, of: self) }
    return kept
  }

  /// The table without some rows, in the same order.
  package func removing(_ rows: Set<Int>) -> EventTable {
    guard !rows.isEmpty else { return self }
    var kept = EventTable()
    for row in kinds.indices where !rows.contains(row) { kept.append(row, of: self) }
    return kept
  }
}
