/// New links worth testing: what the whole set could move to if they held.
public struct Proposal: Sendable, Equatable {
  /// In the order of the pairs of projects.
  public let newLinks: [NumberPair]
  /// What would fit then, one commit of each project.
  public let picks: Picks
  /// How many candidates come before the picks, in all domains together.
  public let age: Int
  /// Whether no other links, as many or fewer, lead to a lower age.
  public let isProvedBest: Bool

  public init(newLinks: [NumberPair], picks: Picks, age: Int, isProvedBest: Bool) {
    (self.newLinks, self.picks, self.age, self.isProvedBest) = (newLinks, picks, age, isProvedBest)
  }
}

extension Resolver {
  /// How many candidates come before the picks, in all domains together.
  public func age(of picks: Picks) -> Int {
    problem.domains.reduce(0) { age, domain in
      age + (picks[domain.project].flatMap(domain.commits.firstIndex) ?? 0)
    }
  }

  /// For one new link, for two, and so on up to `count`: those that lower the age of the whole set most, each only where
  /// it lowers it more than fewer links do. None is of an unfit pair, and none needs no new link. Each comes to
  /// lexicographically better picks, project by project: a resolution would not follow others.
  ///
  /// Starts from `picks`, which fit. Each may take `budget` steps, and is the best found beyond that.
  public func proposals(
    upTo count: Int, from picks: Picks, budget: Int = ResolutionProblem.defaultBudget / 20
  ) -> [Proposal] {
    proposalsAndSteps(upTo: count, from: picks, budget: budget).proposals
  }

  /// As ``proposals(upTo:from:budget:)``, with the steps that were taken.
  public func proposalsAndSteps(
    upTo count: Int, from picks: Picks, budget: Int
  ) -> (proposals: [Proposal], steps: Int) {
    var proposals: [Proposal] = []
    var search = ProposalSearch(self, from: picks)
    var steps = 0
    for limit in stride(from: 1, through: count, by: 1) {
      let former = search.bestAge
      search.run(limit: limit, budget: budget)
      steps += search.stepsTaken
      guard search.bestAge < former else { continue }
      proposals.append(
        Proposal(
          newLinks: search.newLinks, picks: network.picks(search.best), age: search.bestAge,
          isProvedBest: !search.isExhausted))
      if search.bestAge == search.lowestAge { break }
    }
    return (proposals, steps)
  }
}
