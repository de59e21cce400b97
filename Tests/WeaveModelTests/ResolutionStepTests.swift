import TestSupport
import Testing
import WeaveModel

@Suite struct ResolutionStepTests {
  @Test(arguments: Forest.allCases, [75, 150, 300])
  func `Without a circle the steps are linear in commits and links`(shape: Forest, size: Int) {
    let problem = shape.problem(size).problem
    let budget = 8 * (20 * size + problem.links.members.count)
    #expect(problem.lexmin(budget: budget).isResolved)
  }

  @Test(arguments: [4, 8, 20, 100])
  func `An even ring of opposites is resolved without a search`(length: Int) {
    let problem = HardInstance.parityRing(length, commits: 8).problem
    #expect(problem.lexmin(budget: 10 * problem.links.members.count).isResolved)
  }

  @Test(arguments: [3, 9, 51])
  func `An odd ring of opposites is refuted in a pass or two for each commit`(length: Int) {
    let problem = HardInstance.parityRing(length, commits: 8).problem
    #expect(problem.lexmin(budget: 20 * problem.links.members.count) == .impossible)
  }

  @Test func `A conflict among the last three of twenty projects is proved within a million steps`() {
    let resolver = Resolver(HardInstance.lateConflict().problem)
    #expect(resolver.lexmin(budget: 1_000_000) == .impossible)
    let links = resolver.newLinks(budget: 1_000_000)
    #expect(links.isProvedFewest && links.pairs.count == 1)
  }

  @Test(arguments: 0..<6)
  func `Random links at the threshold are decided within two million steps`(seed: UInt64) {
    let problem = HardInstance.randomClique(10, commits: 10, density: 0.6, seed: seed).problem
    #expect(problem.lexmin(budget: 2_000_000).isDecided)
  }
}

extension ResolutionAnswer {
  fileprivate var isResolved: Bool { if case .resolved = self { true } else { false } }
  fileprivate var isDecided: Bool { if case .gaveUp = self { false } else { true } }
}
