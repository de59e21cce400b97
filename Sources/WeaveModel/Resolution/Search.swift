/// What a search came to.
enum Outcome: Equatable {
  /// A value for each variable.
  case found([Int])
  case impossible
  case exhausted
}

/// Depth-first search for a witness, keeping arc consistency at every step (MAC: D. Sabin and E. C. Freuder,
/// "Contradicting conventional wisdom in constraint satisfaction", 1994), component by component.
///
/// Branches only inside the 2-core of what is undecided: where no circle is left, an arc consistent state has a witness
/// that is found without going back (E. C. Freuder, "A sufficient condition for backtrack-free search", JACM 29, 1982).
struct Search {
  private(set) var state: Propagation
  private let components: [Component]
  /// The best choice that is known to fit, whole components at a time.
  private var known: [Int: [Int]] = [:]

  init(_ support: Support, edges: [Bool], budget: Int) {
    self.init(Propagation(support, edges: edges, budget: budget), edges: edges)
  }

  /// A search from `state`, in which just these edges are asked to hold.
  init(_ state: Propagation, edges: [Bool]) {
    self.state = state
    components = Component.all(of: state.support, edges: edges)
  }

  var budget: Int { state.budget }

  /// A choice that fits, when one of every component was found before the budget was spent.
  var bestKnown: [Int]? {
    guard known.count == components.count else { return nil }
    var choice = Array(repeating: 0, count: state.sizes.count)
    for (index, component) in components.enumerated() {
      for (variable, value) in zip(component.variables, known[index] ?? []) { choice[variable] = value }
    }
    return choice
  }

  /// Any choice that fits.
  mutating func witness() -> Outcome {
    guard !state.isExhausted, state.propagate() else { return failure }
    for component in components {
      guard solve(component) else { return failure }
    }
    return .found(choice)
  }

  /// The choice that fits and is best, compared variable by variable in the order of each domain. With `fixing`, the best
  /// of those that have this value.
  mutating func lexmin(fixing value: Int? = nil) -> Outcome {
    if let value { state.pick(value) }
    guard !state.isExhausted, state.propagate() else { return failure }
    for (index, component) in components.enumerated() {
      if let best = bestWithoutPicking(component) {
        known[index] = best
        continue
      }
      guard pickBest(index, component) else { return failure }
      known[index] = picked(in: component)
    }
    return .found(bestKnown ?? choice)
  }

  /// The best choice of a component in which each variable has at most one neighbour before it, read off an arc consistent
  /// state: every value left goes with some value of each neighbour, and nothing else binds them.
  private func bestWithoutPicking(_ component: Component) -> [Int]? {
    guard let earlier = component.earlierNeighbours else { return nil }
    var chosen: [Int: Int] = [:]
    for (variable, neighbour) in zip(component.variables, earlier) {
      var best: Int?
      if let neighbour, let picked = chosen[neighbour] {
        let network = state.support.network
        network.forEachLinked(to: picked) { other in
          let value = Int(other)
          guard Int(network.owner[value]) == variable, state.isAlive(value) else { return }
          best = min(best ?? value, value)
        }
      }
      chosen[variable] = best ?? state.first(variable)
    }
    return component.variables.map { chosen[$0] ?? 0 }
  }

  /// Leaves the state at the best choice of the component, when it has one.
  private mutating func pickBest(_ index: Int, _ component: Component) -> Bool {
    let start = state.mark
    if dive(component.variables) { return true }
    state.goBack(to: start)
    guard !state.isExhausted, solve(component) else { return false }
    var witness = picked(in: component)
    known[index] = witness
    state.goBack(to: start)
    for (place, variable) in component.variables.enumerated() {
      var value = state.first(variable)
      while true {
        let mark = state.mark
        state.pick(value)
        if state.propagate() {
          // The witness agrees with all that was picked, so while it has the best value left it needs no proof.
          if value == witness[place] { break }
          let picked = state.mark
          if solve(component) {
            witness = self.picked(in: component)
            known[index] = witness
            state.goBack(to: picked)
            break
          }
        }
        if state.isExhausted { return false }
        state.goBack(to: mark)
        state.remove(value)
        guard state.propagate() else { return false }
        value = state.first(variable, from: value)
      }
    }
    return true
  }

  private var failure: Outcome { state.isExhausted ? .exhausted : .impossible }

  private var choice: [Int] { state.sizes.indices.map { state.only($0) } }

  private func picked(in component: Component) -> [Int] { component.variables.map { state.only($0) } }

  /// Picks the first value left of each variable in turn. When that goes through it is the best choice there is, and
  /// without a circle it always does.
  private mutating func dive(_ variables: [Int]) -> Bool {
    for variable in variables where state.sizes[variable] > 1 {
      state.pick(state.first(variable))
      guard state.propagate() else { return false }
    }
    return true
  }

  /// Branches on a value being picked or not; leaves the state at the witness when there is one.
  private mutating func solve(_ component: Component) -> Bool {
    while let variable = branchingVariable(in: component) {
      let value = state.first(variable)
      let mark = state.mark
      state.pick(value)
      if state.propagate(), solve(component) { return true }
      if state.isExhausted { return false }
      state.goBack(to: mark)
      state.remove(value)
      guard state.propagate() else { return false }
    }
    return dive(component.variables)
  }

  /// Of the 2-core of what is undecided the variable with the smallest domain for its weight; nil when it is empty.
  private func branchingVariable(in component: Component) -> Int? {
    var best: (variable: Int, size: Int, weight: Int)?
    for variable in component.core(of: state) {
      let (size, weight) = (state.sizes[variable], state.weights[variable] + component.degree(of: variable))
      if let best, best.size * weight <= size * best.weight { continue }
      best = (variable, size, weight)
    }
    return best?.variable
  }
}
