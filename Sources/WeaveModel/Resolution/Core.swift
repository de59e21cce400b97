extension Explanation {
  /// Edges of an impossible network that are impossible by themselves, beside its nogoods, and of which each is needed
  /// for that. Once the budget is spent: impossible, though perhaps not minimal.
  mutating func core() -> [Int] { core(of: Demand(all: network)) }

  /// As `core()`, and just `edge` where there is one that no pair of candidates can meet.
  mutating func core(fromEmpty edge: Int?) -> [Int] {
    guard let edge else { return core() }
    let nothing = Demand(all: network).without(edges: network.edges.indices)
    return witness(nothing) == .impossible ? [] : [edge]
  }

  /// As `core()`, of an impossible demand.
  mutating func core(of demand: Demand) -> [Int] {
    let edges = demand.edges.indices.filter { demand.edges[$0] }
    func refute(_ kept: [Int], _ explanation: inout Explanation) -> [Int]? {
      var smaller = demand.without(edges: edges)
      for edge in kept { smaller.edges[edge] = true }
      return explanation.refutation(of: smaller).map { used in kept.filter { used.edges[$0] } }
    }
    guard let used = refute(edges, &self) else { return edges }
    guard !used.isEmpty else { return [] }
    guard 2 * used.count <= network.edges.count else {
      return Self.irreducible(used) { refute($0, &self) }
    }
    // With far fewer edges most values are bound by nothing, and the network is much smaller.
    var narrow = Explanation(
      Resolver(resolver.problem.with(required: Set(used.map(network.pair)))), budget: budget)
    narrow.budget -= resolver.problem.links.members.count
    let core = Set(narrow.core().map(narrow.network.pair))
    budget = narrow.budget
    return used.filter { core.contains(network.pair($0)) }
  }

  /// Nogoods without which the network would be possible, of which each is needed for that; nil when it would be
  /// impossible without any.
  mutating func coreOfNogoods() -> [Int]? {
    let all = Demand(all: network)
    var none = all
    none.nogoods = none.nogoods.map { _ in false }
    guard case .found = witness(none) else { return nil }
    return Self.irreducible(Array(network.nogoods.indices)) { kept in
      var smaller = none
      for nogood in kept { smaller.nogoods[nogood] = true }
      return refutation(of: smaller).map { used in kept.filter { used.nogoods[$0] } }
    }
  }

  /// Elements of `elements` that cannot be had together, of which each is needed for that.
  ///
  /// `refute` returns nil for what can be had together, else the elements that its proof used. Leaves out whole runs of
  /// elements while what stays is refuted, then ever shorter ones (A. Zeller and R. Hildebrandt, "Simplifying and isolating
  /// failure-inducing input", 2002), and each time what the proof did not use.
  private static func irreducible(_ elements: [Int], refute: ([Int]) -> [Int]?) -> [Int] {
    var kept = elements
    while let used = refute(kept), used.count < kept.count { kept = used }
    var length = max(1, kept.count / 2)
    while !kept.isEmpty {
      var index = 0
      while index < kept.count {
        let end = min(index + length, kept.count)
        if let used = refute(Array(kept[..<index] + kept[end...])) {
          // What stood before the run and is gone needs no second look: it was not needed by less.
          index = kept[..<index].count(where: used.contains)
          kept = used
        } else {
          index = end
        }
      }
      if length == 1 { break }
      length /= 2
    }
    return kept
  }
}
