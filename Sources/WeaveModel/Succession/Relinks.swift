/// What an event says of rewritten commits, to be said of their successors.
public struct RelinkOffer: Hashable, Sendable {
  public struct Replacement: Hashable, Sendable {
    public let rewritten: Member
    public let successor: Successor
  }

  public let event: EventID
  public let isRevocation: Bool
  /// What the event names.
  public let predecessors: CommitSet
  /// The same, with successors in the place of what was rewritten.
  public let successors: CommitSet
  public let replacements: [Replacement]

  /// Whether nothing but ids has changed.
  public var isCertain: Bool { replacements.allSatisfy(\.successor.proof.isCertain) }
}

/// What becomes of the events that name rewritten commits.
public struct Relinks: Sendable {
  /// The revocations first, then the links; each in the order in which people read events.
  public internal(set) var offers: [RelinkOffer] = []
  /// Links that must not be made, with the revocations that are against it.
  public internal(set) var refused: [(offer: RelinkOffer, revocations: [EventID])] = []
  /// The events that name a rewritten commit without a successor.
  public internal(set) var withoutSuccessor: [EventID] = []

  /// The offer for the event; nil where it names nothing that was rewritten, or something without a successor, which is
  /// put down.
  fileprivate mutating func offer(
    _ event: EventID, of compatibility: Compatibility, _ rewritten: Set<Member>,
    _ successors: [Member: Successor]
  ) -> RelinkOffer? {
    guard let members = compatibility.members(of: event),
      members.members.contains(where: rewritten.contains)
    else { return nil }
    var replacements: [RelinkOffer.Replacement] = []
    var next: [Member] = []
    for member in members.members {
      guard rewritten.contains(member) else {
        next.append(member)
        continue
      }
      guard let successor = successors[member] else {
        withoutSuccessor.append(event)
        return nil
      }
      replacements.append(RelinkOffer.Replacement(rewritten: member, successor: successor))
      next.append(Member(project: member.project, commit: successor.commit))
    }
    guard let set = try? CommitSet(next) else { return nil }
    return RelinkOffer(
      event: event, isRevocation: compatibility.isRevocation(event), predecessors: members, successors: set,
      replacements: replacements)
  }
}

extension Compatibility {
  /// The commits that a link or a revocation that counts names.
  public var commitsNamed: Set<Member> {
    var numbers: Set<CommitNumber> = []
    for row in 0..<events.count where isCounting[row] { numbers.formUnion(events.members[row]) }
    return Set(numbers.map { commits[$0] })
  }

  /// What becomes of the events that count and name one of `rewritten`.
  ///
  /// An event is passed over whose successors another says the same of already, or said before it was withdrawn, and so is
  /// a link of successors that are unfit. A link is refused when a revocation that counts makes unfit what it names, or
  /// what has the same trees as its successors, or one that is offered makes them so.
  ///
  /// - Parameters:
  ///   - successors: those that are known, by what they have taken the place of.
  ///   - tree: the tree of a commit; nil where that is not known. What has the same trees as an unfit set is refused.
  public func relinks(
    of rewritten: Set<Member>, successors: [Member: Successor], tree: (Member) throws -> TreeID?
  ) rethrows -> Relinks {
    var relinks = Relinks()
    var judged: Set<CommitSet> = []
    for event in countingRevocations {
      guard let offer = relinks.offer(event, of: self, rewritten, successors), !isSaid(offer),
        judged.insert(offer.successors).inserted
      else { continue }
      relinks.offers.append(offer)
    }
    let revocations = relinks.offers
    judged = []
    for event in links(naming: rewritten) {
      guard let offer = relinks.offer(event, of: self, rewritten, successors), !isSaid(offer),
        !isUnfit(offer.successors), judged.insert(offer.successors).inserted
      else { continue }
      let next = Set(offer.successors.members)
      let against =
        try self.revocations(against: offer.predecessors)
        + self.revocations(sharingTreesWith: offer.predecessors, tree: tree)
        + self.revocations(sharingTreesWith: offer.successors, tree: tree)
        + revocations.filter { next.isSuperset(of: $0.successors.members) }.map(\.event)
      if against.isEmpty {
        relinks.offers.append(offer)
      } else {
        relinks.refused.append((offer, against.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }))
      }
    }
    return relinks
  }

  /// The links that count and name one of the commits, oldest first.
  private func links(naming members: Set<Member>) -> [EventID] {
    let rows = Set(numbers(of: Array(members)).flatMap { self.rows(naming: $0).map { Int($0) } })
    return inReadingOrder(rows.filter { events.kind($0) == .link && isCounting[$0] })
  }

  fileprivate func isRevocation(_ event: EventID) -> Bool {
    events.row(of: event).map { events.kind($0) == .revocation } ?? false
  }

  /// Whether another event says, or said, the same of the successors; of a revocation also whether they are unfit without
  /// it.
  private func isSaid(_ offer: RelinkOffer) -> Bool {
    if offer.isRevocation && isUnfit(offer.successors) { return true }
    let numbers = self.numbers(of: offer.successors.members)
    guard numbers.count == offer.successors.count else { return false }
    let rarest = numbers.map { rows(naming: $0) }.min { $0.count < $1.count } ?? []
    return rarest.map { Int($0) }.contains { row in
      guard (events.kind(row) == .revocation) == offer.isRevocation else { return false }
      let held = events.members[row]
      return held.elementsEqual(numbers)
        || (!offer.isRevocation && isCounting[row] && numbers.allSatisfy(held.contains))
    }
  }
}
