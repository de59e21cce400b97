import TestSupport
import WeaveModel

/// Problems that make a search work.
enum HardInstance {
  /// Neighbours in a ring must be of opposite parity.
  static func parityRing(_ length: Int, commits: Int) -> NamedProblem {
    let ring = (0..<length).map { ($0, ($0 + 1) % length) }
    let live = ring.flatMap { one, other in
      (0..<commits).flatMap { left in
        (0..<commits).filter { ($0 + left) % 2 == 1 }.map { link((one, left), (other, $0)) }
      }
    }
    return NamedProblem(
      domains: domains(Array(repeating: commits, count: length)), required: pairs(ring), meeting: [],
      live: live,
      unfit: [])
  }

  /// Twenty projects of 200 commits with 165 links a required pair of about the same age. Of the last three
  /// the first and the second agree in parity, and so do the second and the third; the first and the third do
  /// not.
  static func lateConflict() -> NamedProblem {
    var generator = SeededGenerator(seed: 7)
    var required: [(Int, Int)] = [(17, 18), (18, 19), (17, 19)]
    for right in 1..<20 {
      for left in 0..<right where left < 17 {
        if left == right - 1 || Int.random(in: 0..<4, using: &generator) == 0 {
          required.append((left, right))
        }
      }
    }
    let live = required.flatMap { left, right in
      if left >= 17 {
        let apart = left == 17 && right == 19 ? 1 : 0
        return (0..<165).map { link((left, $0), (right, $0 + apart)) }
      }
      let blocks = (0..<80).map { link((left, $0 / 2 * 4), (right, $0 / 2 * 4 + (right < 17 ? 0 : $0 % 2))) }
      return blocks
        + (blocks.count..<165).map { _ in
          let one = Int.random(in: 0..<196, using: &generator)
          return link((left, one), (right, one + Int.random(in: 0..<3, using: &generator)))
        }
    }
    return NamedProblem(
      domains: domains(Array(repeating: 200, count: 20)), required: pairs(required), meeting: [], live: live,
      unfit: [])
  }

  /// Projects that must all be linked to each other, each two of them at random in that share of their pairs: the
  /// newest first seldom goes through.
  static func randomClique(_ size: Int, commits: Int, density: Double, seed: UInt64) -> NamedProblem {
    var generator = SeededGenerator(seed: seed)
    let required = (0..<size).flatMap { left in (left + 1..<size).map { (left, $0) } }
    let live = required.flatMap { left, right in
      (0..<commits * commits).filter { _ in Double.random(in: 0..<1, using: &generator) < density }
        .map { link((left, $0 / commits), (right, $0 % commits)) }
    }
    return NamedProblem(
      domains: domains(Array(repeating: commits, count: size)), required: pairs(required), meeting: [],
      live: live, unfit: [])
  }
}

/// The shapes of required pairs in which no circle is.
enum Forest: String, CaseIterable {
  case chain, star, tree

  /// So many projects of twenty commits, each linked to the ones of about its age, and now and then to older ones.
  func problem(_ size: Int) -> NamedProblem {
    var generator = SeededGenerator(seed: UInt64(size))
    let required = (1..<size).map { number in
      switch self {
      case .chain: (number - 1, number)
      case .star: (0, number)
      case .tree: (Int.random(in: 0..<number, using: &generator), number)
      }
    }
    let live = required.flatMap { left, right in
      // One commit in the middle always holds, so that there is an answer.
      [link((left, 10), (right, 10))]
        + (0..<30).map { _ in
          let age = Int.random(in: 0..<17, using: &generator)
          return link((left, age), (right, age + Int.random(in: 0..<4, using: &generator)))
        }
    }
    return NamedProblem(
      domains: domains(Array(repeating: 20, count: size)), required: pairs(required), meeting: [],
      live: Set(live).sorted(), unfit: [])
  }
}
