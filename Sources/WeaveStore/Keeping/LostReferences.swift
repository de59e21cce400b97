import ForeignText
import Git
import WeaveModel

extension Store {
  /// Gives each ref whose file is empty, as a power cut can leave one, its place back: from the commits that are still
  /// stored where it is a ledger, a chain of locks or an observation; by the next fetch where it is a project's; by
  /// what comes after this where it is derived. Says what was done.
  ///
  /// Looks at every object of the store, but only where a ref is empty.
  public func restoreEmptyReferences() throws {
    try locked {
      let empty = brokenReferences()
      guard !empty.isEmpty else { return }
      // One that cannot be read may be the last of a chain: then no place can be told.
      let commits = try repository.storedCommits().compactMap(wellFormedCommit)
      // A machine's observation before the date at which it was seen, which may be of none that is not here.
      for name in empty.sorted() { try restore(name, from: commits) }
    }
  }

  private func wellFormedCommit(_ id: ObjectID) throws -> Commit? {
    do { return try repository.commit(id) } catch {
      if error.code == .malformed { return nil }
      throw error
    }
  }

  private func restore(_ name: String, from commits: [Commit]) throws {
    if name.begins(with: RefName.keeps) || name == RefName.notes {
      try ReferenceFile.remove(repository.gitDirectory + "/" + name)
      return warn("removed \(name), which was empty, to make it again")
    }
    if name.begins(with: RefName.snapshots) {
      try ReferenceFile.remove(repository.gitDirectory + "/" + name)
      return warn(
        "removed \(name), which was empty; what was linked is kept, and the next snapshot makes it again")
    }
    if name.begins(with: "refs/namespaces/") {
      try ReferenceFile.remove(repository.gitDirectory + "/" + name)
      return warn("removed \(name), which was empty; `weave fetch` gets it again")
    }
    let own = try ownCommits(of: name, among: commits)
    guard let tip = try Self.tip(of: own.commits, on: own.base, where: { _ in true }) else {
      return warn(
        "cannot tell where \(name), which is empty, stood: \(own.commits.count) commits are its own, and none is the last alone"
      )
    }
    try ReferenceFile.replace(repository.gitDirectory + "/" + name, by: tip)
    warn(
      "\(name) was empty; it is at \(tip) again, the last of the \(own.commits.count) commits that are its own"
    )
  }
}
