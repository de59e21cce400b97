import Git

/// The generation of each commit, by its parents: one more than the greatest of theirs. Parents that are not in `parents` do not
/// count. Linear.
func generations<Commit: Hashable>(_ parents: [Commit: [Commit]]) -> [Commit: Int] {
  var generations: [Commit: Int] = [:]
  for start in parents.keys {
    var pending = [start]
    while let commit = pending.last {
      let below = generations[commit] == nil ? (parents[commit] ?? []).filter { parents[$0] != nil } : []
      let unknown = below.filter { generations[$0] == nil }
      if unknown.isEmpty {
        if generations[commit] == nil {
          generations[commit] = (below.compactMap { generations[$0] }.max() ?? 0) + 1
        }
        pending.removeLast()
      } else {
        pending += unknown
      }
    }
  }
  return generations
}

/// A history in memory: the parents of each commit, and its generation, which is one more than the greatest of its
/// parents' (gitglossary(7), "generation number" of the commit-graph).
struct CommitGraph {
  private let commits: [ObjectID]
  private let indexes: [ObjectID: Int]
  private let parents: [[Int]]
  private let generations: [Int]
  private var walk: Walk
  /// How many steps of ``mergeBases(of:_:)`` were made.
  private(set) var steps = 0

  /// All that `tip` reaches, each commit read once.
  init(of tip: ObjectID, in repository: Repository) throws {
    var (commits, indexes) = ([tip], [tip: 0])
    var parents: [[Int]] = []
    while parents.count < commits.count {
      parents.append(
        try repository.parents(of: commits[parents.count]).map { parent in
          if let index = indexes[parent] { return index }
          indexes[parent] = commits.count
          commits.append(parent)
          return commits.count - 1
        })
    }
    (self.commits, self.indexes, self.parents) = (commits, indexes, parents)
    let generations = WeaveStore.generations(
      Dictionary(uniqueKeysWithValues: parents.enumerated().map { ($0.offset, $0.element) }))
    self.generations = parents.indices.map { generations[$0] ?? 0 }
    walk = Walk(count: commits.count, generations: self.generations.max() ?? 0)
  }

  /// The best common ancestors of two commits of the history, as `git merge-base --all` gives them, in no order: a walk of
  /// both down by generations, which ends where all that is left is below one (`paint_down_to_common` in Git's
  /// commit-reach.c).
  mutating func mergeBases(of one: ObjectID, _ other: ObjectID) -> [ObjectID] {
    guard let first = indexes[one], let second = indexes[other] else { return [] }
    defer { walk.clear() }
    walk.paint(first, with: .one, generations[first])
    walk.paint(second, with: .other, generations[second])
    var bases: [ObjectID] = []
    var generation = max(generations[first], generations[second])
    while walk.fresh > 0 {
      guard let (index, reached) = walk.next(of: generation) else {
        generation -= 1
        continue
      }
      steps += 1
      var paint = reached
      if paint == [.one, .other] {
        bases.append(commits[index])
        paint.insert(.below)
      }
      for parent in parents[index] { walk.paint(parent, with: paint, generations[parent]) }
    }
    return bases
  }

  private struct Paint: OptionSet {
    let rawValue: UInt8
    static let one = Paint(rawValue: 1)
    static let other = Paint(rawValue: 2)
    /// It is below a common ancestor.
    static let below = Paint(rawValue: 4)
  }

  /// Room for the whole history, made once for all walks of it.
  private struct Walk {
    private var paints: [Paint]
    private var painted: [Int] = []
    /// What is still to be looked at, by generation.
    private var waiting: [[Int]]
    private var awaited: [Int] = []
    /// How many of those that wait are below no common ancestor.
    private(set) var fresh = 0

    init(count: Int, generations: Int) {
      paints = Array(repeating: [], count: count)
      waiting = Array(repeating: [], count: generations + 1)
    }

    mutating func clear() {
      for index in painted { paints[index] = [] }
      for generation in awaited { waiting[generation].removeAll(keepingCapacity: true) }
      painted.removeAll(keepingCapacity: true)
      awaited.removeAll(keepingCapacity: true)
      fresh = 0
    }

    mutating func paint(_ index: Int, with paint: Paint, _ generation: Int) {
      let former = paints[index]
      let new = former.union(paint)
      guard new != former else { return }
      paints[index] = new
      if former.isEmpty {
        painted.append(index)
        if waiting[generation].isEmpty { awaited.append(generation) }
        waiting[generation].append(index)
        if !new.contains(.below) { fresh += 1 }
      } else if !former.contains(.below), new.contains(.below) {
        fresh -= 1
      }
    }

    mutating func next(of generation: Int) -> (index: Int, paint: Paint)? {
      guard let index = waiting[generation].popLast() else { return nil }
      let paint = paints[index]
      if !paint.contains(.below) { fresh -= 1 }
      return (index, paint)
    }
  }
}
