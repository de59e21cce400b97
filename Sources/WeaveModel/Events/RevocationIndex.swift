/// Finds the revocations that a set of commits falls under, without asking each of them.
struct RevocationIndex: Sendable {
  /// By the first of their members: every set that holds a revocation's members holds that one.
  private var byFirstMember: [Member: [(id: EventID, members: [Member])]] = [:]
  private var sets: Set<CommitSet> = []

  /// Adds a revocation that counts; one of no commits is none.
  mutating func insert(_ id: EventID, of set: CommitSet) {
    guard let first = set.members.first else { return }
    byFirstMember[first, default: []].append((id, set.members))
    sets.insert(set)
  }

  /// Whether a revocation has exactly this set.
  func contains(_ set: CommitSet) -> Bool { sets.contains(set) }

  /// The revocations whose members are all in `members`, which are in order.
  func revocations(within members: [Member]) -> [EventID] {
    members.indices.flatMap { index in
      (byFirstMember[members[index]] ?? []).lazy
        .filter { Self.isSubset($0.members[...], of: members[index...]) }.map(\.id)
    }
  }

  /// Whether some revocation's members are all in `members`, which are in order.
  func isAny(within members: [Member]) -> Bool {
    members.indices.contains { index in
      (byFirstMember[members[index]] ?? []).contains { Self.isSubset($0.members[...], of: members[index...]) }
    }
  }

  private static func isSubset(_ part: ArraySlice<Member>, of whole: ArraySlice<Member>) -> Bool {
    var rest = whole
    for member in part {
      guard let index = rest.firstIndex(of: member) else { return false }
      rest = rest[(index + 1)...]
    }
    return true
  }
}
