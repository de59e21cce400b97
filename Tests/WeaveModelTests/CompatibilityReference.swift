import WeaveModel

/// Section 3 of the design, word for word and as slowly as it reads: what `Compatibility` is held to.
///
/// Commits are the bits of a number: three projects of three commits each, project by project.
struct CompatibilityReference {
  enum Claim: Hashable {
    case link(UInt16), revoke(UInt16), withdraw(Int)
  }

  let events: [Int: Claim]

  private func isWithdrawal(_ id: Int) -> Bool {
    if case .withdraw = events[id] { true } else { false }
  }

  /// "A withdrawal is final: one that names a withdrawal counts for nothing."
  func isMisdirected(_ id: Int) -> Bool {
    if case .withdraw(let target) = events[id] { isWithdrawal(target) } else { false }
  }

  func withdrawals(of id: Int) -> [Int] {
    isWithdrawal(id) ? [] : events.keys.filter { events[$0] == .withdraw(id) }.sorted()
  }

  /// "An event counts unless a withdrawal names it. A link also stops counting when a revocation that counts
  /// has exactly its set."
  func counts(_ id: Int) -> Bool {
    switch events[id] {
    case nil: false
    case .withdraw: !isMisdirected(id)
    case .revoke: withdrawals(of: id).isEmpty
    case .link(let set):
      withdrawals(of: id).isEmpty && !events.keys.contains { events[$0] == .revoke(set) && counts($0) }
    }
  }

  /// "A set of commits is unfit when it contains the R of a revocation that counts."
  func revocations(against set: UInt16) -> [Int] {
    events.keys.filter {
      if case .revoke(let revoked) = events[$0] { revoked & ~set == 0 && counts($0) } else { false }
    }.sorted()
  }

  /// "A pair of commits P is live when some link that counts holds both, and no revocation that counts has
  /// R ⊆ P."
  func isLive(_ pair: UInt16) -> Bool {
    let isHeld = events.keys.contains {
      if case .link(let set) = events[$0] { pair & ~set == 0 && counts($0) } else { false }
    }
    return isHeld && revocations(against: pair).isEmpty
  }

  enum Standing: Hashable {
    case live, partly, revoked([Int]), withdrawn([Int])
  }

  func standing(_ id: Int, set: UInt16, pairs: [UInt16]) -> Standing {
    let withdrawals = withdrawals(of: id)
    if !withdrawals.isEmpty { return .withdrawn(withdrawals) }
    let live = pairs.filter(isLive)
    if counts(id) && live.count == pairs.count { return .live }
    if counts(id) && !live.isEmpty { return .partly }
    return .revoked(revocations(against: set))
  }
}

/// The nine commits that the reference knows, as the model names them.
enum CompatibilityUniverse {
  static let members: [Member] = ["a", "b", "c"].flatMap { project in
    (1...3).map { EventFixtures.member("\(project)\($0)") }
  }

  /// Every set of at most one commit a project, with one member at least: by the bits of its commits.
  static let sets: [UInt16: CommitSet] = {
    var sets: [UInt16: CommitSet] = [:]
    for bits in UInt16(1)..<512 {
      let chosen = members.indices.filter { bits & (1 << UInt16($0)) != 0 }.map { members[$0] }
      if let set = try? CommitSet(chosen) { sets[bits] = set }
    }
    return sets
  }()

  static let all: [UInt16] = sets.keys.sorted()
  static let pairs: [UInt16] = all.filter { $0.nonzeroBitCount == 2 }
  static let ids: [EventID] = (0..<16).map(EventFixtures.event)

  static func event(_ id: Int, _ claim: CompatibilityReference.Claim) -> Event {
    switch claim {
    case .link(let bits): EventFixtures.event(id, .link(sets[bits]!))
    case .revoke(let bits): EventFixtures.event(id, .revoke(sets[bits]!, given: nil))
    case .withdraw(let target): EventFixtures.event(id, .withdraw(ids[target]))
    }
  }
}
