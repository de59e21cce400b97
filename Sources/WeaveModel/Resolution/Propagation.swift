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
  private(set) var counts: [Int32]
  private var order: [Int]
  private var place: [Int]
  private(set) var sizes: [Int]
  private var sums: [Int]
  private var trail: [Int] = []
  private var head = 0
  private var emptied: Int?
  /// How often the domain of each variable became empty: the weight in dom/wdeg (F. Boussemart and others,
  /// "Boosting systematic search by weighting constraints", ECAI 2004), kept by variable.
  private(set) var weights: [Int]

  init(_ support: Support, budget: Int) {
    self.support = support
    // Building the lists is work too: an explanation builds many.
    self.budget = budget - support.targets.count - support.owner.count
    counts = support.counts
    let total = support.owner.count
    order = Array(0..<total)
    place = order
    let variables = support.degree.indices
    sizes = variables.map { support.start[$0 + 1] - support.start[$0] }
    sums = variables.map { (support.start[$0]..<support.start[$0 + 1]).reduce(0, +) }
    weights = variables.map { _ in 1 }
    emptied = sizes.firstIndex(of: 0)
    for value in 0..<total {
      let counters = support.counterStart[value]..<support.counterStart[value + 1]
      if counters.contains(where: { support.counts[$0] == 0 }) { remove(value) }
    }
    for nogood in support.nogoods where nogood.count == 1 { remove(nogood[0]) }
    for variable in variables where sizes[variable] == 1 { applyNogoods(of: sums[variable]) }
  }

  var isExhausted: Bool { budget < 0 }

  /// The only value left of a variable whose size is 1.
  func only(_ variable: Int) -> Int { sums[variable] }

  func isAlive(_ value: Int) -> Bool {
    let variable = support.owner[value]
    return place[value] < support.start[variable] + sizes[variable]
  }

  /// The newest value left of a variable that has one.
  func newest(_ variable: Int) -> Int {
    let start = support.start[variable]
    return order[start..<start + sizes[variable]].min() ?? start
  }

  /// A point to go back to.
  var mark: Int { trail.count }

  /// Leaves a variable no value but `value`.
  mutating func pick(_ value: Int) {
    let variable = support.owner[value]
    let start = support.start[variable]
    for other in Array(order[start..<start + sizes[variable]]) where other != value { remove(other) }
  }

  /// Takes a value away; what follows is drawn by `propagate`.
  mutating func remove(_ value: Int) {
    guard isAlive(value) else { return }
    let variable = support.owner[value]
    let last = support.start[variable] + sizes[variable] - 1
    let (from, moved) = (place[value], order[last])
    (order[from], order[last]) = (moved, value)
    (place[moved], place[value]) = (from, last)
    sizes[variable] -= 1
    sums[variable] -= value
    trail.append(value)
    if sizes[variable] == 0 {
      emptied = variable
      weights[variable] += 1
    }
  }

  /// Draws every consequence of what was removed; false when some domain is empty or the budget is spent.
  mutating func propagate() -> Bool {
    while emptied == nil, head < trail.count {
      let value = trail[head]
      head += 1
      let list = support.listStart[value]..<support.listStart[value + 1]
      budget -= 1 + list.count
      for index in list {
        let counter = Int(support.counters[index])
        counts[counter] -= 1
        if counts[counter] == 0 { remove(Int(support.targets[index])) }
      }
      let variable = support.owner[value]
      if sizes[variable] == 1 { applyNogoods(of: sums[variable]) }
      if isExhausted { return false }
    }
    return emptied == nil
  }

  /// Undoes every removal since `mark` was taken.
  mutating func goBack(to mark: Int) {
    while trail.count > mark {
      let value = trail.removeLast()
      if head > trail.count {
        for index in support.listStart[value]..<support.listStart[value + 1] {
          counts[Int(support.counters[index])] += 1
        }
        head = trail.count
      }
      let variable = support.owner[value]
      sizes[variable] += 1
      sums[variable] += value
    }
    emptied = nil
  }

  private mutating func applyNogoods(of picked: Int) {
    guard !support.nogoods.isEmpty, let nogoods = support.nogoodsOfValue[picked] else { return }
    for nogood in nogoods {
      var open: Int?
      var openCount = 0
      budget -= support.nogoods[nogood].count
      for value in support.nogoods[nogood] {
        if !isAlive(value) {
          openCount = 2
          break
        }
        if sizes[support.owner[value]] > 1 {
          open = value
          openCount += 1
        }
      }
      if openCount == 0 { remove(picked) }
      if openCount == 1, let open { remove(open) }
    }
  }
}
