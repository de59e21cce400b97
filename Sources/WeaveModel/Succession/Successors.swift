/// Finds successors among commits, by what they hold and say.
public struct Successors: Sendable {
  private let commits: [CommitTraits]
  private var byTree: [TreeID: [Int]] = [:]
  private var byPatchID: [String: [Int]] = [:]
  private var byChangeID: [String: [Int]] = [:]

  /// - Parameter commits: those that may be successors, no commit before its parents.
  public init(among commits: [CommitTraits]) {
    self.commits = commits
    for (index, commit) in commits.enumerated() {
      byTree[commit.tree, default: []].append(index)
      if let id = commit.patchID { byPatchID[id, default: []].append(index) }
      if let id = commit.changeID { byChangeID[id, default: []].append(index) }
    }
  }

  /// What has taken the place of `rewritten`; nil where nothing is found.
  ///
  /// Of commits with the same tree the first whose parents have the same trees too, else the first: one that brought
  /// that tree, before any that changed nothing. Then the first with the same patch-id, then the last with the same
  /// Change-Id.
  ///
  /// - Parameter isOlder: whether the rewritten commit had that one among its ancestors, so that it is no successor.
  public func successor(
    of rewritten: CommitTraits, isOlder: (CommitID) throws -> Bool
  ) rethrows -> Successor? {
    func isNewer(_ index: Int) throws -> Bool {
      try commits[index].commit != rewritten.commit && !isOlder(commits[index].commit)
    }
    let same = byTree[rewritten.tree] ?? []
    let changing = same.filter { commits[$0].parentTrees == rewritten.parentTrees }
    if let found = try changing.first(where: isNewer) ?? same.first(where: isNewer) {
      return Successor(commit: commits[found].commit, proof: .tree(rewritten.tree))
    }
    if let id = rewritten.patchID, let found = try byPatchID[id]?.first(where: isNewer) {
      return Successor(commit: commits[found].commit, proof: .patchID(id))
    }
    if let id = rewritten.changeID, let found = try byChangeID[id]?.last(where: isNewer) {
      return Successor(commit: commits[found].commit, proof: .changeID(id))
    }
    return nil
  }
}
