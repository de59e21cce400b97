/// Why nothing fits, and what would change that.
public struct Conflict: Sendable, Equatable {
  /// A required pair of projects, and the live pairs of candidate commits that it has.
  public struct Requirement: Sendable, Equatable {
    public let pair: ProjectPair
    /// How many pairs of candidates are linked, and by themselves not unfit.
    public let count: Int
    /// Of these the first by the order of the project of higher priority.
    public let newest: NumberPair?

    public init(pair: ProjectPair, count: Int, newest: NumberPair?) {
      (self.pair, self.count, self.newest) = (pair, count, newest)
    }
  }

  /// The required pairs of projects that have no live pair of candidate commits at all.
  public let emptyPairs: [ProjectPair]
  /// Required pairs that cannot all hold together, none of which can be left out. Empty when it does not fit even with
  /// nothing required.
  public let core: [Requirement]
  /// The unfit sets, by their place in the problem, each of which, taken away alone, would make it fit; if there is none
  /// such, some that must all be taken away together. Empty when taking away every one would not do.
  public let blockingSets: [Int]
  /// Whether the blocking sets must all be taken away, rather than any one of them.
  public let mustUnblockTogether: Bool
  /// What new links would do.
  public let newLinks: NewLinks

  public init(
    emptyPairs: [ProjectPair], core: [Requirement], blockingSets: [Int], mustUnblockTogether: Bool,
    newLinks: NewLinks
  ) {
    (self.emptyPairs, self.core, self.newLinks) = (emptyPairs, core, newLinks)
    (self.blockingSets, self.mustUnblockTogether) = (blockingSets, mustUnblockTogether)
  }
}

/// New links that would make a problem fit.
public struct NewLinks: Sendable, Equatable {
  /// In the order of the pairs of projects, none of them of an unfit pair. Empty when no new links would do.
  public let pairs: [NumberPair]
  /// Whether no fewer would do. When the problem was too large to tell, these are the fewest found.
  public let isProvedFewest: Bool

  public init(pairs: [NumberPair], isProvedFewest: Bool) {
    (self.pairs, self.isProvedFewest) = (pairs, isProvedFewest)
  }
}

extension Resolver {
  /// Why the problem is impossible, which it must be.
  ///
  /// New links are sought among the first `recent` commits of each domain; among all of one that it does not name. Each of the three questions may take `budget` steps; the answers are less complete beyond that.
  public func conflict(
    recent: [ProjectName: Int] = [:], budget: Int = ResolutionProblem.defaultBudget / 20
  ) -> Conflict {
    var explanation = Explanation(self, budget: budget)
    let empty = explanation.emptyEdges
    let core = explanation.core(fromEmpty: empty.first)
    let blocking = explanation.blockingNogoods()
    return Conflict(
      emptyPairs: empty.map(network.pair), core: core.map(explanation.requirement),
      blockingSets: blocking.nogoods.map { network.nogoods[$0].source },
      mustUnblockTogether: blocking.areTogether,
      newLinks: newLinks(recent: recent, budget: budget))
  }

  /// The required pairs of ``Conflict/core``, at most `budget` steps of proving that each is needed.
  public func core(budget: Int = ResolutionProblem.defaultBudget / 20) -> [ProjectPair] {
    var explanation = Explanation(self, budget: budget)
    return explanation.core().map(network.pair)
  }

  /// The fewest new links that would make it fit, of equally few those with the best picks, and none of an unfit pair.
  /// `recent` and `budget` as of ``conflict(recent:budget:)``.
  public func newLinks(
    recent: [ProjectName: Int] = [:], budget: Int = ResolutionProblem.defaultBudget / 20
  ) -> NewLinks {
    let isBounded = problem.domains.contains { recent[$0.project, default: .max] < $0.commits.count }
    if isBounded {
      let bounded = Resolver(
        problem.with(
          domains: problem.domains.map { domain in
            Domain(
              project: domain.project,
              commits: Array(domain.commits.prefix(recent[domain.project, default: .max])))
          }))
      return bounded.newLinks(budget: budget)
    }
    var explanation = Explanation(self, budget: budget)
    return explanation.newLinks()
  }
}
