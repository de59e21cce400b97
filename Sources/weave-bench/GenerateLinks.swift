/// Takes the links of an instance as they are made: leaves out what was there before, says which count, writes them.
struct LinkStream {
  /// How many links there are so far.
  private(set) var count = 0
  private var seen: Set<[UInt32]> = []
  private var seenPairs: Set<UInt64> = []
  private let revoked: Double
  private let badCommits: Double
  private let salt: UInt64
  private var random: SplitMix64
  private var writer: InstanceWriter

  /// A stream in which about `revoked` of all links do not count.
  ///
  /// Half of those touch a bad commit, which no link with it survives; the others are revoked one by one.
  /// `membersOfALink` is how many a link has on average: it tells how rare bad commits must be.
  init(revoked: Double, membersOfALink: Double, random: inout SplitMix64, writer: InstanceWriter) {
    self.revoked = revoked / 2
    // One in n members is bad with n times the probability of one, as near as it matters.
    badCommits = revoked >= 1 ? 1 : revoked / 2 / max(1, membersOfALink)
    salt = random.next()
    self.random = SplitMix64(seed: random.next())
    self.writer = writer
  }

  /// Whether this link is new; then it is written.
  @discardableResult
  mutating func add(_ members: [Place]) throws -> Bool {
    let members = members.sorted { $0.project < $1.project }
    let keys = members.map { UInt32($0.project) << 16 | UInt32($0.commit) }
    let isNew =
      keys.count == 2
      ? seenPairs.insert(UInt64(keys[0]) << 32 | UInt64(keys[1])).inserted : seen.insert(keys).inserted
    guard isNew else { return false }
    let isRevoked = random.chance(revoked) || members.contains(where: isBad)
    try writer.writeLink(number: count, members: members, isRevoked: isRevoked)
    count += 1
    return true
  }

  mutating func finish() throws { try writer.finish() }

  private func isBad(_ place: Place) -> Bool {
    guard badCommits > 0 else { return false }
    let key = UInt64(place.project) << 32 | UInt64(place.commit)
    return Double(SplitMix64.mixed(key &+ salt) >> 11) * 0x1p-53 < badCommits
  }
}
