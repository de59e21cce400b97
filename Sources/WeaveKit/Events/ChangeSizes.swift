import Git
import WeaveModel

/// How much there is to read of what commits change, up to a bound: one tree may stand in another many times, and so on, so that a
/// small history has changes without end.
struct ChangeSizes {
  /// So many bytes of files and trees are taken. Of short lines Git's comparison takes a second for each 3 MiB, and thirty times
  /// their size of memory.
  static let most = 16 << 20
  /// So many are looked at for that.
  private static let mostLookedAt = 4 * most

  private let repository: Repository
  private var comparison: TreeComparison
  private var (left, lookedAt) = (most, 0)

  init(in repository: Repository) {
    (self.repository, comparison) = (repository, TreeComparison(in: repository))
  }

  /// Whether what the commit changes fits, which is then taken.
  mutating func take(_ commit: CommitTraits) throws -> Bool {
    guard lookedAt < Self.mostLookedAt, let size = try size(of: commit) else { return false }
    left -= size
    return true
  }

  private mutating func size(of commit: CommitTraits) throws -> Int? {
    var size = 0
    defer { lookedAt += size }
    var pending = [(commit.parentTrees.first?.objectID, Optional(commit.tree.objectID))]
    while let (before, after) = pending.popLast() {
      for tree in [before, after].compactMap({ $0 }) where try !comparison.isInOrder(tree) { return nil }
      for change in try comparison.changes(from: before, to: after) {
        var trees: [ObjectID?] = []
        for entry in [change.before, change.after] {
          // A commit of another repository is nowhere here.
          guard let entry, !entry.isGitlink else {
            trees.append(nil)
            continue
          }
          size += try Self.costOfEntry + repository.size(of: entry.id)
          trees.append(entry.isTree ? entry.id : nil)
        }
        guard size <= left else { return nil }
        if trees.contains(where: { $0 != nil }) { pending.append((trees[0], trees[1])) }
      }
    }
    return size
  }

  /// Of one that holds nothing, too.
  private static let costOfEntry = 256
}
