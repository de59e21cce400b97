import TestSupport
import Testing
import WeaveModel

@Suite struct ResolutionEdgeCaseTests {
  private func problem(
    _ domains: [Domain], required: Set<ProjectPair> = [], links: [[CommitNumber]] = [],
    unfit: [[CommitNumber]] = []
  ) -> ResolutionProblem {
    var table = LinkTable()
    for link in links { table.append(link) }
    return ResolutionProblem(
      domains: domains, required: required, meeting: required, links: table, unfit: unfit)
  }

  private func domain(_ number: Int, _ commits: CommitNumber...) -> Domain {
    Domain(project: project(number), commits: commits)
  }

  @Test func `Without a project there is nothing to propose`() {
    #expect(Resolver(problem([])).proposals(upTo: 3, from: [:]) == [])
  }

  @Test func `A project without a commit leaves nothing that fits, and no link helps`() {
    let resolver = Resolver(problem([domain(0, 0, 1), domain(1)]))
    #expect(resolver.lexmin() == .impossible)
    let conflict = resolver.conflict()
    #expect(conflict.emptyPairs == [] && conflict.core == [] && conflict.blockingSets == [])
    #expect(conflict.newLinks == NewLinks(pairs: [], isProvedFewest: true))
  }

  @Test func `A project without a commit makes each of its required pairs empty, and none of them the core`()
  {
    let resolver = Resolver(problem([domain(0, 0), domain(1)], required: pairs([(0, 1)]), links: [[0, 7]]))
    let conflict = resolver.conflict()
    #expect(conflict.emptyPairs == [ProjectPair(project(0), project(1))])
    #expect(conflict.core == [])
    #expect(resolver.core() == [])
  }

  @Test func `A project whose every commit is revoked alone is no conflict of pairs`() {
    let resolver = Resolver(
      problem(
        [domain(0, 0, 1), domain(1, 2)], required: pairs([(0, 1)]), links: [[0, 2]], unfit: [[0], [1]]))
    #expect(resolver.lexmin() == .impossible)
    #expect(resolver.core() == [])
    let conflict = resolver.conflict()
    #expect(conflict.core == [] && conflict.newLinks.pairs == [])
    #expect(conflict.blockingSets == [0] && !conflict.mustUnblockTogether)
  }

  @Test func `A revoked pair that leaves a commit without a link stands in the way alone`() {
    let resolver = Resolver(
      problem([domain(0, 0), domain(1, 1, 2)], required: pairs([(0, 1)]), links: [[0, 1]], unfit: [[0, 1]]))
    let conflict = resolver.conflict()
    #expect(conflict.blockingSets == [0] && !conflict.mustUnblockTogether)
    #expect(conflict.newLinks == NewLinks(pairs: [NumberPair(first: 0, second: 2)], isProvedFewest: true))
  }

  @Test func `Seventy thousand commits that all are linked are resolved in steps linear in them`() {
    let count: CommitNumber = 70_000
    let resolver = Resolver(
      problem(
        [Domain(project: project(0), commits: Array(0..<count)), domain(1, count, count + 1)],
        required: pairs([(0, 1)]), links: (1..<count).map { [$0, count + $0 % 2] }, unfit: [[1]]))
    #expect(resolver.lexmin(budget: 1_000_000) == .resolved([project(0): 2, project(1): count]))
  }

  @Test func `A pair that is required from either side is required once`() {
    let required = [ProjectPair(project(0), project(1)), ProjectPair(project(1), project(0))]
    let resolver = Resolver(problem([domain(0, 0), domain(1, 1)], required: Set(required)))
    #expect(resolver.conflict().newLinks.pairs == [NumberPair(first: 0, second: 1)])
  }

  @Test func `Of two domains of one project the first counts`() {
    #expect(problem([domain(0, 3, 4), domain(0, 5)]).lexmin() == .resolved([project(0): 3]))
  }

  @Test func `A link of one member or none ties nothing`() {
    let required = pairs([(0, 1)])
    let alone = problem([domain(0, 0), domain(1, 1)], required: required, links: [[], [0], [1], []])
    #expect(alone.lexmin() == .impossible)
    let beside = problem([domain(0, 0), domain(1, 1)], required: required, links: [[], [0], [0, 1], [1]])
    #expect(beside.lexmin() == .resolved([project(0): 0, project(1): 1]))
  }

  @Test func `An unfit set that holds a commit that is no candidate forbids nothing`() {
    let required = pairs([(0, 1)])
    let domains = [domain(0, 0), domain(1, 1)]
    #expect(
      problem(domains, required: required, links: [[0, 1]], unfit: [[0, 9], [9], []]).lexmin()
        == .resolved([project(0): 0, project(1): 1]))
  }

  @Test func `A link that has lost a member that is no candidate still ties the others`() {
    let required = pairs([(0, 1), (1, 2), (0, 2)])
    let domains = [domain(0, 0), domain(1, 1), domain(2, 2)]
    #expect(
      problem(domains, required: required, links: [[0, 9, 1], [9, 1, 2], [0, 2]]).lexmin()
        == .resolved([project(0): 0, project(1): 1, project(2): 2]))
  }

  @Test func `From picks that nothing is tied to, what a proposal gains is counted from where they are`() {
    let resolver = Resolver(
      problem(
        [domain(0, 0, 1, 2), domain(1, 3), domain(2, 4, 5)], required: pairs([(1, 2)]), links: [[3, 5]],
        unfit: [[0]]))
    let proposals = resolver.proposals(upTo: 1, from: [project(0): 2, project(1): 3, project(2): 5])
    #expect(proposals.map(\.newLinks) == [[NumberPair(first: 3, second: 4)]])
    #expect(proposals.map(\.age) == [1] && proposals.allSatisfy(\.isProvedBest))
  }

  @Test func `Links that already hold are not proposed, however much newer all would be in sum`() {
    // The first project at its newest drags the second far back; one commit older it does not.
    let resolver = Resolver(
      problem(
        [domain(0, 0, 1), domain(1, 2, 3, 4, 5, 6, 7)], required: pairs([(0, 1)]), links: [[0, 7], [1, 2]],
        unfit: [[0, 2], [0, 3]]))
    guard case .resolved(let picks) = resolver.lexmin() else {
      Issue.record("there is an answer")
      return
    }
    #expect(resolver.age(of: picks) == 5)
    let proposals = resolver.proposals(upTo: 2, from: picks)
    #expect(proposals.map(\.newLinks) == [[NumberPair(first: 0, second: 4)]])
    #expect(proposals.map(\.age) == [2])
  }
}
