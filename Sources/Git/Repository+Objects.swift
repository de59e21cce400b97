import CLibgit2

extension Repository {
  /// The ids of all objects that are stored here, reachable or not, in no order.
  public func storedObjects() throws(GitError) -> [ObjectID] {
    var ids: [ObjectID] = []
    try check("list the objects of \(gitDirectory)") {
      withUnsafeMutablePointer(to: &ids) { ids in
        git_odb_foreach(
          database.raw,
          { id, context in
            if let id {
              context?.assumingMemoryBound(to: [ObjectID].self).pointee.append(ObjectID(id.pointee))
            }
            return 0
          }, ids)
      }
    }
    return ids
  }

  /// The ids of all commits that are stored here, reachable or not, in no order. Looks at every object: some
  /// microseconds for each.
  public func storedCommits() throws(GitError) -> [ObjectID] {
    var commits: [ObjectID] = []
    for id in try storedObjects() where try kind(of: id) == .commit { commits.append(id) }
    return commits
  }
}
