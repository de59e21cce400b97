/// SplitMix64 (Steele, Lea and Flood, 2014): the numbers depend on the seed alone, on every platform.
///
/// Swift's own `random(in:using:)` and `shuffled(using:)` may draw differently in another release, so what is drawn
/// here is derived from `next()` by hand.
struct SplitMix64: Sendable {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// The generator's output function: a bijection of the 64-bit words that looks random.
  static func mixed(_ word: UInt64) -> UInt64 {
    var word = word
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A number of `0..<count`; `count` is at least 1.
  mutating func index(below count: Int) -> Int {
    Int(truncatingIfNeeded: UInt64(count).multipliedFullWidth(by: next()).high)
  }

  /// A number of `0..<1`, a multiple of 2⁻⁵³.
  mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// True in `probability` of all cases.
  mutating func chance(_ probability: Double) -> Bool { fraction() < probability }

  /// How often a fair coin shows heads before it first shows tails.
  mutating func headsInARow() -> Int { (~next()).leadingZeroBitCount }

  /// The numbers of `0..<count` in random order.
  mutating func order(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) { order.swapAt(last, index(below: last + 1)) }
    return order
  }
}
