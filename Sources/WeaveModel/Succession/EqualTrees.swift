/// What a commit holds, whatever its id: its project and its tree. Of a commit whose tree is not known, itself.
enum CommitContent: Hashable {
  case tree(ProjectName, TreeID)
  case commit(Member)

  init(_ member: Member, tree: (Member) throws -> TreeID?) rethrows {
    self = try tree(member).map { .tree(member.project, $0) } ?? .commit(member)
  }
}

extension Compatibility {
  /// The revocations that count and name commits of these projects alone, oldest first.
  func countingRevocations(within projects: Set<ProjectName>) -> [EventID] {
    let isWanted = commits.projects.map(projects.contains)
    return countingRevocations.filter { event in
      guard let row = events.row(of: event) else { return false }
      return events.members[row].allSatisfy { isWanted[Int(commits.projectNumbers[Int($0)])] }
    }
  }

  /// The revocations that count, and would make `set` unfit were commits with the same tree one commit, though they do
  /// not; oldest first.
  ///
  /// - Parameter tree: the tree of a commit of a project; nil where that is not known. Asked of those revocations alone
  ///   whose projects are all in the set.
  public func revocations(
    sharingTreesWith set: CommitSet, tree: (Member) throws -> TreeID?
  ) rethrows -> [EventID] {
    var content: [ProjectName: CommitContent] = [:]
    return try countingRevocations(within: Set(set.members.map(\.project))).filter { event in
      guard let members = members(of: event)?.members,
        members.contains(where: { set[$0.project] != $0.commit })
      else { return false }
      return try members.allSatisfy { revoked in
        guard let commit = set[revoked.project] else { return false }
        let held = Member(project: revoked.project, commit: commit)
        if revoked == held { return true }
        let mine = try content[held.project] ?? CommitContent(held, tree: tree)
        content[held.project] = mine
        return try mine == CommitContent(revoked, tree: tree)
      }
    }
  }
}
