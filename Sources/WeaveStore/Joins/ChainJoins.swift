import Git

/// The commits of a chain of locks, observations or a set that are new here, and whether each join among them is the one
/// that weave makes of its parents (Docs/formats/store.md 4.1, 8, 9 and 15): else whoever may push could put an earlier lock
/// back in force, or anything that nobody adopted, as what two copies that went apart come to.
struct ChainJoins {
  private let repository: Repository
  private var parents: [ObjectID: [ObjectID]] = [:]
  private var joins: [ObjectID] = []

  init(in repository: Repository) { self.repository = repository }

  mutating func note(_ commit: Commit) {
    parents[commit.id] = commit.parents
    if commit.parents.count > 1 { joins.append(commit.id) }
  }

  /// Why a join is none; nil where all are. `make` makes the join of two parents, in their order, or nil where there is none.
  func refusal(making make: (_ first: ObjectID, _ second: ObjectID) throws -> Join?) throws -> String? {
    guard !joins.isEmpty else { return nil }
    let generations = generations(parents)
    var steps = 0
    for join in joins {
      guard let parents = parents[join], parents.count == 2 else { return "\(join): it joins more than two" }
      let (first, second) = (parents[0], parents[1])
      if try reaches(second, from: first, generations, &steps)
        || reaches(first, from: second, generations, &steps)
      {
        return "\(join): it joins what did not go apart"
      }
      guard steps <= Self.mostSteps else { return "\(join): its parents are too far apart to be looked at" }
      guard try make(first, second)?.id() == join else {
        return "\(join): it is not the join of its parents that weave makes"
      }
    }
    return nil
  }

  /// Honest copies go apart for some commits. Each of a chain's could join its first one.
  private static let mostSteps = 5_000_000

  /// What is known here already reaches nothing that is new.
  private func reaches(
    _ commit: ObjectID, from tip: ObjectID, _ generations: [ObjectID: Int], _ steps: inout Int
  ) throws -> Bool {
    let lowest = generations[commit]
    if generations[tip] == nil {
      return try lowest == nil && repository.isReachable(commit, from: [tip])
    }
    var (pending, seen, known) = ([tip], Set([tip]), [ObjectID]())
    while let id = pending.popLast(), steps <= Self.mostSteps {
      if id == commit { return true }
      steps += 1
      for parent in parents[id] ?? [] where seen.insert(parent).inserted {
        guard let generation = generations[parent] else {
          known.append(parent)
          continue
        }
        if lowest.map({ generation >= $0 }) ?? true { pending.append(parent) }
      }
    }
    return try lowest == nil && repository.isReachable(commit, from: known)
  }
}
