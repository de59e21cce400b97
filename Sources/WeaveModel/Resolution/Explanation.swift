/// Finds why nothing fits, by asking what would if less were demanded.
struct Explanation {
  let resolver: Resolver
  /// What each question may spend.
  let allowance: Int
  var budget: Int

  init(_ resolver: Resolver, budget: Int) {
    (self.resolver, self.allowance, self.budget) = (resolver, budget, budget)
  }

  var network: Network { resolver.network }

  /// Any choice that meets the demand, at the expense of the budget.
  mutating func witness(_ demand: Demand) -> Outcome { ask(demand) { $0.witness() }.outcome }

  /// The best choice that meets the demand, at the expense of the budget.
  mutating func lexmin(_ demand: Demand) -> Outcome { ask(demand) { $0.lexmin() }.outcome }

  /// Where the demand is impossible, the part of it that proves so; else nil.
  mutating func refutation(of demand: Demand) -> Demand? {
    let (outcome, used) = ask(demand) { $0.witness() }
    return outcome == .impossible ? used : nil
  }

  private mutating func ask(_ demand: Demand, _ question: (inout Search) -> Outcome) -> (
    outcome: Outcome, used: Demand?
  ) {
    guard budget >= 0 else { return (.exhausted, nil) }
    let isWhole = demand.nogoods.allSatisfy { $0 }
    let support = isWhole ? resolver.support : Support(network, nogoods: demand.nogoods)
    // Building the counters is work too: an explanation builds many.
    var search = Search(
      support, edges: demand.edges, budget: isWhole ? budget : budget - network.entries.count)
    let outcome = question(&search)
    budget = search.budget
    return (outcome, search.state.used)
  }

  /// The edges none of whose live pairs is free of an unfit commit or pair.
  var emptyEdges: [Int] { network.edges.indices.filter { livePairs(of: $0).isEmpty } }

  /// What an edge requires, with the live pairs that it has.
  func requirement(_ edge: Int) -> Conflict.Requirement {
    let pairs = livePairs(of: edge)
    return Conflict.Requirement(
      pair: network.pair(edge), count: pairs.count, newest: pairs.first.map { pair(of: $0, on: edge) })
  }

  /// Two values of an edge's variables, in either order, as their commits.
  func pair(of values: (Int, Int), on edge: Int) -> NumberPair {
    let isInOrder = Int(network.owner[values.0]) == network.edges[edge].first
    let (first, second) = isInOrder ? values : (values.1, values.0)
    return NumberPair(first: network.commits[first], second: network.commits[second])
  }

  /// The linked pairs that no nogood of one or two values forbids, those of the higher priority's first values first.
  private func livePairs(of edge: Int) -> [(Int, Int)] {
    let (one, other) = (network.edges[edge].first, network.edges[edge].second)
    let (high, low) = (min(one, other), max(one, other))
    let unfit = Set(network.nogoods.lazy.filter { $0.values.count == 1 }.map { $0.values[0] })
    return (network.start[high]..<network.start[high + 1]).flatMap { value -> [(Int, Int)] in
      guard !unfit.contains(value) else { return [] }
      var linked: Set<Int> = []
      network.forEachLinked(to: value) { if Int(network.owner[Int($0)]) == low { linked.insert(Int($0)) } }
      return linked.sorted().filter { !unfit.contains($0) && !resolver.support.isForbidden(value, $0) }.map {
        (value, $0)
      }
    }
  }
}
