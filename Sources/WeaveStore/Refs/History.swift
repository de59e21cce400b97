import Git
import WeaveModel

/// The order of a project's commits, by which "newest" is meant.
public enum History {
  /// The commits that `tip` reaches, newest first by an order that reads no dates.
  ///
  /// The first-parent chain is numbered from the tip; a commit belongs to the oldest first-parent commit that
  /// contains it. Within one number: the first-parent commit before what it merged, children before parents,
  /// then by id. Reads the whole history once.
  public static func newestFirst(from tip: CommitID, in repository: Repository) throws -> [CommitID] {
    var walk = HistoryWalk(repository)
    let mainline = try walk.mainline(from: tip.objectID) { _ in false }
    return try walk.newestFirst(mainline) { _ in false }
  }
}

/// Reads a history, each commit once.
struct HistoryWalk {
  private let repository: Repository
  private var parents: [ObjectID: [ObjectID]] = [:]

  init(_ repository: Repository) { self.repository = repository }

  /// `tip` and its first parents, down to the first for which `isEnd` is true, or to the one that has no parent.
  mutating func mainline(from tip: ObjectID, until isEnd: (ObjectID) -> Bool) throws -> [ObjectID] {
    var mainline: [ObjectID] = []
    var next: ObjectID? = tip
    while let id = next {
      mainline.append(id)
      next = isEnd(id) ? nil : try parents(of: id).first
    }
    return mainline
  }

  /// What the commits of `mainline`, each the first parent of the one before, contain and is not `placed` already; in
  /// the order of ``History/newestFirst(from:in:)``.
  ///
  /// With a mainline that ends above a commit, and all that this one reaches placed, it is what comes before that one's
  /// own order: each commit belongs to the oldest first parent that contains it, so what an old tip reaches belongs to
  /// the old tip or to one below it, and the order among these does not depend on what is above.
  mutating func newestFirst(_ mainline: [ObjectID], isPlaced: (ObjectID) -> Bool) throws -> [CommitID] {
    var placed: Set<ObjectID> = []
    var oldestFirst: [CommitID] = []
    oldestFirst.reserveCapacity(mainline.count)
    for head in mainline.reversed() {
      placed.insert(head)
      let merged = try merged(by: head, placed: &placed, isPlaced: isPlaced)
      for id in merged.reversed() { oldestFirst.append(CommitID(id)) }
      oldestFirst.append(CommitID(head))
    }
    return oldestFirst.reversed()
  }

  private mutating func parents(of id: ObjectID) throws -> [ObjectID] {
    if let known = parents[id] { return known }
    let own = try repository.parents(of: id)
    parents[id] = own
    return own
  }

  /// What `head` contains that no older first-parent commit does, children before parents (Kahn's algorithm).
  private mutating func merged(
    by head: ObjectID, placed: inout Set<ObjectID>, isPlaced: (ObjectID) -> Bool
  ) throws -> [ObjectID] {
    var pending = Array(try parents(of: head).dropFirst())
    guard !pending.isEmpty else { return [] }
    var layer: Set<ObjectID> = []
    while let id = pending.popLast() {
      guard !isPlaced(id), placed.insert(id).inserted else { continue }
      layer.insert(id)
      pending += try parents(of: id)
    }
    var children: [ObjectID: Int] = [:]
    for id in layer {
      for parent in try parents(of: id) where layer.contains(parent) { children[parent, default: 0] += 1 }
    }
    var ready = layer.filter { children[$0] == nil }.sorted(by: >)
    var order: [ObjectID] = []
    while let id = ready.popLast() {
      order.append(id)
      for parent in try parents(of: id) where layer.contains(parent) {
        children[parent, default: 0] -= 1
        if children[parent] == 0 {
          let place = ready.firstIndex { $0 < parent } ?? ready.endIndex
          ready.insert(parent, at: place)
        }
      }
    }
    return order
  }
}
