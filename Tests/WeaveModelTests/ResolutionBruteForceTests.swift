import TestSupport
import Testing
import WeaveModel

@Suite struct ResolutionBruteForceTests {
  @Test(arguments: 0..<8)
  func `The answer is the one that trying everything finds`(round: UInt64) {
    var generator = SeededGenerator(seed: round)
    for _ in 0..<200 {
      let reference = BruteForce(random: &generator)
      let problem = reference.problem
      let answer = Resolver(problem.problem).lexmin()
      #expect(problem.named(answer) == reference.best.map(NamedProblem.Answer.resolved))
    }
  }

  /// Where some newest first is impossible only far from where it was picked: of the instances above none is that large.
  @Test(arguments: 30..<34)
  func `Of seven projects the answer is the first that backtracking finds`(round: UInt64) {
    var generator = SeededGenerator(seed: round)
    for _ in 0..<750 {
      let instance = Backtracking(random: &generator)
      let problem = instance.problem
      #expect(
        problem.named(Resolver(problem.problem).lexmin()) == instance.best.map(NamedProblem.Answer.resolved))
    }
  }

  @Test(arguments: 10..<14)
  func `With a commit fixed the answer is the best of those that have it`(round: UInt64) {
    var generator = SeededGenerator(seed: round)
    for _ in 0..<100 {
      let reference = BruteForce(random: &generator)
      let problem = reference.problem
      let resolver = Resolver(problem.problem)
      let solutions = reference.solutions
      for domain in reference.domains {
        var isUntiedBefore = false
        for commit in domain.commits {
          let member = Member(project: domain.project, commit: commit)
          let (answer, left) = resolver.lexmin(fixing: problem.number(member), budget: 1_000_000)
          #expect(left <= 1_000_000)
          let isUntied = !reference.isTied(member)
          let best = solutions.first { $0[domain.project] == commit }
          // Of commits that nothing ties to others only the first is sure to be a candidate: no other is better.
          if isUntied, isUntiedBefore, answer == .impossible { continue }
          #expect(problem.named(answer) == best.map(NamedProblem.Answer.resolved))
          isUntiedBefore = isUntiedBefore || isUntied
        }
      }
    }
  }

  @Test func `A commit that is no candidate cannot be fixed`() {
    let problem = NamedProblem(
      domains: domains([2, 2]), required: pairs([(0, 1)]), meeting: [],
      live: [link((0, 0), (1, 0)), link((0, 5), (1, 0))], unfit: [])
    let answer = Resolver(problem.problem).lexmin(fixing: problem.number(member(0, 5)), budget: 1_000)
    #expect(answer.answer == .impossible)
  }

  @Test(arguments: 20..<24)
  func `At every budget the answer is the same, or none is given`(round: UInt64) {
    var generator = SeededGenerator(seed: round)
    for _ in 0..<12 {
      let reference = BruteForce(random: &generator)
      let problem = reference.problem
      let resolver = Resolver(problem.problem)
      let right = resolver.lexmin()
      var budget = 1
      while case .gaveUp(let steps, let best) = resolver.lexmin(budget: budget) {
        #expect(steps == budget)
        if let best = best.map(problem.named) {
          #expect(Set(best.keys) == Set(reference.domains.map(\.project)))
          #expect(reference.lacking(best).isEmpty && !reference.isUnfit(best))
        }
        budget += 1
      }
      for more in [0, 1, 2, 3, 10, 1_000] { #expect(resolver.lexmin(budget: budget + more) == right) }
    }
  }

  @Test func `Giving up in the midst of a search leaves what fits so far`() throws {
    var seen: [Picks] = []
    for seed in 0..<4 {
      let problem = HardInstance.randomClique(10, commits: 10, density: 0.7, seed: UInt64(seed)).problem
      let resolver = Resolver(problem)
      let live = Set((0..<problem.links.count).map { Array(problem.links[$0]) })
      var enough = 1
      while case .gaveUp = resolver.lexmin(budget: enough) { enough *= 2 }
      for budget in stride(from: enough / 4, to: enough, by: enough / 40) {
        guard case .gaveUp(steps: _, let best?) = resolver.lexmin(budget: budget) else { continue }
        seen.append(best)
        #expect(best.count == problem.domains.count)
        for pair in problem.required {
          #expect(live.contains([try #require(best[pair.first]), try #require(best[pair.second])]))
        }
      }
    }
    #expect(!seen.isEmpty)
  }
}
