/// What a set of events adds up to: which links and revocations count, which pairs of commits are live, and
/// which sets are unfit.
///
/// A function of the set alone: neither the order of the events nor how often one is given changes an answer.
public struct Compatibility: Sendable {
  /// Every event, by its id.
  public let events: [EventID: Event]
  /// Withdrawals that name a withdrawal, by id: they count for nothing.
  public let misdirectedWithdrawals: [Event]
  /// The revocations that count, in the order people read events.
  public let countingRevocations: [Event]
  /// The links that count, in the order people read events.
  public let countingLinks: [Event]

  /// Withdrawals that count, by what they withdraw, which need not be here.
  let withdrawalsByTarget: [EventID: [EventID]]
  let revocationIndex: RevocationIndex
  let countingLinksByPair: [CommitPair: [EventID]]
  let linksByProject: [ProjectName: [EventID]]
  let linksByMember: [Member: [EventID]]

  /// The state of `events`, in time near linear in their number.
  public init(_ events: some Sequence<Event>) {
    let byID = Dictionary(events.lazy.map { ($0.id, $0) }) { first, _ in first }
    let ordered = byID.values.sorted(by: Event.readsBefore)

    var misdirected: [Event] = []
    var withdrawals: [EventID: [EventID]] = [:]
    for event in ordered {
      guard case .withdraw(let target) = event.claim else { continue }
      if case .withdraw = byID[target]?.claim {
        misdirected.append(event)
      } else {
        withdrawals[target, default: []].append(event.id)
      }
    }

    var revocations: [Event] = []
    var revocationIndex = RevocationIndex()
    for event in ordered where withdrawals[event.id] == nil {
      guard case .revoke(let set, given: _) = event.claim, set.count > 0 else { continue }
      revocations.append(event)
      revocationIndex.insert(event.id, of: set)
    }

    var links: [Event] = []
    var byPair: [CommitPair: [EventID]] = [:]
    var byProject: [ProjectName: [EventID]] = [:]
    var byMember: [Member: [EventID]] = [:]
    for event in ordered {
      guard case .link(let set) = event.claim else { continue }
      for member in set.members {
        byProject[member.project, default: []].append(event.id)
        byMember[member, default: []].append(event.id)
      }
      guard withdrawals[event.id] == nil, !revocationIndex.contains(set) else { continue }
      links.append(event)
      for pair in set.pairs { byPair[pair, default: []].append(event.id) }
    }

    self.events = byID
    misdirectedWithdrawals = misdirected.sorted { $0.id < $1.id }
    countingRevocations = revocations
    countingLinks = links
    withdrawalsByTarget = withdrawals.mapValues { $0.sorted() }
    self.revocationIndex = revocationIndex
    countingLinksByPair = byPair
    linksByProject = byProject
    linksByMember = byMember
  }
}
