import Git

/// The commits of a record, each before those that it goes on from, and at a join all of the first parent's side that the second's
/// does not reach before that.
///
/// One by one down to the first join. From there on the rest is read at once, and ordered as a depth-first search leaves it
/// (Tarjan, "Edge-disjoint spanning trees and depth-first search").
struct ChainOrder {
  private let repository: Repository
  private var following: ObjectID?
  /// What is left below a join, the last one first.
  private var rest: [Commit] = []

  init(from tip: ObjectID, in repository: Repository) { (self.repository, following) = (repository, tip) }

  /// The next commit; nil after the last.
  mutating func next() throws -> Commit? {
    guard let id = following else { return rest.popLast() }
    let commit = try repository.commit(id)
    guard commit.parents.count > 1 else {
      following = commit.parents.first
      return commit
    }
    following = nil
    rest = try Self.parentsFirst(below: commit, in: repository)
    return rest.popLast()
  }

  /// The commit and all that it reaches, parents before their children.
  private static func parentsFirst(below tip: Commit, in repository: Repository) throws -> [Commit] {
    var (order, seen) = ([Commit](), Set([tip.id]))
    var pending = [(commit: tip, parents: tip.parents)]
    while let (commit, parents) = pending.popLast() {
      // The first parent last, and so the nearest in the end.
      guard let parent = parents.last else {
        order.append(commit)
        continue
      }
      pending.append((commit, parents.dropLast()))
      if seen.insert(parent).inserted {
        let found = try repository.commit(parent)
        pending.append((found, found.parents))
      }
    }
    return order
  }
}
