import Git
import WeaveModel

extension Store {
  /// The commit of the store for what is in a project's working tree: of `tree`, on `parent`. It is kept, and becomes
  /// the newest snapshot of the branch.
  ///
  /// One that was taken before of the same tree on the same parent is given again. Looks at every commit that the
  /// project's keep chain holds. Both `tree` and `parent` must be here whole.
  ///
  /// - Parameters:
  ///   - branch: what is checked out; nil where HEAD is detached.
  ///   - parent: what HEAD is at; nil where the branch has no commit yet.
  public func takeSnapshot(
    of project: ProjectName, branch: String?, tree: ObjectID, parent: ObjectID?, author: Signature
  ) throws -> CommitID {
    let parents = parent.map { [$0] } ?? []
    return try locked {
      let known = try keptCommits(of: project).sorted().first { kept in
        let commit = try reading("the snapshot \(kept)") { try repository.commit(kept.objectID) }
        return commit.tree == tree && commit.parents == parents && Self.isSnapshot(commit)
      }
      let message = "snapshot of \(branch ?? "a detached HEAD")\n\n\(Self.mark)\(project)\n"
      let snapshot =
        try known?.objectID
        ?? repository.writeCommit(
          tree: tree, parents: parents, author: author, committer: author, message: Array(message.utf8))
      try keepLocked([Member(project: project, commit: CommitID(snapshot))], author: author)
      try advanceLocked(RefName.snapshot(project, branch: branch ?? "HEAD"), log: "weave: snapshot") { tip in
        tip == snapshot ? nil : snapshot
      }
      return CommitID(snapshot)
    }
  }

  /// Whether the commit is a snapshot of a working tree, by what it says of itself.
  public func isSnapshot(_ commit: CommitID) throws -> Bool {
    guard try repository.kind(of: commit.objectID) == .commit else { return false }
    return Self.isSnapshot(try repository.commit(commit.objectID))
  }

  private static func isSnapshot(_ commit: Commit) -> Bool {
    let lines = commit.message.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // Subject, empty line, mark, and what is after the last line feed.
    return lines.count == 4 && lines[1].isEmpty && lines[2].starts(with: mark.utf8) && lines[3].isEmpty
  }

  private static let mark = "Weave-Snapshot: "
}
