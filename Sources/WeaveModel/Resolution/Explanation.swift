/// Finds why nothing fits, by asking what would if less were demanded.
struct Explanation {
  let network: Network
  /// What each of the three questions may spend.
  let allowance: Int
  var budget: Int

  init(network: Network, budget: Int) {
    (self.network, self.allowance, self.budget) = (network, budget, budget)
  }

  /// The whole explanation of a network that is impossible. `unfit` are the sets its nogoods came from.
  mutating func conflict(unfit: [CommitSet]) -> Conflict {
    let all = Demand(all: network)
    let empty = emptyEdges
    budget = allowance
    var suspect = all
    if let first = empty.first { suspect.edges = suspect.edges.indices.map { $0 == first } }
    let core = irreducible(suspect)
    budget = allowance
    let blocking = blockingNogoods()
    budget = allowance
    let missing = missingLinks(knownCores: [core] + empty.dropFirst().map { [$0] })
    return Conflict(
      emptyPairs: empty.map(network.pair),
      blockingUnfitSets: blocking.nogoods.map { unfit[network.nogoods[$0].source] },
      mustUnblockTogether: blocking.areTogether,
      missingLinks: missing.links,
      isProvedFewest: missing.isProved,
      irreducible: core.map(network.pair))
  }

  /// Any choice that meets the demand, at the expense of the budget.
  mutating func witness(_ demand: Demand) -> Finding {
    guard budget >= 0 else { return .exhausted }
    var search = Search(network, demand, budget: budget)
    defer { budget = search.budget }
    return search.witness()
  }

  /// The newest choice that meets the demand, at the expense of the budget.
  mutating func newest(_ demand: Demand) -> Finding {
    guard budget >= 0 else { return .exhausted }
    var search = Search(network, demand, budget: budget)
    defer { budget = search.budget }
    return search.newest()
  }

  /// The edges none of whose live pairs is free of an unfit commit or pair.
  private var emptyEdges: [Int] {
    let forbidden = Set(network.nogoods.filter { $0.literals.count <= 2 }.map { Set($0.literals) })
    return network.edges.indices.filter { index in
      let edge = network.edges[index]
      return edge.pairs.allSatisfy { pair in
        let first = Network.Literal(variable: edge.first, value: pair.first)
        let second = Network.Literal(variable: edge.second, value: pair.second)
        return !forbidden.isDisjoint(with: [[first], [second], [first, second]] as [Set])
      }
    }
  }
}
