extension Explanation {
  /// The fewest new links that make an impossible network fit.
  ///
  /// Implicit hitting sets: the edges to be linked anew hit every core, so a smallest set that hits those found so far is
  /// either enough, and then the fewest, or shows another core (J. Davies and F. Bacchus, "Solving MAXSAT by solving a
  /// sequence of simpler SAT instances", 2011).
  mutating func newLinks() -> NewLinks {
    budget = allowance
    let all = Demand(all: network)
    var cores: [[Int]] = []

    // Cores with nothing in common first: together they give an answer to fall back on.
    var given: Set<Int> = []
    var fallback: [Int]?
    while fallback == nil {
      let demand = all.without(edges: given)
      switch witness(demand) {
      case .found(let choice): fallback = missing(choice)
      case .exhausted: fallback = Array(network.edges.indices)
      case .impossible:
        let core = core(of: demand)
        guard !core.isEmpty else { return NewLinks(pairs: [], isProvedFewest: budget >= 0) }
        cores.append(core)
        given.formUnion(core)
      }
    }

    while let hitting = HittingSet.smallest(hitting: cores) {
      let demand = all.without(edges: hitting)
      switch witness(demand) {
      case .found: return NewLinks(pairs: best(of: hitting, cores: cores), isProvedFewest: true)
      case .exhausted: return NewLinks(pairs: links(lacking: fallback ?? []), isProvedFewest: false)
      case .impossible: cores.append(core(of: demand))
      }
    }
    return NewLinks(pairs: links(lacking: fallback ?? []), isProvedFewest: false)
  }

  /// Of the sets of edges as small as `hitting` that are enough, the links of the one with the best picks. All
  /// such sets are looked at, unless there are very many.
  private mutating func best(of hitting: [Int], cores: [[Int]]) -> [NumberPair] {
    let all = Demand(all: network)
    var best: [Int]?
    var seen: Set<Set<Int>> = []
    var triesLeft = 256
    var nodesLeft = 20_000
    func visit(_ chosen: [Int], _ explanation: inout Explanation) {
      nodesLeft -= 1
      guard triesLeft > 0, nodesLeft > 0, seen.insert(Set(chosen)).inserted else { return }
      if let open = cores.first(where: { core in !core.contains { chosen.contains($0) } }) {
        guard chosen.count < hitting.count else { return }
        for edge in open { visit(chosen + [edge], &explanation) }
      } else {
        triesLeft -= 1
        if case .found(let choice) = explanation.lexmin(all.without(edges: chosen)),
          best.map({ choice.lexicographicallyPrecedes($0) }) ?? true
        {
          best = choice
        }
      }
    }
    visit(hitting, &self)
    visit([], &self)
    return best.map(links) ?? links(lacking: hitting)
  }

  /// The links that the best choice with no demand on `edges` lacks, whatever the budget.
  private mutating func links(lacking edges: [Int]) -> [NumberPair] {
    let demand = Demand(all: network).without(edges: edges)
    budget = max(budget, allowance)
    if case .found(let choice) = lexmin(demand) { return links(choice) }
    budget = max(budget, allowance)
    if case .found(let choice) = witness(demand) { return links(choice) }
    return []
  }

  /// The edges that do not hold for a choice.
  func missing(_ choice: [Int]) -> [Int] {
    network.edges.indices.filter { index in
      !network.isLinked(choice[network.edges[index].first], choice[network.edges[index].second])
    }
  }

  private func links(_ choice: [Int]) -> [NumberPair] {
    missing(choice).map { index in
      pair(of: (choice[network.edges[index].first], choice[network.edges[index].second]), on: index)
    }
  }
}
