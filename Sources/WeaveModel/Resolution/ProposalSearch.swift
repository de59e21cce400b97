/// Depth-first branch and bound (A. H. Land and A. G. Doig, 1960) for the choice of lowest age that lacks at most so many
/// links.
///
/// Of every open value it is known how many links it lacks to what is chosen, so that a variable's lowest age within the
/// limit bounds what the rest can come to.
struct ProposalSearch {
  private let resolver: Resolver
  /// How many candidates come before each value in its domain.
  private let ages: [Int]
  /// The ages that the search starts from, by variable.
  private let former: [Int]
  private(set) var best: [Int]
  private(set) var bestAge: Int
  private(set) var isExhausted = false

  private var chosen: [Int?]
  /// How many links each value lacks to chosen values, and how many of these forbid it.
  private var lacks: [Int]
  private var bans: [Int]
  private var limit = 0
  private var budget = 0
  /// By the last run.
  private(set) var stepsTaken = 0

  private var network: Network { resolver.network }

  init(_ resolver: Resolver, from picks: Picks) {
    self.resolver = resolver
    let network = resolver.network
    var ages = Array(repeating: 0, count: network.commits.count)
    var best: [Int] = []
    for (variable, domain) in resolver.problem.domains.enumerated() {
      let age = Dictionary(domain.commits.enumerated().map { ($1, $0) }) { first, _ in first }
      let values = network.start[variable]..<network.start[variable + 1]
      for value in values { ages[value] = age[network.commits[value]] ?? 0 }
      best.append(values.first { network.commits[$0] == picks[domain.project] } ?? values.lowerBound)
    }
    former = resolver.problem.domains.map { domain in
      picks[domain.project].flatMap(domain.commits.firstIndex) ?? 0
    }
    (self.ages, self.best) = (ages, best)
    bestAge = resolver.age(of: picks)
    chosen = network.names.map { _ in nil }
    lacks = Array(repeating: 0, count: ages.count)
    bans = lacks
    for nogood in network.nogoods where nogood.values.count == 1 { bans[nogood.values[0]] = 1 }
  }

  /// The age of the newest that is not unfit by itself of each project.
  var lowestAge: Int { network.names.indices.reduce(0) { $0 + (lowest($1, lacking: .max)?.age ?? 0) } }

  /// The links that the best choice lacks.
  var newLinks: [NumberPair] {
    let explanation = Explanation(resolver, budget: 0)
    return explanation.missing(best).map { edge in
      let ends = network.edges[edge]
      return explanation.pair(of: (best[ends.first], best[ends.second]), on: edge)
    }
  }

  /// Looks for a choice of lower age than the best so far that lacks at most `limit` links, and one at least.
  mutating func run(limit: Int, budget: Int) {
    (self.limit, self.budget, isExhausted) = (limit, budget, false)
    defer { stepsTaken = budget - self.budget }
    extend(lacking: 0, age: 0)
  }

  private mutating func extend(lacking: Int, age: Int) {
    guard !isExhausted else { return }
    guard let bound = bound(lacking: lacking), age + bound.age < bestAge, lacking + bound.lacking <= limit
    else {
      return
    }
    guard let variable = bound.variable else {
      // What fits as it is needs nobody to test it, however new it is; and what is not better than what the search
      // starts from a resolution would not follow.
      let reached = chosen.map { ages[$0 ?? 0] }
      guard lacking > 0, reached.lexicographicallyPrecedes(former) else { return }
      (best, bestAge) = (chosen.map { $0 ?? 0 }, age)
      return
    }
    for value in network.start[variable]..<network.start[variable + 1] {
      // Values are in the order of their ages: from here on none is better.
      if age + ages[value] + bound.age - bound.ageOfVariable >= bestAge || isExhausted { break }
      guard bans[value] == 0, lacking + lacks[value] <= limit, !completesNogood(value) else { continue }
      choose(value, for: variable, sign: 1)
      extend(lacking: lacking + lacks[value], age: age + ages[value])
      choose(value, for: variable, sign: -1)
    }
  }

  /// What the open variables add at least, and which of them to choose next; nil where one has no value within the limit.
  private mutating func bound(
    lacking: Int
  ) -> (age: Int, lacking: Int, variable: Int?, ageOfVariable: Int)? {
    var (age, least) = (0, 0)
    var next: (variable: Int, age: Int, ties: Int)?
    for variable in chosen.indices where chosen[variable] == nil {
      guard let lowest = lowest(variable, lacking: limit - lacking) else { return nil }
      budget -= network.start[variable + 1] - network.start[variable]
      age += lowest.age
      least += lowest.lacking
      let ties = network.edgesOfVariable[variable].count { edge in
        let ends = network.edges[edge]
        return chosen[ends.first == variable ? ends.second : ends.first] != nil
      }
      if next.map({ (ties, lowest.age) > ($0.ties, $0.age) }) ?? true { next = (variable, lowest.age, ties) }
    }
    if budget < 0 { isExhausted = true }
    return (age, least, next?.variable, next?.age ?? 0)
  }

  /// The lowest age of a variable's values that lack at most so many links to what is chosen, and the fewest links that
  /// any of them lacks; nil where there is none.
  private func lowest(_ variable: Int, lacking limit: Int) -> (age: Int, lacking: Int)? {
    var (age, least): (Int?, Int) = (nil, .max)
    for value in network.start[variable]..<network.start[variable + 1]
    where bans[value] == 0 && lacks[value] <= limit {
      if age == nil { age = ages[value] }
      least = min(least, lacks[value])
      if least == 0 { break }
    }
    return age.map { ($0, least) }
  }

  /// Chooses a value, with `sign` 1, or takes that back.
  private mutating func choose(_ value: Int, for variable: Int, sign: Int) {
    chosen[variable] = sign > 0 ? value : nil
    var isLinked: Set<Int> = []
    network.forEachLinked(to: value) { isLinked.insert(Int($0)) }
    for edge in network.edgesOfVariable[variable] {
      let ends = network.edges[edge]
      let other = ends.first == variable ? ends.second : ends.first
      guard chosen[other] == nil else { continue }
      for candidate in network.start[other]..<network.start[other + 1] {
        if !isLinked.contains(candidate) { lacks[candidate] += sign }
      }
    }
    for nogood in resolver.support.nogoodsOfValue[value] ?? [] {
      for other in network.nogoods[nogood].values
      where network.nogoods[nogood].values.count == 2 && other != value { bans[other] += sign }
    }
  }

  private func completesNogood(_ value: Int) -> Bool {
    (resolver.support.nogoodsOfValue[value] ?? []).contains { nogood in
      network.nogoods[nogood].values.allSatisfy {
        $0 == value || chosen[Int(network.owner[$0])] == $0
      }
    }
  }
}
