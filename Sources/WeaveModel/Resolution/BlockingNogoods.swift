extension Explanation {
  /// The nogoods each of which stands in the way alone, or, when none does, some that do together.
  mutating func blockingNogoods() -> (nogoods: [Int], areTogether: Bool) {
    budget = allowance
    // What stands in the way alone is needed by every proof, and so is in any core.
    guard let core = coreOfNogoods() else { return ([], false) }
    let all = Demand(all: network)
    let alone = core.filter { nogood in
      var rest = all
      rest.nogoods[nogood] = false
      if case .found = witness(rest) { return true }
      return false
    }
    guard alone.isEmpty else { return (alone, false) }

    var none = all
    none.nogoods = none.nogoods.map { _ in false }
    guard case .found(let choice) = lexmin(none) else { return ([], false) }
    let picked = Set(choice)
    var together = network.nogoods.indices.filter { nogood in
      network.nogoods[nogood].values.allSatisfy(picked.contains)
    }
    for nogood in together {
      var rest = all
      for other in together where other != nogood { rest.nogoods[other] = false }
      if case .found = witness(rest) { together.removeAll { $0 == nogood } }
    }
    return (together, true)
  }
}
