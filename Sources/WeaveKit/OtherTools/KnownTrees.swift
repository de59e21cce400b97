import Git

/// Trees of a repository, each read once for many questions, and forgotten where there are too many.
final class KnownTrees {
  private let repository: Repository
  private var entries: [ObjectID: [String: TreeEntry]] = [:]
  private var count = 0

  private static let most = 500_000

  init(_ repository: Repository) { self.repository = repository }

  /// The entry of that name in the tree; nil where there is none.
  func entry(_ name: String, in tree: ObjectID) throws -> TreeEntry? {
    if let known = entries[tree] { return known[name] }
    let read = Dictionary(try repository.tree(tree).map { ($0.name, $0) }) { first, _ in first }
    if count + read.count > Self.most { (entries, count) = ([:], 0) }
    entries[tree] = read
    count += read.count
    return read[name]
  }
}
