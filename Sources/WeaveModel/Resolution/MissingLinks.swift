extension Explanation {
  /// The fewest new links that make a network fit.
  ///
  /// Implicit hitting sets: the edges to be linked anew hit every set of edges that is impossible by itself, so a
  /// smallest set that hits those found so far is either enough, and then the fewest, or shows another
  /// (J. Davies and F. Bacchus, "Solving MAXSAT by solving a sequence of simpler SAT instances", 2011).
  mutating func missingLinks(knownCores: [[Int]]) -> (links: [CommitPair], isProved: Bool) {
    let all = Demand(all: network)
    var cores = knownCores
    guard !cores.contains([]) else { return ([], true) }

    // Cores with nothing in common first: together they give an answer to fall back on.
    var given = Set(cores.joined())
    var fallback: [Int]?
    while fallback == nil {
      let demand = all.without(edges: given)
      switch witness(demand) {
      case .found(let choice): fallback = missing(choice)
      case .exhausted: fallback = Array(network.edges.indices)
      case .impossible:
        let core = irreducible(demand)
        guard !core.isEmpty else { return ([], budget >= 0) }
        cores.append(core)
        given.formUnion(core)
      }
    }

    while let hitting = HittingSet.smallest(hitting: cores) {
      let demand = all.without(edges: hitting)
      switch witness(demand) {
      case .found: return (newestLinks(of: hitting, cores: cores), true)
      case .exhausted: return (links(lacking: fallback ?? []), false)
      case .impossible: cores.append(irreducible(demand))
      }
    }
    return (links(lacking: fallback ?? []), false)
  }

  /// Of the sets of edges as small as `hitting` that are enough, the links of the one with the newest picks. All
  /// such sets are looked at, unless there are very many.
  private mutating func newestLinks(of hitting: [Int], cores: [[Int]]) -> [CommitPair] {
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
        if case .found(let choice) = explanation.newest(all.without(edges: chosen)),
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

  /// The links that the newest choice with no demand on `edges` lacks, whatever the budget.
  private mutating func links(lacking edges: [Int]) -> [CommitPair] {
    budget = max(budget, allowance)
    if case .found(let choice) = newest(Demand(all: network).without(edges: edges)) { return links(choice) }
    budget = max(budget, allowance)
    if case .found(let choice) = witness(Demand(all: network).without(edges: edges)) { return links(choice) }
    return []
  }

  /// The edges that do not hold for a choice.
  private func missing(_ choice: [Int]) -> [Int] {
    network.edges.indices.filter { index in
      let edge = network.edges[index]
      return !edge.pairs.contains { $0.first == choice[edge.first] && $0.second == choice[edge.second] }
    }
  }

  private func links(_ choice: [Int]) -> [CommitPair] {
    func member(_ variable: Int) -> Member {
      Member(project: network.names[variable], commit: network.values[variable][choice[variable]])
    }
    return missing(choice).map {
      CommitPair(member(network.edges[$0].first), member(network.edges[$0].second))
    }
    .sorted()
  }
}
