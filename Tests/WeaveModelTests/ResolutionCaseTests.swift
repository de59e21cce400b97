import TestSupport
import Testing
import WeaveModel

@Suite struct ResolutionCaseTests {
  @Test func `Without required pairs every project runs its newest commit`() {
    let problem = NamedProblem(domains: domains([3, 2]), required: [], meeting: [], live: [], unfit: [])
    #expect(problem.lexmin() == .resolved(picks(0, 0)))
  }

  @Test func `No project at all is resolved`() {
    let problem = NamedProblem(domains: [], required: [], meeting: [], live: [], unfit: [])
    #expect(problem.lexmin() == .resolved([:]))
  }

  @Test func `A project that meets no other runs its newest commit that is not revoked`() {
    let problem = NamedProblem(
      domains: domains([100_000]), required: [], meeting: [], live: [], unfit: [set((0, 0)), set((0, 1))])
    #expect(problem.lexmin() == .resolved(picks(2)))
  }

  @Test func `In a star the hub is as new as all its leaves allow`() {
    let problem = NamedProblem(
      domains: domains([3, 3, 3]), required: pairs([(0, 1), (0, 2)]), meeting: [],
      live: [link((0, 0), (1, 0)), link((0, 1), (1, 2)), link((0, 1), (2, 0)), link((0, 2), (2, 1))],
      unfit: [])
    #expect(problem.lexmin() == .resolved(picks(1, 2, 0)))
  }

  @Test func `In a chain links are not transitive`() {
    let live = [link((0, 0), (1, 0)), link((1, 0), (2, 0))]
    let chain = NamedProblem(
      domains: domains([1, 1, 1]), required: pairs([(0, 1), (1, 2)]), meeting: [], live: live, unfit: [])
    #expect(chain.lexmin() == .resolved(picks(0, 0, 0)))
    let clique = NamedProblem(
      domains: domains([1, 1, 1]), required: pairs([(0, 1), (1, 2), (0, 2)]), meeting: [], live: live,
      unfit: [])
    let conflict = clique.lexmin().conflict
    #expect(conflict?.emptyPairs == [ProjectPair(project(0), project(2))])
    #expect(conflict?.missingLinks == [link((0, 0), (2, 0))])
    #expect(conflict?.irreducible == [ProjectPair(project(0), project(2))])
  }

  @Test func `The order of the domains decides who is newest`() {
    let live = [link((0, 0), (1, 1)), link((0, 1), (1, 0))]
    let both = domains([2, 2])
    func answer(_ domains: [NamedDomain]) -> NamedProblem.Answer {
      NamedProblem(domains: domains, required: pairs([(0, 1)]), meeting: [], live: live, unfit: [])
        .lexmin()
    }
    #expect(answer(both) == .resolved(picks(0, 1)))
    #expect(answer(both.reversed()) == .resolved(picks(1, 0)))
  }

  @Test func `An unfit set forbids only what meets`() {
    func answer(meeting: Set<ProjectPair>) -> NamedProblem.Answer {
      NamedProblem(
        domains: domains([2, 2, 2]), required: [], meeting: meeting, live: [],
        unfit: [set((0, 0), (1, 0), (2, 0))]
      ).lexmin()
    }
    #expect(answer(meeting: pairs([(0, 1), (1, 2)])) == .resolved(picks(0, 0, 0)))
    #expect(answer(meeting: pairs([(0, 1), (1, 2), (0, 2)])) == .resolved(picks(0, 0, 1)))
  }

  @Test func `A revocation that stands in the way is named, and no link of an unfit pair is proposed`() {
    let problem = NamedProblem(
      domains: domains([1, 2]), required: pairs([(0, 1)]), meeting: [],
      live: [link((0, 0), (1, 0))], unfit: [set((0, 0), (1, 0))])
    let conflict = problem.lexmin().conflict
    #expect(conflict?.blockingUnfitSets == [set((0, 0), (1, 0))])
    #expect(conflict?.missingLinks == [link((0, 0), (1, 1))])
  }

  @Test func `Revocations that each stand in the way are named together`() {
    let problem = NamedProblem(
      domains: domains([1, 1]), required: pairs([(0, 1)]), meeting: [],
      live: [link((0, 0), (1, 0))], unfit: [set((0, 0)), set((1, 0))])
    let conflict = problem.lexmin().conflict
    #expect(conflict?.blockingUnfitSets == [set((0, 0)), set((1, 0))])
    #expect(conflict?.mustUnblockTogether == true)
    #expect(conflict?.missingLinks == [])
    #expect(conflict?.irreducible == [])
  }

  @Test func `A required project without a domain leaves nothing that fits`() {
    let problem = NamedProblem(
      domains: domains([1]), required: pairs([(0, 1)]), meeting: [], live: [link((0, 0), (1, 0))], unfit: [])
    #expect(problem.lexmin().conflict?.emptyPairs == Array(pairs([(0, 1)])))
  }

  @Test func `A spent budget is said, and is the same every time`() {
    let problem = HardInstance.parityRing(9, commits: 8)
    #expect(problem.lexmin(budget: 10) == .gaveUp(steps: 10))
    #expect(problem.lexmin(budget: 10) == problem.lexmin(budget: 10))
  }

  @Test(arguments: [3, 5, 9, 21])
  func `An odd cycle of opposites is arc consistent and has no answer`(length: Int) {
    let conflict = HardInstance.parityRing(length, commits: 8).lexmin().conflict
    #expect(conflict?.emptyPairs == [])
    #expect(conflict?.irreducible.count == length)
    #expect(conflict?.missingLinks.count == 1)
    #expect(conflict?.isProvedFewest == true)
  }

  @Test func `A history of 100,000 commits with few links is cheap`() {
    let problem = NamedProblem(
      domains: domains([100_000, 100_000]), required: pairs([(0, 1)]), meeting: [],
      live: (0..<50).map { link((0, 50_000 + $0), (1, 60_000 - $0)) }, unfit: [set((0, 50_000))])
    #expect(problem.lexmin() == .resolved(picks(50_001, 59_999)))
  }

  @Test func `A conflict among the last three of twenty projects is found quickly`() {
    let problem = HardInstance.lateConflict()
    let conflict = problem.lexmin().conflict
    #expect(conflict?.irreducible == pairs([(17, 18), (17, 19), (18, 19)]).sorted())
    #expect(conflict?.missingLinks.count == 1)
    #expect(conflict?.isProvedFewest == true)
  }
}
