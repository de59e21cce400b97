import ForeignText
import Git

/// Trees of a repository, each read once for many questions, and forgotten where there are too many.
final class KnownTrees {
  private let repository: Repository
  private var entries: [ObjectID: [ExactText: TreeEntry]] = [:]
  private var count = 0
  /// Those on the way to the path that was asked about last, which are kept however large they are: paths of one directory
  /// are asked about one after the other.
  private var way: [(tree: ObjectID, entries: [ExactText: TreeEntry])] = []

  private static let most = 500_000

  init(_ repository: Repository) { self.repository = repository }

  /// What is at the path in the tree; nil where nothing is.
  func entry(at path: String, in top: ObjectID) throws -> TreeEntry? {
    var (found, directory): (TreeEntry?, ObjectID?) = (nil, top)
    for (depth, part) in path.split(atScalar: "/").enumerated() {
      guard let tree = directory else { return nil }
      guard let entry = try entries(of: tree, at: depth)[ExactText(part)] else { return nil }
      (found, directory) = (entry, entry.isTree ? entry.id : nil)
    }
    return found
  }

  private func entries(of tree: ObjectID, at depth: Int) throws -> [ExactText: TreeEntry] {
    if depth < way.count {
      if way[depth].tree == tree { return way[depth].entries }
      way.removeSubrange(depth...)
    }
    let entries = try entries(of: tree)
    way.append((tree, entries))
    return entries
  }

  private func entries(of tree: ObjectID) throws -> [ExactText: TreeEntry] {
    if let known = entries[tree] { return known }
    let read = Dictionary(try repository.tree(tree).map { (ExactText($0.name), $0) }) { first, _ in first }
    if count + read.count > Self.most { (entries, count) = ([:], 0) }
    entries[tree] = read
    count += read.count
    return read
  }
}
