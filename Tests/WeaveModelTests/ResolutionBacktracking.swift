import TestSupport
import WeaveModel

/// Seven projects of three commits, most of them in required pairs, and the first choice that fits in the order of priority: found
/// by trying each commit in turn, and going back where none fits what was picked before.
struct Backtracking {
  private static let projects = 7
  private static let commits = 3

  /// For each required pair of projects whether each two of their commits are linked.
  private var isLinked: [[[[Bool]]?]]

  /// Three of four pairs are required, and of their commits a share of 0.45 to 0.8 is linked.
  init(random generator: inout SeededGenerator) {
    let density = Double.random(in: 0.45...0.8, using: &generator)
    isLinked = Array(repeating: Array(repeating: nil, count: Self.projects), count: Self.projects)
    for left in 0..<Self.projects {
      for right in left + 1..<Self.projects where Int.random(in: 0..<4, using: &generator) > 0 {
        isLinked[left][right] = (0..<Self.commits).map { _ in
          (0..<Self.commits).map { _ in Double.random(in: 0..<1, using: &generator) < density }
        }
      }
    }
  }

  var problem: NamedProblem {
    var required: [(Int, Int)] = []
    var live: [CommitPair] = []
    for left in 0..<Self.projects {
      for right in left + 1..<Self.projects {
        guard let isLinked = isLinked[left][right] else { continue }
        required.append((left, right))
        for one in 0..<Self.commits {
          for other in 0..<Self.commits where isLinked[one][other] {
            live.append(link((left, one), (right, other)))
          }
        }
      }
    }
    return NamedProblem(
      domains: domains(Array(repeating: Self.commits, count: Self.projects)), required: pairs(required),
      meeting: [], live: live, unfit: [])
  }

  /// The commit of each project in the first choice that fits; nil where none does.
  var best: [ProjectName: CommitID]? {
    var picked: [Int] = []
    func fits(_ commit: Int) -> Bool {
      picked.enumerated().allSatisfy { isLinked[$0][picked.count]?[$1][commit] ?? true }
    }
    func search() -> Bool {
      guard picked.count < Self.projects else { return true }
      for commit in 0..<Self.commits where fits(commit) {
        picked.append(commit)
        if search() { return true }
        picked.removeLast()
      }
      return false
    }
    guard search() else { return nil }
    return Dictionary(uniqueKeysWithValues: picked.enumerated().map { (project($0), commit($0, $1)) })
  }
}
