/// The sets of fewest elements that share one with each of some sets, found by branching on a set not yet hit.
package struct HittingSet {
  private let sets: [[Int]]
  private var best: [Int]?
  private var nodesLeft: Int

  /// A smallest set that hits all of `sets`; nil when that took more than `limit` nodes to prove.
  package static func smallest(hitting sets: [[Int]], limit: Int = 200_000) -> [Int]? {
    var search = HittingSet(sets: sets, best: nil, nodesLeft: limit)
    search.extend([], excluded: [])
    return search.nodesLeft > 0 ? search.best : nil
  }

  private mutating func extend(_ chosen: [Int], excluded: Set<Int>) {
    nodesLeft -= 1
    guard nodesLeft > 0 else { return }
    let open = sets.filter { set in !set.contains { chosen.contains($0) } }
    guard let branch = open.min(by: { $0.count < $1.count }) else {
      if best.map({ chosen.count < $0.count }) ?? true { best = chosen }
      return
    }
    if let best, chosen.count + Self.disjointCount(open) >= best.count { return }
    var excluded = excluded
    for element in branch where !excluded.contains(element) {
      extend(chosen + [element], excluded: excluded)
      excluded.insert(element)
    }
  }

  /// How many of the sets are disjoint, chosen greedily: each needs an element of its own.
  private static func disjointCount(_ sets: [[Int]]) -> Int {
    var used: Set<Int> = []
    var count = 0
    for set in sets where used.isDisjoint(with: set) {
      used.formUnion(set)
      count += 1
    }
    return count
  }
}
