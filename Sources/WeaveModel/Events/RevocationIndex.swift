/// Finds the revocations that a set of commits falls under, without asking each of them.
struct RevocationIndex: Sendable {
  /// By the first of their members: every set that holds a revocation's members holds that one.
  private var byFirstMember: [CommitNumber: [(row: Int, members: ArraySlice<CommitNumber>)]] = [:]

  var isEmpty: Bool { byFirstMember.isEmpty }

  /// Adds a revocation that counts; one of no commits is none.
  mutating func insert(_ row: Int, of members: ArraySlice<CommitNumber>) {
    guard let first = members.first else { return }
    byFirstMember[first, default: []].append((row, members))
  }

  /// Whether a revocation has exactly these members.
  func contains(_ members: ArraySlice<CommitNumber>) -> Bool {
    guard let first = members.first, let revocations = byFirstMember[first] else { return false }
    return revocations.contains { $0.members == members }
  }

  /// The rows of the revocations whose members are all in `members`, which are in order.
  func revocations(within members: [CommitNumber]) -> [Int] {
    members.indices.flatMap { index in
      (byFirstMember[members[index]] ?? []).lazy
        .filter { Self.isSubset($0.members, of: members[index...]) }.map(\.row)
    }
  }

  /// Whether some revocation's members are all in `members`, which are in order.
  func isAny(within members: [CommitNumber]) -> Bool {
    members.indices.contains { index in
      (byFirstMember[members[index]] ?? []).contains { Self.isSubset($0.members, of: members[index...]) }
    }
  }

  private static func isSubset(_ part: ArraySlice<CommitNumber>, of whole: ArraySlice<CommitNumber>) -> Bool {
    var rest = whole
    for member in part {
      guard let index = rest.firstIndex(of: member) else { return false }
      rest = rest[(index + 1)...]
    }
    return true
  }
}
