/// Variables that edges and nogoods join to each other and to no other: solved apart from the rest.
struct Component {
  /// In the order of priority.
  let variables: [Int]
  /// For each of all variables, those that an edge asked to hold joins it to.
  private let neighbours: [[Int]]
  private let hasNogoods: Bool

  /// The components of what is asked to hold, in the order of their first variables.
  static func all(of support: Support, edges isActive: [Bool]) -> [Component] {
    let network = support.network
    var parent = Array(network.names.indices)
    func root(_ variable: Int) -> Int {
      var variable = variable
      while parent[variable] != variable {
        parent[variable] = parent[parent[variable]]
        variable = parent[variable]
      }
      return variable
    }
    func join(_ one: Int, _ other: Int) {
      let (low, high) = (min(root(one), root(other)), max(root(one), root(other)))
      parent[high] = low
    }
    var neighbours: [[Int]] = Array(repeating: [], count: network.names.count)
    for (edge, isActive) in zip(network.edges, isActive) where isActive {
      join(edge.first, edge.second)
      neighbours[edge.first].append(edge.second)
      neighbours[edge.second].append(edge.first)
    }
    for (nogood, isActive) in zip(network.nogoods, support.isActive) where isActive {
      for value in nogood.values.dropFirst() {
        join(Int(network.owner[nogood.values[0]]), Int(network.owner[value]))
      }
    }
    let members = Dictionary(grouping: network.names.indices, by: root)
    return members.keys.sorted().map { key in
      Component(
        variables: members[key] ?? [], neighbours: neighbours, hasNogoods: !support.nogoodsOfValue.isEmpty)
    }
  }

  /// Of each variable the one neighbour that comes before it, where it has one; nil where a variable has two, or a nogood
  /// may join what no edge does.
  var earlierNeighbours: [Int?]? {
    guard !hasNogoods else { return nil }
    var earlier: [Int?] = []
    for variable in variables {
      let former = neighbours[variable].filter { $0 < variable }
      if former.count > 1 { return nil }
      earlier.append(former.first)
    }
    return earlier
  }

  func degree(of variable: Int) -> Int { neighbours[variable].count }

  /// The undecided variables that are left when those with at most one undecided neighbour are taken away, again and
  /// again: the 2-core. A variable in a nogood that may still be broken stays.
  func core(of state: Propagation) -> [Int] {
    let open = variables.filter { state.sizes[$0] > 1 }
    guard !open.isEmpty else { return [] }
    var degree: [Int: Int] = [:]
    for variable in open { degree[variable] = neighbours[variable].count { state.sizes[$0] > 1 } }
    let tied = hasNogoods ? Set(open.filter { isInOpenNogood($0, state) }) : []
    var isLeft = Set(open)
    var pending = open.filter { (degree[$0] ?? 0) <= 1 && !tied.contains($0) }
    while let variable = pending.popLast() {
      guard isLeft.remove(variable) != nil else { continue }
      for neighbour in neighbours[variable] where isLeft.contains(neighbour) {
        degree[neighbour, default: 0] -= 1
        if degree[neighbour, default: 0] <= 1, !tied.contains(neighbour) { pending.append(neighbour) }
      }
    }
    return open.filter(isLeft.contains)
  }

  private func isInOpenNogood(_ variable: Int, _ state: Propagation) -> Bool {
    let network = state.support.network
    return (network.start[variable]..<network.start[variable + 1]).contains {
      state.isAlive($0) && state.isInOpenNogood($0)
    }
  }
}
