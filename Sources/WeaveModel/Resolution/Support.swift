/// How many links support each value on each of its variable's edges.
///
/// The counters of AC-4 (R. Mohr and T. C. Henderson, "Arc and path consistency revisited", Artificial Intelligence 28,
/// 1986), kept by link and not by pair: a link of twelve commits is twelve numbers and not sixty-six pairs. A pair that
/// several links hold is counted as often.
final class Support: Sendable {
  let network: Network
  /// Which of the network's nogoods are asked to hold.
  let isActive: [Bool]
  /// The counters of a value are those from here on, one for each slot of its variable.
  let counterStart: [Int32]
  /// The supports of each value on each slot, before anything is removed.
  let counts: [Int32]
  /// The nogoods that each value is in; nothing for values in none.
  let nogoodsOfValue: [Int: [Int]]
  private let forbidden: ForbiddenPairs
  /// Of each entry of the network that is a value: its counter that counts the entry's owner; -1 where there is none.
  private let counterOfEntry: [Int32]

  init(_ network: Network, nogoods isActive: [Bool]) {
    let total = network.commits.count
    var nogoodsOfValue: [Int: [Int]] = [:]
    var forbidden = ForbiddenPairs(valueCount: total)
    for (index, nogood) in network.nogoods.enumerated() where isActive[index] {
      for value in nogood.values { nogoodsOfValue[value, default: []].append(index) }
      if nogood.values.count == 2 { forbidden.insert(nogood.values[0], nogood.values[1]) }
    }
    var counterStart: [Int32] = [0]
    counterStart.reserveCapacity(total + 1)
    for value in 0..<total {
      counterStart.append(
        counterStart[value] + Int32(network.edgesOfVariable[Int(network.owner[value])].count))
    }
    func counter(of other: Int32, countingOwnerOf value: Int) -> Int32 {
      let slot = network.slot(of: network.owner[value], at: network.owner[Int(other)])
      guard slot >= 0, !forbidden.mayHold(value) || !forbidden.holds(value, Int(other)) else { return -1 }
      return counterStart[Int(other)] + Int32(slot)
    }
    var counterOfEntry = Array(repeating: Int32(-1), count: network.entries.count)
    var counts = Array(repeating: Int32(0), count: Int(counterStart[total]))
    for value in 0..<total {
      for index in Int(network.entryStart[value])..<Int(network.entryStart[value + 1])
      where network.entries[index] >= 0 {
        counterOfEntry[index] = counter(of: network.entries[index], countingOwnerOf: value)
      }
      Self.walk(network, forbidden, counterStart, counterOfEntry, value) { counter, _ in
        counts[Int(counter)] += 1
      }
    }
    (self.network, self.isActive, self.counterStart, self.counts) = (network, isActive, counterStart, counts)
    (self.nogoodsOfValue, self.forbidden, self.counterOfEntry) = (nogoodsOfValue, forbidden, counterOfEntry)
  }

  /// Calls `body` with each counter that counts `value` as a support, and the value that the counter is of; once for each
  /// link.
  @inline(__always)
  func forEachCounter(supportedBy value: Int, _ body: (Int32, Int32) -> Void) {
    Self.walk(network, forbidden, counterStart, counterOfEntry, value, body)
  }

  /// Whether a nogood of just these two forbids the pair.
  func isForbidden(_ one: Int, _ other: Int) -> Bool { forbidden.mayHold(one) && forbidden.holds(one, other) }

  /// The nogoods of the value and just one other.
  func forbidding(_ value: Int) -> [Int] {
    guard forbidden.mayHold(value), let nogoods = nogoodsOfValue[value] else { return [] }
    return nogoods.filter { network.nogoods[$0].values.count == 2 }
  }

  /// The counters of pairs were looked up before; those of a row of more would take too much room.
  @inline(__always)
  private static func walk(
    _ network: Network, _ forbidden: ForbiddenPairs, _ counterStart: [Int32], _ counterOfEntry: [Int32],
    _ value: Int, _ body: (Int32, Int32) -> Void
  ) {
    let variable = network.owner[value]
    let mayBeForbidden = forbidden.mayHold(value)
    for index in Int(network.entryStart[value])..<Int(network.entryStart[value + 1]) {
      let entry = network.entries[index]
      if entry >= 0 {
        if counterOfEntry[index] >= 0 { body(counterOfEntry[index], entry) }
        continue
      }
      network.forEachMember(ofRow: Int(~entry), but: value) { other in
        let slot = network.slot(of: variable, at: network.owner[Int(other)])
        guard slot >= 0, !mayBeForbidden || !forbidden.holds(value, Int(other)) else { return }
        body(counterStart[Int(other)] + Int32(slot), other)
      }
    }
  }
}

/// The pairs of values that a nogood of just these two forbids: those support each other by no link.
private struct ForbiddenPairs {
  private var isIn: [Bool]
  private var keys: Set<Int64> = []

  init(valueCount: Int) { isIn = Array(repeating: false, count: valueCount) }

  mutating func insert(_ one: Int, _ other: Int) {
    keys.formUnion([Self.key(one, other), Self.key(other, one)])
    (isIn[one], isIn[other]) = (true, true)
  }

  /// Whether any pair has this value.
  func mayHold(_ value: Int) -> Bool { isIn[value] }

  func holds(_ one: Int, _ other: Int) -> Bool { keys.contains(Self.key(one, other)) }

  private static func key(_ one: Int, _ other: Int) -> Int64 { Int64(one) << 32 | Int64(other) }
}
