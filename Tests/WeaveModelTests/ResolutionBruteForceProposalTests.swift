import TestSupport
import Testing
import WeaveModel

@Suite struct ResolutionBruteForceProposalTests {
  /// For one new link, for two and so on the lowest age, where it is lower than with fewer and than that of `picks`; of
  /// choices only that are lexicographically better than `picks`, which come before it.
  private func steps(
    of reference: BruteForce, upTo count: Int, from picks: BruteForce.Choice
  ) -> [(links: Int, age: Int)] {
    let fit = reference.fit.prefix { $0.choice != picks }.map {
      (links: $0.lacking.count, age: reference.age($0.choice))
    }
    var lowest = reference.age(picks)
    return (0..<count).compactMap { former in
      let links = former + 1
      guard let age = fit.filter({ (1...links).contains($0.links) }).map(\.age).min(), age < lowest else {
        return nil
      }
      lowest = age
      return (links, age)
    }
  }

  private func check(_ reference: BruteForce, from picks: BruteForce.Choice, upTo count: Int) {
    let problem = reference.problem
    let proposals = Resolver(problem.problem).proposals(
      upTo: count,
      from: picks.reduce(into: [:]) {
        $0[$1.key] = problem.number(Member(project: $1.key, commit: $1.value))
      })
    let wanted = steps(of: reference, upTo: count, from: picks)
    #expect(proposals.map(\.newLinks.count) == wanted.map(\.links))
    #expect(proposals.map(\.age) == wanted.map(\.age))
    for proposal in proposals {
      let choice = problem.named(proposal.picks)
      #expect(reference.age(choice) == proposal.age)
      #expect(proposal.newLinks.map(problem.pair) == reference.lacking(choice))
      #expect(!reference.isUnfit(choice))
      #expect(proposal.isProvedBest)
    }
  }

  @Test(arguments: 100..<106)
  func `Proposals from the answer are the lowest ages that trying everything finds`(round: UInt64) {
    var generator = SeededGenerator(seed: round)
    for _ in 0..<100 {
      let reference = BruteForce(random: &generator)
      if let best = reference.best { check(reference, from: best, upTo: Int(round % 4) + 1) }
    }
  }

  @Test(arguments: 110..<114)
  func `Proposals from any picks that fit are the lowest ages that trying everything finds`(round: UInt64) {
    var generator = SeededGenerator(seed: round)
    for _ in 0..<100 {
      let reference = BruteForce(random: &generator)
      if let picks = reference.solutions.randomElement(using: &generator) {
        check(reference, from: picks, upTo: 10)
      }
    }
  }

  @Test func `At no budget is an age called lowest that is not`() {
    var generator = SeededGenerator(seed: 120)
    for _ in 0..<40 {
      let reference = BruteForce(random: &generator)
      guard let best = reference.best else { continue }
      let problem = reference.problem
      let resolver = Resolver(problem.problem)
      guard case .resolved(let picks) = resolver.lexmin() else { continue }
      for budget in [1, 5, 10, 20, 40, 80, 160] {
        for (count, proposal) in resolver.proposals(upTo: 3, from: picks, budget: budget).enumerated() {
          let choice = problem.named(proposal.picks)
          #expect(proposal.newLinks.map(problem.pair) == reference.lacking(choice))
          #expect(!reference.isUnfit(choice) && reference.age(choice) == proposal.age)
          #expect(proposal.newLinks.count > count && proposal.age < reference.age(best))
          if proposal.isProvedBest {
            let lowest = reference.fit.prefix { $0.choice != best }
              .filter { (1...proposal.newLinks.count).contains($0.lacking.count) }
              .map { reference.age($0.choice) }.min()
            #expect(proposal.age == lowest)
          }
        }
      }
    }
  }
}
