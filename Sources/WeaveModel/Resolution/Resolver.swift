extension ResolutionProblem {
  /// Steps of propagation that a resolution may take by default: some seconds.
  public static var defaultBudget: Int { 400_000_000 }

  /// The lexicographically best picks that fit: in the order of the domains, each by its own order; exact.
  ///
  /// Cost: linear in the commits, the members of links and unfit sets, then of the search, which is exponential at
  /// worst and stops after `budget` steps. A step is one removal of a candidate, or one look at a link or at
  /// a member of an unfit set, so that the answer is the same on every machine.
  public func lexmin(budget: Int = defaultBudget) -> ResolutionAnswer {
    Resolver(self).lexmin(budget: budget)
  }
}

/// A resolution problem made ready for several questions.
public struct Resolver: Sendable {
  public let problem: ResolutionProblem
  let network: Network
  let support: Support
  /// What is left once everything has a support, from which each search starts.
  private let root: Propagation
  /// The work that it took to get there.
  private let rootSteps: Int

  /// Linear in the problem's size.
  public init(_ problem: ResolutionProblem) {
    self.problem = problem
    network = Network(problem)
    let all = Demand(all: network)
    support = Support(network, nogoods: all.nogoods)
    // No value is removed twice, so this ends by itself.
    var root = Propagation(support, edges: all.edges, budget: .max)
    _ = root.propagate()
    rootSteps = .max - root.budget + network.entries.count
    self.root = root
  }

  /// As ``ResolutionProblem/lexmin(budget:)``.
  public func lexmin(budget: Int = ResolutionProblem.defaultBudget) -> ResolutionAnswer {
    lexmin(fixing: nil, budget: budget).answer
  }

  /// As ``ResolutionProblem/lexmin(budget:)``, with what is left of the budget for other problems: of what is linear in this one
  /// nothing is taken off.
  public func lexmin(within budget: Int) -> (answer: ResolutionAnswer, stepsLeft: Int) {
    let (answer, left) = lexmin(fixing: nil, budget: budget)
    return (answer, min(budget, left + rootSteps))
  }

  /// The lexicographically best picks of those with `commit` that fit, and the steps that are left of the budget.
  ///
  /// Impossible for a commit that is no candidate, and for one that is tied to no other candidate while an earlier one of
  /// its project is not either: such a one is never better.
  public func lexmin(fixing commit: CommitNumber, budget: Int) -> (answer: ResolutionAnswer, stepsLeft: Int) {
    guard let value = network.commits.firstIndex(of: commit) else { return (.impossible, budget) }
    return lexmin(fixing: value, budget: budget)
  }

  private func lexmin(fixing value: Int?, budget: Int) -> (answer: ResolutionAnswer, stepsLeft: Int) {
    var state = root
    state.budget = budget - rootSteps
    var search = Search(state, edges: Demand(all: network).edges)
    let answer: ResolutionAnswer =
      switch search.lexmin(fixing: value) {
      case .found(let choice): .resolved(network.picks(choice))
      case .impossible: .impossible
      case .exhausted: .gaveUp(steps: budget, best: search.bestKnown.map(network.picks))
      }
    return (answer, search.budget)
  }
}
