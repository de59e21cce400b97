/// What a search came to.
enum Finding: Equatable {
  /// A value for each variable, counted from the start of its own domain.
  case found([Int])
  case impossible
  case exhausted
}

/// Depth-first search for a witness, keeping arc consistency at every step (MAC: D. Sabin and E. C. Freuder,
/// "Contradicting conventional wisdom in constraint satisfaction", 1994), component by component.
struct Search {
  private var state: Propagation
  private let components: [[Int]]

  init(_ network: Network, _ demand: Demand, budget: Int) {
    let support = Support(network, demand)
    state = Propagation(support, budget: budget)
    components = Self.components(network, demand)
  }

  var budget: Int { state.budget }

  /// Any choice that fits.
  mutating func witness() -> Finding {
    guard state.propagate() else { return failure }
    for component in components {
      guard solve(component) else { return failure }
    }
    return .found(choice)
  }

  /// The choice that fits and is newest, compared variable by variable.
  ///
  /// Fixes the variables in order, each to the newest value with which the rest still has a witness. While the
  /// last witness has that value no search is needed.
  mutating func newest() -> Finding {
    guard state.propagate() else { return failure }
    for component in components {
      let start = state.mark
      guard solve(component) else { return failure }
      var witness = picked(in: component)
      state.goBack(to: start)
      for (index, variable) in component.enumerated() {
        while true {
          let value = state.newest(variable)
          let mark = state.mark
          state.pick(value)
          if value == witness[index] {
            guard state.propagate() else { return failure }
            break
          }
          let isKept = state.propagate() && solve(component)
          if state.isExhausted { return .exhausted }
          if isKept { witness = picked(in: component) }
          state.goBack(to: mark)
          if !isKept {
            state.remove(value)
            guard state.propagate() else { return failure }
          }
        }
      }
    }
    return .found(choice)
  }

  private var failure: Finding { state.isExhausted ? .exhausted : .impossible }

  private var choice: [Int] {
    state.sizes.indices.map { state.only($0) - state.support.start[$0] }
  }

  private func picked(in component: [Int]) -> [Int] { component.map { state.only($0) } }

  /// Branches on a value being picked or not; leaves the state at the witness when there is one.
  private mutating func solve(_ component: [Int]) -> Bool {
    while let variable = next(in: component) {
      let value = state.newest(variable)
      let mark = state.mark
      state.pick(value)
      if state.propagate(), solve(component) { return true }
      if state.isExhausted { return false }
      state.goBack(to: mark)
      state.remove(value)
      guard state.propagate() else { return false }
    }
    return true
  }

  /// The open variable with the smallest domain for its weight; nil when all are picked.
  private func next(in component: [Int]) -> Int? {
    var best: (variable: Int, size: Int, weight: Int)?
    for variable in component where state.sizes[variable] > 1 {
      let (size, weight) = (state.sizes[variable], state.weights[variable] + state.support.degree[variable])
      if let best, best.size * weight <= size * best.weight { continue }
      best = (variable, size, weight)
    }
    return best?.variable
  }

  /// The variables in sets that no edge and no nogood joins, each in the order of priority.
  private static func components(_ network: Network, _ demand: Demand) -> [[Int]] {
    var parent = Array(network.names.indices)
    func root(_ variable: Int) -> Int {
      var variable = variable
      while parent[variable] != variable { variable = parent[variable] }
      return variable
    }
    func join(_ one: Int, _ other: Int) {
      let (low, high) = (min(root(one), root(other)), max(root(one), root(other)))
      parent[high] = low
    }
    for (edge, isActive) in zip(network.edges, demand.edges) where isActive { join(edge.first, edge.second) }
    for (nogood, isActive) in zip(network.nogoods, demand.nogoods) where isActive {
      for literal in nogood.literals.dropFirst() { join(nogood.literals[0].variable, literal.variable) }
    }
    let members = Dictionary(grouping: network.names.indices, by: root)
    return members.keys.sorted().map { members[$0] ?? [] }
  }
}
