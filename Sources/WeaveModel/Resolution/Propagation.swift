/// What is left of every domain, and the removals that follow from a removal.
///
/// Arc consistency with counters of supports (AC-4, see `Support`); of each nogood the last open value goes when
/// all others are picked. The trail of removals is also the queue of those whose consequences are still to
/// be drawn, so that going back is exact wherever a contradiction struck. Domains are sparse sets (P. Briggs
/// and L. Torczon, "An efficient representation for sparse sets", 1993): going back restores a size.
struct Propagation {
  let support: Support
  /// Steps that may still be taken; below zero nothing is decided any more.
  var budget: Int
  private var counts: [Int32]
  private var order: [Int32]
  private var place: [Int32]
  private(set) var sizes: [Int]
  private var sums: [Int]
  private var trail: [Int32] = []
  private var head = 0
  private var emptied: Int?
  /// The edges and nogoods that removed a value: a contradiction needs no others.
  private(set) var used: Demand
  /// How often the domain of each variable became empty: the weight in dom/wdeg (F. Boussemart and others,
  /// "Boosting systematic search by weighting constraints", ECAI 2004), kept by variable.
  private(set) var weights: [Int]

  private var network: Network { support.network }

  /// The state in which every value has a support on each edge asked to hold, once `propagate` has drawn all that
  /// follows.
  init(_ support: Support, edges isActive: [Bool], budget: Int) {
    let network = support.network
    let total = network.commits.count
    self.support = support
    self.budget = budget - total - support.counts.count
    counts = support.counts
    order = (0..<Int32(total)).map { $0 }
    place = order
    let variables = network.names.indices
    sizes = variables.map { network.start[$0 + 1] - network.start[$0] }
    sums = variables.map { (network.start[$0]..<network.start[$0 + 1]).reduce(0, +) }
    weights = variables.map { _ in 1 }
    emptied = sizes.firstIndex(of: 0)
    used = Demand(all: network)
    used.edges = used.edges.map { _ in false }
    used.nogoods = used.nogoods.map { _ in false }
    for variable in variables {
      for (slot, edge) in network.edgesOfVariable[variable].enumerated() {
        for value in network.start[variable]..<network.start[variable + 1] {
          let counter = Int(support.counterStart[value]) + slot
          if !isActive[edge] {
            // Of an edge that need not hold no counter ever gets down to zero.
            counts[counter] = Int32.max / 2
          } else if counts[counter] == 0 {
            removeUnsupported(value, on: edge)
          }
        }
      }
    }
    for (index, nogood) in network.nogoods.enumerated()
    where support.isActive[index] && nogood.values.count == 1 {
      used.nogoods[index] = true
      remove(nogood.values[0])
    }
    for variable in variables where sizes[variable] == 1 { applyNogoods(of: sums[variable]) }
  }

  var isExhausted: Bool { budget < 0 }

  /// The only value left of a variable whose size is 1.
  func only(_ variable: Int) -> Int { sums[variable] }

  func isAlive(_ value: Int) -> Bool {
    let variable = Int(network.owner[value])
    return Int(place[value]) < network.start[variable] + sizes[variable]
  }

  /// The first value left of a variable that has one, by the order of its domain; none before `from` is looked at.
  func first(_ variable: Int, from: Int = 0) -> Int {
    var value = max(from, network.start[variable])
    while !isAlive(value) { value += 1 }
    return value
  }

  /// A point to go back to.
  var mark: Int { trail.count }

  /// Leaves a variable no value but `value`.
  mutating func pick(_ value: Int) {
    let variable = Int(network.owner[value])
    let start = network.start[variable]
    for other in Array(order[start..<start + sizes[variable]]) where other != value { remove(Int(other)) }
  }

  /// Takes a value away; what follows is drawn by `propagate`.
  mutating func remove(_ value: Int) {
    guard isAlive(value) else { return }
    let variable = Int(network.owner[value])
    let last = network.start[variable] + sizes[variable] - 1
    let (from, moved) = (Int(place[value]), Int(order[last]))
    (order[from], order[last]) = (Int32(moved), Int32(value))
    (place[moved], place[value]) = (Int32(from), Int32(last))
    sizes[variable] -= 1
    sums[variable] -= value
    trail.append(Int32(value))
    if sizes[variable] == 0 {
      emptied = variable
      weights[variable] += 1
    }
  }

  /// Takes away a value that has no support on an edge: by what was removed, and by nogoods that forbid a linked pair.
  private mutating func removeUnsupported(_ value: Int, on edge: Int) {
    used.edges[edge] = true
    let ends = network.edges[edge]
    for nogood in support.forbidding(value) {
      let isOnEdge = network.nogoods[nogood].values.allSatisfy { value in
        network.owner[value] == ends.first || network.owner[value] == ends.second
      }
      if isOnEdge { used.nogoods[nogood] = true }
    }
    remove(value)
  }

  /// Draws every consequence of what was removed; false when some domain is empty or the budget is spent.
  mutating func propagate() -> Bool {
    var unsupported: [(value: Int32, counter: Int32)] = []
    while emptied == nil, head < trail.count {
      let value = Int(trail[head])
      head += 1
      var steps = 1
      // Values without a support are removed after the walk, in which nothing else may be written.
      unsupported.removeAll(keepingCapacity: true)
      let support = support
      counts.withUnsafeMutableBufferPointer { counts in
        support.forEachCounter(supportedBy: value) { counter, other in
          steps += 1
          counts[Int(counter)] -= 1
          if counts[Int(counter)] == 0 { unsupported.append((other, counter)) }
        }
      }
      budget -= steps
      for (other, counter) in unsupported where isAlive(Int(other)) {
        let slot = Int(counter - support.counterStart[Int(other)])
        removeUnsupported(Int(other), on: network.edgesOfVariable[Int(network.owner[Int(other)])][slot])
      }
      let variable = Int(network.owner[value])
      if sizes[variable] == 1 { applyNogoods(of: sums[variable]) }
      if isExhausted { return false }
    }
    return emptied == nil
  }

  /// Undoes every removal since `mark` was taken.
  mutating func goBack(to mark: Int) {
    while trail.count > mark {
      let value = Int(trail.removeLast())
      if head > trail.count {
        let support = support
        counts.withUnsafeMutableBufferPointer { counts in
          support.forEachCounter(supportedBy: value) { counter, _ in counts[Int(counter)] += 1 }
        }
        head = trail.count
      }
      let variable = Int(network.owner[value])
      sizes[variable] += 1
      sums[variable] += value
    }
    emptied = nil
  }

  /// Whether a nogood that holds `value` may still be broken by what is open.
  func isInOpenNogood(_ value: Int) -> Bool {
    support.nogoodsOfValue[value]?.contains { nogood in
      network.nogoods[nogood].values.allSatisfy(isAlive)
    } ?? false
  }

  private mutating func applyNogoods(of picked: Int) {
    guard !support.nogoodsOfValue.isEmpty, let nogoods = support.nogoodsOfValue[picked] else { return }
    for nogood in nogoods {
      var open: Int?
      var openCount = 0
      let values = network.nogoods[nogood].values
      budget -= values.count
      for value in values {
        if !isAlive(value) {
          openCount = 2
          break
        }
        if sizes[Int(network.owner[value])] > 1 {
          open = value
          openCount += 1
        }
      }
      guard openCount < 2 else { continue }
      used.nogoods[nogood] = true
      remove(open ?? picked)
    }
  }
}
