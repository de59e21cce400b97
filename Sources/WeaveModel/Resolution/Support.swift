/// The links of a demand as sparse lists: for each value, the values of other variables that it supports, and
/// which counter of theirs counts it.
///
/// Values of all variables share one numbering. After AC-4 of R. Mohr and T. C. Henderson, "Arc and path
/// consistency revisited", Artificial Intelligence 28, 1986.
struct Support {
  /// The first value of each variable, and one past the last.
  let start: [Int]
  /// The variable of each value.
  let owner: [Int]
  /// Where the list of each value begins in `targets` and `counters`.
  private(set) var listStart: [Int]
  private(set) var targets: [Int32]
  private(set) var counters: [Int32]
  /// How many live supports each value has on each of its variable's edges, before anything is removed.
  private(set) var counts: [Int32]
  /// The counters of a value are those from here on, one for each edge of its variable.
  let counterStart: [Int]
  let degree: [Int]
  /// The nogoods that each value is in, and the values of each nogood.
  private(set) var nogoodsOfValue: [Int: [Int]] = [:]
  private(set) var nogoods: [[Int]] = []

  init(_ network: Network, _ demand: Demand) {
    let count = network.names.count
    var start = [0]
    for values in network.values { start.append(start.last! + values.count) }
    let total = start[count]
    var owner = Array(repeating: 0, count: total)
    for variable in 0..<count {
      for value in start[variable]..<start[variable + 1] { owner[value] = variable }
    }

    var forbidden: Set<[Int]> = []
    for (nogood, isActive) in zip(network.nogoods, demand.nogoods) where isActive {
      let values = nogood.literals.map { start[$0.variable] + $0.value }
      if values.count == 2 { forbidden.formUnion([values, values.reversed()]) }
      for value in values { nogoodsOfValue[value, default: []].append(nogoods.count) }
      nogoods.append(values)
    }

    var degree = Array(repeating: 0, count: count)
    var slots: [(first: Int, second: Int)] = []
    var pairs: [[(Int, Int)]] = []
    for (edge, isActive) in zip(network.edges, demand.edges) where isActive {
      slots.append((degree[edge.first], degree[edge.second]))
      degree[edge.first] += 1
      degree[edge.second] += 1
      let all = edge.pairs.map { (start[edge.first] + $0.first, start[edge.second] + $0.second) }
      pairs.append(forbidden.isEmpty ? all : all.filter { !forbidden.contains([$0.0, $0.1]) })
    }
    var counterStart = [0]
    for value in 0..<total { counterStart.append(counterStart[value] + degree[owner[value]]) }
    counts = Array(repeating: 0, count: counterStart[total])
    listStart = Array(repeating: 0, count: total + 1)
    for (first, second) in pairs.joined() {
      listStart[first + 1] += 1
      listStart[second + 1] += 1
    }
    for value in 0..<total { listStart[value + 1] += listStart[value] }
    targets = Array(repeating: 0, count: listStart[total])
    counters = targets
    var next = listStart
    for (slot, list) in zip(slots, pairs) {
      for (first, second) in list {
        let (ofFirst, ofSecond) = (counterStart[first] + slot.first, counterStart[second] + slot.second)
        (targets[next[first]], counters[next[first]]) = (Int32(second), Int32(ofSecond))
        (targets[next[second]], counters[next[second]]) = (Int32(first), Int32(ofFirst))
        next[first] += 1
        next[second] += 1
        counts[ofFirst] += 1
        counts[ofSecond] += 1
      }
    }
    (self.start, self.owner, self.counterStart, self.degree) = (start, owner, counterStart, degree)
  }
}
