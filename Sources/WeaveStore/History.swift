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
    let parents = try parents(from: tip.objectID, in: repository)
    var mainline: [ObjectID] = []
    var next: ObjectID? = tip.objectID
    while let id = next {
      mainline.append(id)
      next = parents[id]?.first
    }
    var placed: Set<ObjectID> = []
    var layers: [[ObjectID]] = []
    for head in mainline.reversed() {
      placed.insert(head)
      layers.append([head] + merged(by: head, parents: parents, placed: &placed))
    }
    return layers.reversed().flatMap { $0.map { CommitID($0) } }
  }

  private static func parents(from tip: ObjectID, in repository: Repository) throws -> [ObjectID: [ObjectID]]
  {
    var parents: [ObjectID: [ObjectID]] = [:]
    var pending = [tip]
    while let id = pending.popLast() {
      guard parents[id] == nil else { continue }
      let own = try repository.parents(of: id)
      parents[id] = own
      pending += own
    }
    return parents
  }

  /// What `head` contains that no older first-parent commit does, children before parents (Kahn's algorithm).
  private static func merged(
    by head: ObjectID, parents: [ObjectID: [ObjectID]], placed: inout Set<ObjectID>
  ) -> [ObjectID] {
    var layer: Set<ObjectID> = []
    var pending = Array((parents[head] ?? []).dropFirst())
    while let id = pending.popLast() {
      guard placed.insert(id).inserted else { continue }
      layer.insert(id)
      pending += parents[id] ?? []
    }
    guard !layer.isEmpty else { return [] }
    var children: [ObjectID: Int] = [:]
    for id in layer {
      for parent in parents[id] ?? [] where layer.contains(parent) { children[parent, default: 0] += 1 }
    }
    var ready = layer.filter { children[$0] == nil }.sorted(by: >)
    var order: [ObjectID] = []
    while let id = ready.popLast() {
      order.append(id)
      for parent in parents[id] ?? [] where layer.contains(parent) {
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
