extension Explanation {
  /// The nogoods each of which stands in the way alone, or, when none does, some that do together.
  mutating func blockingNogoods() -> (nogoods: [Int], areTogether: Bool) {
    let all = Demand(all: network)
    var none = all
    none.nogoods = none.nogoods.map { _ in false }
    guard case .found(let choice) = witness(none) else { return ([], false) }
    let alone = network.nogoods.indices.filter { nogood in
      var rest = all
      rest.nogoods[nogood] = false
      if case .found = witness(rest) { return true }
      return false
    }
    guard alone.isEmpty else { return (alone, false) }

    var together = network.nogoods.indices.filter { nogood in
      network.nogoods[nogood].literals.allSatisfy { choice[$0.variable] == $0.value }
    }
    for nogood in together {
      var rest = all
      for other in together where other != nogood { rest.nogoods[other] = false }
      if case .found = witness(rest) { together.removeAll { $0 == nogood } }
    }
    return (together, true)
  }
}
