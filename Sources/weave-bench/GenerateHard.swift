import ArgumentParser
import Foundation

/// A kind of instance that is made to be hard for a search.
enum HardKind: String, CaseIterable, ExpressibleByArgument {
  case rb, late, trap, parity
}

/// Links that make a search work. Each function adds to a stream what its kind is about.
struct HardLinks {
  let graph: ProjectGraph
  let commits: Int

  /// Model RB (Xu and Li, 2000) at its threshold: as many random links for each pair of projects as let one pick be
  /// expected to hold. About half of such instances have one.
  func addThreshold(to stream: inout LinkStream, random: inout SplitMix64) throws {
    guard !graph.pairs.isEmpty else { return }
    let all = commits * commits
    let density = pow(Double(commits), -Double(graph.projects) / Double(graph.pairs.count))
    let wanted = min(all, max(1, Int((density * Double(all)).rounded())))
    for pair in graph.pairs {
      var left = wanted
      for cell in 0..<all where random.index(below: all - cell) < left {
        left -= 1
        try stream.add([Place(pair.first, cell / commits), Place(pair.second, cell % commits)])
      }
    }
  }

  /// The pairs of the last three projects, which `addLateConflict` links.
  var latePairs: [ProjectPairIndex] {
    ProjectGraph.everyPair(of: Array(graph.projects - 3..<graph.projects))
  }

  /// Links the last three projects so that each two of them fit in many ways and the three in none: commits are of
  /// three kinds in turn; first and second want the same kind, second and third too, and first and third the next.
  func addLateConflict(to stream: inout LinkStream) throws {
    let (first, second, third) = (graph.projects - 3, graph.projects - 2, graph.projects - 1)
    let even = commits / 3 * 3
    for commit in 0..<even {
      for step in [0, 3] {
        let same = (commit + step) % even
        try stream.add([Place(first, commit), Place(second, same)])
        try stream.add([Place(second, commit), Place(third, same)])
        try stream.add([Place(first, commit), Place(third, (same + 1) % even)])
      }
    }
  }

  /// Links the newest quarter of all projects at random, the more sparsely the lower the priority of the second
  /// project: any two of the first fit, and only further down does it show that few of them fit together.
  func addTrap(to stream: inout LinkStream, random: inout SplitMix64) throws {
    let newest = max(1, commits / 4)
    for pair in graph.pairs {
      let depth = Double(pair.second) / Double(graph.projects)
      let density = 0.6 * (1 - depth) + 0.08
      for first in 0..<newest {
        for second in 0..<newest where random.chance(density) {
          try stream.add([Place(pair.first, first), Place(pair.second, second)])
        }
      }
    }
  }

  /// Commits have one of two colours, and neighbours on the ring must differ, which an odd ring cannot: an even one has
  /// one pair that must agree. Every commit has a partner on both sides, so nothing shows on two projects alone.
  func addParity(to stream: inout LinkStream, limit: Int, random: inout SplitMix64) throws {
    let colours: [[Bool]] = (0..<graph.projects).map { _ in
      random.order(of: commits).map { $0 < max(1, commits / 2) }
    }
    for (number, pair) in graph.pairs.enumerated() {
      let mustAgree = number == 0 && graph.projects.isMultiple(of: 2)
      let ends = [true, false].map { colour in
        (
          (0..<commits).filter { colours[pair.first][$0] == colour },
          (0..<commits).filter { colours[pair.second][$0] == (mustAgree ? colour : !colour) }
        )
      }
      let goal = limit * (number + 1) / graph.pairs.count
      for (firsts, seconds) in ends where !firsts.isEmpty && !seconds.isEmpty {
        for turn in 0..<max(firsts.count, seconds.count) {
          try stream.add([
            Place(pair.first, firsts[turn % firsts.count]), Place(pair.second, seconds[turn % seconds.count]),
          ])
        }
      }
      var fruitless = 0
      while stream.count < goal, fruitless < 100 {
        let (firsts, seconds) = ends[random.index(below: 2)]
        guard !firsts.isEmpty, !seconds.isEmpty else { break }
        let isNew = try stream.add([
          Place(pair.first, firsts[random.index(below: firsts.count)]),
          Place(pair.second, seconds[random.index(below: seconds.count)]),
        ])
        fruitless = isNew ? 0 : fruitless + 1
      }
    }
  }
}
