import WeaveModel
import WeaveStore

/// What it comes to that a constellation takes only some people's word.
public struct AppliedTrust: Sendable {
  public let constellation: String
  public let trust: Trust
  /// The links, and the withdrawals of revocations, that are left out, as too few who are trusted have signed them.
  public let leftOutLinks, leftOutReinstatements: Set<EventID>
  /// The state without trust.
  let plain: Compatibility

  /// The links that are left out and hold both commits, oldest first.
  public func leftOutLinks(holding pair: CommitPair) -> [EventID] {
    plain.links(holding: pair).filter(leftOutLinks.contains)
  }

  /// The withdrawals of the revocation that are left out.
  public func leftOutReinstatements(of revocation: EventID) -> [EventID] {
    plain.withdrawals(of: revocation).filter(leftOutReinstatements.contains)
  }

  /// What to add where the revocation is told of: whether somebody took it back, and it does not count.
  public func remark(on revocation: EventID) -> String {
    guard let event = leftOutReinstatements(of: revocation).first else { return "" }
    return " (\(event.short) takes it back and is left out, \(reason))"
  }

  /// Why what is left out is: `signed by nobody whom emerald-city trusts`.
  public var reason: String {
    trust.atLeast == 1
      ? "signed by nobody whom \(constellation) trusts"
      : "signed by fewer than \(trust.atLeast) whom \(constellation) trusts"
  }

  /// Whom it trusts, and how much is left out for that.
  public var sentence: String {
    let signers = trust.atLeast == 1 ? listed(trust.signers) : "\(trust.atLeast) of \(listed(trust.signers))"
    let trusts = "\(constellation) trusts \(signers)"
    let counts = [(leftOutLinks.count, "link"), (leftOutReinstatements.count, "reinstatement")]
    let parts = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
    guard !parts.isEmpty else { return "\(trusts); nothing is left out for that" }
    let isOne = leftOutLinks.count + leftOutReinstatements.count == 1
    return "\(trusts): \(parts.joined(separator: " and ")) \(isOne ? "is" : "are") left out, \(reason)"
  }
}

/// What answers about a constellation rest on.
struct State {
  let compatibility: Compatibility
  /// Nil where everybody's word counts.
  let trust: AppliedTrust?
  /// The links alone that `trust` leaves; nil where everybody's word counts.
  let links: TrustedLinks?
}

extension Workspace {
  /// The state that answers about the constellation rest on: that of the events which its `trust` leaves.
  ///
  /// What is only supposed is supposed of somebody who is trusted.
  func state(of loaded: LoadedConstellation?) async throws -> State {
    let plain = try compatibility()
    guard let constellation = loaded?.constellation, let trust = constellation.trust else {
      return State(compatibility: plain, trust: nil, links: nil)
    }
    let events = try store.ledgers().events
    let relevant = (0..<events.count).filter { events.kind($0) != .revocation }.map(events.id)
    let signatures = try await signatures(of: relevant)
    let trusted = TrustedEvents(
      of: events, trust: trust, principal: { signatures[events.id($0)]?.verdict.principal },
      content: { signatures[events.id($0)]?.content ?? events.id($0) })
    var (kept, commits) = (trusted.events, store.commits)
    for event in supposed { kept.append(event, commits: &commits) }
    let applied = AppliedTrust(
      constellation: constellation.name, trust: trust,
      leftOutLinks: Set(trusted.leftOutLinks.map(events.id)),
      leftOutReinstatements: Set(trusted.leftOutWithdrawals.map(events.id)), plain: plain)
    warnOfUnverifiable(signatures, applied) {
      applied.leftOutLinks.contains($0) || applied.leftOutReinstatements.contains($0)
    }
    let (supposed, known) = (supposed, commits)
    let links = TrustedLinks { once in
      var table =
        once
        ? events.linksOnceTrusted(trust) { signatures[events.id($0)]?.verdict.principal }
        : trusted.events.standingLinks()
      var commits = known
      for event in supposed where event.isLink { table.append(event, commits: &commits) }
      return Compatibility(table, commits)
    }
    return State(compatibility: Compatibility(kept, commits), trust: applied, links: links)
  }

  /// Where signatures could not be verified at all, that is why so much is left out.
  func warnOfUnverifiable(
    _ signatures: [EventID: CheckedSignature], _ trust: AppliedTrust, where isOfInterest: (EventID) -> Bool
  ) {
    let unverified = signatures.filter { id, signature in
      signature.verdict.finding == .unverifiable && isOfInterest(id)
    }
    guard !unverified.isEmpty, !warned.ofUnverifiable else { return }
    warned.ofUnverifiable = true
    caller.warn(
      "\(unverified.count) of the signatures that \(trust.constellation) asks for could not be verified; "
        + "`weave verify` says more")
  }
}

extension Event {
  fileprivate var isLink: Bool {
    if case .link = claim { !isNewer } else { false }
  }
}
