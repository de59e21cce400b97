import TestSupport
import Testing
import WeaveModel

@Suite struct ResolutionBruteForceConflictTests {
  /// Random instances that have no resolution, the same for the same round.
  private func impossible(_ round: UInt64, _ count: Int) -> [BruteForce] {
    var generator = SeededGenerator(seed: round)
    return (0..<count).map { _ in BruteForce(random: &generator) }.filter { $0.best == nil }
  }

  @Test(arguments: 30..<34)
  func `The pairs without a link that could be picked are those that trying everything finds`(round: UInt64) {
    for reference in impossible(round, 150) {
      let conflict = Resolver(reference.problem.problem).conflict()
      #expect(conflict.emptyPairs == reference.required.filter { reference.livePairs($0).isEmpty }.sorted())
    }
  }

  @Test(arguments: 40..<44)
  func `The core cannot hold together, and any part of it can`(round: UInt64) {
    for reference in impossible(round, 150) {
      let resolver = Resolver(reference.problem.problem)
      for core in [resolver.conflict().core.map(\.pair), resolver.core()] {
        #expect(Set(core).isSubset(of: reference.required) && Set(core).count == core.count)
        #expect(reference.requiring(core).best == nil)
        for pair in core { #expect(reference.requiring(core.filter { $0 != pair }).best != nil) }
      }
    }
  }

  @Test(arguments: 50..<54)
  func `Of each pair in the core the live ones are counted, and the newest is shown`(round: UInt64) {
    for reference in impossible(round, 150) {
      let problem = reference.problem
      for requirement in Resolver(problem.problem).conflict().core {
        let live = reference.livePairs(requirement.pair)
        #expect(requirement.count == live.count)
        #expect(requirement.newest.map(problem.pair) == live.first)
      }
    }
  }

  @Test(arguments: 60..<66)
  func `The revocations in the way are those that trying everything finds`(round: UInt64) {
    for reference in impossible(round, 150) {
      // A set that is given twice stands in the way twice.
      guard Set(reference.unfit).count == reference.unfit.count else { continue }
      let problem = reference.problem
      let conflict = Resolver(problem.problem).conflict()
      let blocking = conflict.blockingSets.map { reference.unfit[$0] }
      let forbidding = reference.unfit.filter(reference.inForce)
      let alone = forbidding.filter { reference.without([$0]).best != nil }
      if !alone.isEmpty {
        #expect(blocking == alone)
        #expect(!conflict.mustUnblockTogether)
      } else if reference.without(forbidding).best != nil {
        #expect(conflict.mustUnblockTogether)
        #expect(reference.without(blocking).best != nil)
        for set in blocking { #expect(reference.without(blocking.filter { $0 != set }).best == nil) }
      } else {
        #expect(blocking.isEmpty)
      }
    }
  }

  @Test(arguments: 70..<74)
  func `New links are the fewest, and of equally few those with the best picks`(round: UInt64) {
    for reference in impossible(round, 150) {
      let problem = reference.problem
      let links = Resolver(problem.problem).newLinks()
      #expect(links.pairs.map(problem.pair) == reference.fewestLinks ?? [])
      #expect(links.isProvedFewest)
    }
  }

  @Test(arguments: 80..<84)
  func `New links are of recent commits, or none are named`(round: UInt64) {
    var generator = SeededGenerator(seed: round)
    for reference in impossible(round, 150) {
      let problem = reference.problem
      var recent: [ProjectName: Int] = [:]
      for domain in reference.domains where Bool.random(using: &generator) {
        recent[domain.project] = Int.random(in: 1...4, using: &generator)
      }
      let links = Resolver(problem.problem).newLinks(recent: recent)
      let wanted = reference.bounded(by: recent).fewestLinks ?? []
      #expect(links.pairs.map(problem.pair) == wanted)
      #expect(links.isProvedFewest)
    }
  }

  @Test(arguments: 90..<92)
  func `With too small a budget what is said is less, and still true`(round: UInt64) {
    for reference in impossible(round, 40) {
      let problem = reference.problem
      let resolver = Resolver(problem.problem)
      for budget in [1, 30, 100, 200, 300, 400, 600, 1_000] {
        let conflict = resolver.conflict(budget: budget)
        #expect(reference.requiring(conflict.core.map(\.pair)).best == nil)
        let blocking = conflict.blockingSets.map { reference.unfit[$0] }
        if conflict.mustUnblockTogether {
          #expect(reference.without(blocking).best != nil)
        } else {
          for place in conflict.blockingSets {
            var rest = reference
            rest.unfit.remove(at: place)
            #expect(rest.best != nil)
          }
        }
        let links = conflict.newLinks.pairs.map(problem.pair)
        if conflict.newLinks.isProvedFewest { #expect(links.count == reference.fewestLinks?.count ?? 0) }
        if !links.isEmpty {
          var linked = reference
          linked.pairs += links
          #expect(linked.best != nil)
        }
      }
    }
  }
}
