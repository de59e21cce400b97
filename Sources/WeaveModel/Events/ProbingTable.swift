/// A hash table of row numbers by open addressing with linear probing. What a row holds its owner knows.
///
/// It is flat, so that it can be kept in a file; and seeded, so that nobody can choose ids that all collide.
package struct ProbingTable: Sendable {
  /// A power of two of row numbers; -1 where none is.
  package private(set) var slots: [Int32]
  package let seed: UInt64
  private var count: Int

  package init() {
    (slots, count) = (Array(repeating: Self.free, count: 64), 0)
    seed = UInt64.random(in: .min ... .max)
  }

  /// The table of those parts, of `count` rows; nil where a slot is none of theirs, or they cannot be a table.
  package init?(slots: [Int32], seed: UInt64, count: Int) {
    guard slots.count >= 64, slots.count & (slots.count - 1) == 0, count <= slots.count / 2,
      slots.allSatisfy({ $0 >= Self.free && Int($0) < count }),
      slots.count(where: { $0 != Self.free }) == count
    else { return nil }
    (self.slots, self.seed, self.count) = (slots, seed, count)
  }

  private static var free: Int32 { -1 }

  /// The row of that hash for which `matches` is true; nil where there is none.
  func row(ofHash hash: UInt64, matches: (Int) -> Bool) -> Int? {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != Self.free {
      if matches(Int(slots[slot])) { return Int(slots[slot]) }
      slot = (slot + 1) & mask
    }
    return nil
  }

  /// Enters the next row, which is not in the table. `hash` gives each row's hash.
  mutating func append(hash: (Int) -> UInt64) {
    if (count + 1) * 2 > slots.count {
      slots = Array(repeating: Self.free, count: slots.count * 2)
      for row in 0..<count { place(row, hash(row)) }
    }
    place(count, hash(count))
    count += 1
  }

  private mutating func place(_ row: Int, _ hash: UInt64) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    // There is always a free one: no more slots are taken than are left.
    while slots[slot] != Self.free { slot = (slot + 1) & mask }
    slots[slot] = Int32(row)
  }

  /// A hash of the words and `salt` under `seed`, by multiplying and folding.
  static func hash(
    _ words: (high: UInt64, middle: UInt64, low: UInt32), salt: Int32 = 0, seed: UInt64
  ) -> UInt64 {
    func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
      let product = left.multipliedFullWidth(by: right)
      return product.high ^ product.low
    }
    let first = fold(words.high ^ seed, words.middle ^ 0x9e37_79b9_7f4a_7c15)
    return fold(
      first ^ seed, (UInt64(words.low) << 32 | UInt64(UInt32(bitPattern: salt))) ^ 0xd6e8_feb8_6659_fd93)
  }
}
