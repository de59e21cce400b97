/// A walk by parents, and by dates as far as these can be read: for a history with a commit that libgit2 takes for none, as it
/// cannot read who made it or when, and Git can. Slower than libgit2's.
struct ParentWalk {
  private let repository: Repository
  private let order: WalkOrder
  private let besides: Set<ObjectID>
  /// What was come upon, and what is hidden.
  private var seen: Set<ObjectID>
  /// What is still to be given: of the order `any` and `firstParent` the last first, of `time` the newest first.
  private var pending: [ObjectID] = []
  private var newest = NewestFirst()
  /// Of the order `topological` all of it, the last first.
  private var sorted: [ObjectID] = []

  /// The walk; what is in `besides` is not given.
  init(_ walk: Walk, besides: Set<ObjectID> = []) throws(GitError) {
    (repository, order, self.besides) = (walk.repository, walk.order, besides)
    var hiding: [ObjectID] = []
    for base in walk.hiding { hiding.append(try repository.peelToCommit(base)) }
    seen = try Self.ancestors(of: hiding, in: repository)
    for tip in walk.tips {
      let tip = try repository.peelToCommit(tip)
      if seen.insert(tip).inserted { pending.append(tip) }
    }
    switch order {
    case .any, .firstParent: pending.reverse()
    case .time: for tip in pending { try newest.insert(tip, in: repository, after: .max) }
    case .topological: sorted = try topological()
    }
  }

  /// The next commit; nil at the end.
  mutating func next() throws(GitError) -> ObjectID? {
    while let id = try any() {
      if !besides.contains(id) { return id }
    }
    return nil
  }

  private mutating func any() throws(GitError) -> ObjectID? {
    switch order {
    case .topological: return sorted.popLast()
    case .any, .firstParent:
      guard let id = pending.popLast() else { return nil }
      let parents = try repository.parents(of: id)
      for parent in order == .any ? parents : Array(parents.prefix(1)) where seen.insert(parent).inserted {
        pending.append(parent)
      }
      return id
    case .time:
      guard let commit = newest.popFirst() else { return nil }
      for parent in commit.parents where seen.insert(parent).inserted {
        try newest.insert(parent, in: repository, after: commit.date)
      }
      return commit.id
    }
  }

  /// All that is to be given, the last first: children before parents, of those that may come next the newest.
  private mutating func topological() throws(GitError) -> [ObjectID] {
    var children: [ObjectID: Int] = [:]
    let tips = Set(pending)
    while let id = pending.popLast() {
      for parent in try repository.parents(of: id) {
        let isNew = seen.insert(parent).inserted
        guard isNew || children[parent] != nil || tips.contains(parent) else { continue }
        children[parent, default: 0] += 1
        if isNew { pending.append(parent) }
      }
    }
    for tip in tips where children[tip] == nil { try newest.insert(tip, in: repository, after: .max) }
    var order: [ObjectID] = []
    while let commit = newest.popFirst() {
      order.append(commit.id)
      for parent in commit.parents {
        guard let left = children[parent] else { continue }
        children[parent] = left - 1
        if left == 1 { try newest.insert(parent, in: repository, after: commit.date) }
      }
    }
    return order.reversed()
  }

  /// The commits, and all that they reach.
  private static func ancestors(
    of tips: [ObjectID], in repository: Repository
  ) throws(GitError) -> Set<ObjectID> {
    var reached: Set<ObjectID> = []
    try visit(from: tips, in: repository) { id in
      reached.insert(id)
      return true
    }
    return reached
  }

  /// Each commit that the tips reach, once: it goes on to the parents of those of which `goesOn` says so.
  static func visit(
    from tips: [ObjectID], in repository: Repository, _ goesOn: (ObjectID) -> Bool
  ) throws(GitError) {
    var (pending, seen) = (tips, Set(tips))
    while let id = pending.popLast() {
      guard goesOn(id) else { continue }
      for parent in try repository.parents(of: id) where seen.insert(parent).inserted {
        pending.append(parent)
      }
    }
  }

  /// As ``Repository/mergeBase(_:_:)``. Reads the whole history of `one`.
  static func mergeBase(
    _ one: ObjectID, _ other: ObjectID, in repository: Repository
  ) throws(GitError) -> ObjectID? {
    let ours = try ancestors(of: [one], in: repository)
    var common: Set<ObjectID> = []
    try visit(from: [other], in: repository) { id in
      let isCommon = ours.contains(id)
      if isCommon { common.insert(id) }
      return !isCommon
    }
    guard common.count > 1 else { return common.first }
    var parents: [ObjectID] = []
    for id in common { parents += try repository.parents(of: id) }
    let below = try ancestors(of: parents, in: repository)
    var bases = NewestFirst()
    for id in common.subtracting(below).sorted() { try bases.insert(id, in: repository, after: 0) }
    return bases.popFirst()?.id
  }

  private struct Sides: OptionSet {
    let rawValue: UInt8
    static let one = Sides(rawValue: 1)
    static let other = Sides(rawValue: 2)
    static let both: Sides = [.one, .other]
  }

  /// As ``Repository/aheadBehind(_:_:)``: a walk of both down by dates, which ends where both have all that is left.
  static func aheadBehind(
    _ one: ObjectID, _ other: ObjectID, in repository: Repository
  ) throws(GitError) -> (ahead: Int, behind: Int) {
    guard one != other else { return (0, 0) }
    var sides: [ObjectID: Sides] = [one: .one, other: .other]
    var newest = NewestFirst()
    var waiting: Set<ObjectID> = [one, other]
    // Those that wait and that not both have.
    var open = 2
    for id in [one, other] { try newest.insert(id, in: repository, after: .max) }
    while open > 0, let commit = newest.popFirst() {
      waiting.remove(commit.id)
      let reached = sides[commit.id] ?? []
      if reached != .both { open -= 1 }
      for parent in commit.parents {
        let former = sides[parent] ?? []
        let new = former.union(reached)
        guard new != former else { continue }
        sides[parent] = new
        if waiting.insert(parent).inserted {
          if new != .both { open += 1 }
          try newest.insert(parent, in: repository, after: commit.date)
        } else if new == .both {
          open -= 1
        }
      }
    }
    return (sides.values.count { $0 == .one }, sides.values.count { $0 == .other })
  }
}

/// Commits by their dates, the newest first. One whose date cannot be read has that of the child from which it was reached, as
/// any other would have it found long after what is below it.
private struct NewestFirst {
  struct Commit {
    let id: ObjectID
    let parents: [ObjectID]
    let date: Int64
  }

  /// A heap: none is newer than the one at half its place.
  private var heap: [Commit] = []

  mutating func insert(
    _ id: ObjectID, in repository: Repository, after date: Int64
  ) throws(GitError) {
    let (parents, seconds) = try repository.step(from: id)
    heap.append(Commit(id: id, parents: parents, date: seconds ?? date))
    var index = heap.count - 1
    while index > 0, heap[index].date > heap[(index - 1) / 2].date {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  mutating func popFirst() -> Commit? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    guard !heap.isEmpty else { return first }
    heap[0] = last
    var index = 0
    while true {
      let children = [2 * index + 1, 2 * index + 2].filter { $0 < heap.count }
      guard let newest = children.max(by: { heap[$0].date < heap[$1].date }),
        heap[newest].date > heap[index].date
      else { return first }
      heap.swapAt(index, newest)
      index = newest
    }
  }
}
