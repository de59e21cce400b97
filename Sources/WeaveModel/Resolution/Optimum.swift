extension ResolutionProblem {
  /// Steps of propagation that a resolution may take by default: some seconds.
  public static var defaultBudget: Int { 400_000_000 }

  /// The lexicographically newest picks that fit, in the order of the domains; exact.
  ///
  /// Cost: linear in the commits, the live pairs and the unfit sets, then of the search, which is exponential at
  /// worst and stops after `budget` steps. A step is one removal of a candidate, or one look at a link or at
  /// a member of an unfit set, so that the answer is the same on every machine. When nothing fits, a
  /// twentieth as much again may be spent on each part of the explanation, which is less complete beyond that.
  public func lexmin(budget: Int = defaultBudget) -> ResolutionAnswer {
    let network = Network(self)
    var search = Search(network, Demand(all: network), budget: budget)
    switch search.newest() {
    case .found(let choice): return .resolved(network.picks(choice))
    case .exhausted: return .gaveUp(steps: budget)
    case .impossible:
      var explanation = Explanation(network: network, budget: budget / 20)
      return .none(explanation.conflict(unfit: unfit))
    }
  }
}
