import TestSupport
import Testing
import WeaveModel

@Suite struct ResolutionBruteForceTests {
  @Test(arguments: 0..<8)
  func `The answer is the one that trying everything finds`(round: UInt64) {
    var generator = SeededGenerator(seed: round)
    for _ in 0..<400 {
      let reference = BruteForce(random: &generator)
      let problem = reference.problem
      let answer = problem.lexmin()
      #expect(answer.picks == reference.best)
      if let conflict = answer.conflict { check(conflict, against: reference) }
    }
  }

  private func check(_ conflict: NamedConflict, against reference: BruteForce) {
    let missing = reference.fewestLinks
    #expect(conflict.missingLinks == (missing ?? []))
    #expect(conflict.isProvedFewest)
    if missing != nil {
      var linked = reference
      linked.live.formUnion(conflict.missingLinks)
      #expect(linked.best != nil)
    }

    #expect(reference.requiring(conflict.irreducible).best == nil)
    for pair in conflict.irreducible {
      #expect(reference.requiring(conflict.irreducible.filter { $0 != pair }).best != nil)
    }

    let forbidding = reference.unfit.filter { set in reference.inForce(set) }
    let empty = reference.required.filter { pair in
      !reference.live.contains { held in
        ProjectPair(held.first.project, held.second.project) == pair
          && [held.first, held.second].allSatisfy { member in
            reference.domains.contains { $0.project == member.project && $0.commits.contains(member.commit) }
          }
          && !forbidding.contains { [held.first, held.second].isSuperset(of: $0.members) }
      }
    }
    #expect(conflict.emptyPairs == empty.sorted())

    // A set that is given twice stands in the way twice.
    guard Set(reference.unfit).count == reference.unfit.count else { return }
    let alone = forbidding.filter { reference.without([$0]).best != nil }
    if !alone.isEmpty {
      #expect(conflict.blockingUnfitSets == alone)
      #expect(!conflict.mustUnblockTogether)
    } else if reference.without(forbidding).best != nil {
      #expect(conflict.mustUnblockTogether)
      #expect(reference.without(conflict.blockingUnfitSets).best != nil)
      for set in conflict.blockingUnfitSets {
        #expect(reference.without(conflict.blockingUnfitSets.filter { $0 != set }).best == nil)
      }
    } else {
      #expect(conflict.blockingUnfitSets.isEmpty)
    }
  }
}

extension [Member] {
  fileprivate func isSuperset(of members: [Member]) -> Bool { members.allSatisfy(contains) }
}
