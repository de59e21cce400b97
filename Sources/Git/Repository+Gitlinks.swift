import ForeignText

extension Repository {
  /// The paths at which the tree holds the commit of a submodule and the tree `base` holds none; in order.
  ///
  /// Only what differs between the two is read.
  public func gitlinks(of tree: ObjectID, besides base: ObjectID?) throws(GitError) -> [String] {
    var found: [String] = []
    var pending: [(path: String, tree: ObjectID, base: ObjectID?)] = [("", tree, base)]
    while let (path, tree, base) = pending.popLast() {
      guard tree != base else { continue }
      let entries = try base.map { id throws(GitError) in try rawTree(id) } ?? []
      let there = Dictionary(entries.map { ($0.name, $0) }) { first, _ in first }
      for entry in try rawTree(tree) {
        let other = there[entry.name]
        let child = path + String(foreign: entry.name)
        if entry.isGitlink, other?.isGitlink != true { found.append(child) }
        if entry.isTree { pending.append((child + "/", entry.id, other?.isTree == true ? other?.id : nil)) }
      }
    }
    return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }
}
