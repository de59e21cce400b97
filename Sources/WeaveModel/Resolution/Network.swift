/// A resolution problem in small integers: variables for projects, values for commits, newest first.
///
/// Of each domain only the commits that a live link or an unfit set names are kept, and the newest of the
/// others: those are bound by nothing and so interchangeable. A history of 100,000 commits with ten links
/// becomes eleven values.
struct Network {
  /// A required pair of projects and the pairs of values that hold.
  struct Edge {
    let first: Int
    let second: Int
    var pairs: [(first: Int, second: Int)] = []
  }

  /// One value of one variable.
  struct Literal: Hashable {
    let variable: Int
    let value: Int
  }

  /// Values that must not all be picked.
  struct Nogood {
    let literals: [Literal]
    /// The unfit set that it came from, as an index into the problem's.
    let source: Int
  }

  let names: [ProjectName]
  /// The commits that are the values of each variable.
  let values: [[CommitID]]
  private(set) var edges: [Edge]
  let nogoods: [Nogood]

  init(_ problem: ResolutionProblem) {
    let names = problem.domains.map(\.project)
    let variable = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var mentioned: [Set<CommitID>] = Array(repeating: [], count: names.count)
    for pair in problem.live {
      for member in [pair.first, pair.second] {
        if let index = variable[member.project] { mentioned[index].insert(member.commit) }
      }
    }
    let sources = problem.unfit.indices.filter { index in
      problem.isInForce(problem.unfit[index])
        && problem.unfit[index].members.allSatisfy { variable[$0.project] != nil }
    }
    for source in sources {
      for member in problem.unfit[source].members {
        if let index = variable[member.project] { mentioned[index].insert(member.commit) }
      }
    }
    let values = zip(problem.domains, mentioned).map { domain, named in
      Self.essential(of: domain, named: named)
    }
    let value = values.map { Dictionary(uniqueKeysWithValues: $0.enumerated().map { ($1, $0) }) }

    let required = problem.required.sorted()
    let edge = Dictionary(uniqueKeysWithValues: required.enumerated().map { ($1, $0) })
    edges = required.map { Edge(first: variable[$0.first] ?? 0, second: variable[$0.second] ?? 0) }
    for pair in problem.live {
      guard let index = edge[ProjectPair(pair.first.project, pair.second.project)],
        let first = value[edges[index].first][pair.first.commit],
        let second = value[edges[index].second][pair.second.commit]
      else { continue }
      edges[index].pairs.append((first, second))
    }
    for index in edges.indices {
      edges[index].pairs.sort { ($0.first, $0.second) < ($1.first, $1.second) }
    }
    nogoods = sources.compactMap { source in
      let literals = problem.unfit[source].members.compactMap { member -> Literal? in
        guard let owner = variable[member.project], let index = value[owner][member.commit] else {
          return nil
        }
        return Literal(variable: owner, value: index)
      }
      return literals.count == problem.unfit[source].count ? Nogood(literals: literals, source: source) : nil
    }
    self.names = names
    self.values = values
  }

  /// The pair of projects that an edge joins.
  func pair(_ edge: Int) -> ProjectPair { ProjectPair(names[edges[edge].first], names[edges[edge].second]) }

  /// The commits that a choice of one value for each variable picks.
  func picks(_ choice: [Int]) -> [ProjectName: CommitID] {
    Dictionary(uniqueKeysWithValues: names.indices.map { (names[$0], values[$0][choice[$0]]) })
  }

  private static func essential(of domain: Domain, named: Set<CommitID>) -> [CommitID] {
    var seen: Set<CommitID> = []
    var hasUnnamed = false
    return domain.commits.filter { commit in
      if named.contains(commit) { return seen.insert(commit).inserted }
      defer { hasUnnamed = true }
      return !hasUnnamed
    }
  }
}

/// The edges and nogoods of a network that are asked to hold: the rest are left out.
struct Demand {
  var edges: [Bool]
  var nogoods: [Bool]

  /// Everything in `network`.
  init(all network: Network) {
    edges = Array(repeating: true, count: network.edges.count)
    nogoods = Array(repeating: true, count: network.nogoods.count)
  }

  /// This demand without the given edges.
  func without(edges dropped: some Sequence<Int>) -> Demand {
    var rest = self
    for edge in dropped { rest.edges[edge] = false }
    return rest
  }
}
