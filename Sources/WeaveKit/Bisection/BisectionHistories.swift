import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// How each project comes from the good set's commit to the bad one's, in the order of their names.
  ///
  /// Throws where the two sets are not of the same projects, or differ in nothing.
  func histories(from good: SelectedCommits, to bad: SelectedCommits) throws -> [ProjectHistory] {
    for (one, other) in [(good, bad), (bad, good)] {
      let lacking = one.commits.members.map(\.project).filter { other.commits[$0] == nil }
      guard lacking.isEmpty else {
        let names = listed(lacking.map(\.text))
        throw WeaveError(
          "\(one.label) has a commit of \(names), and \(other.label) has none",
          hint: "name both sets with the same projects: PROJECT@REVISION…")
      }
    }
    guard good.commits != bad.commits else {
      throw WeaveError("the good set and the bad one are the same: \(good.commits)")
    }
    return try good.commits.members.map { member in
      let (good, bad) = (member.commit, bad.commits[member.project] ?? member.commit)
      return try ProjectHistory(
        of: member.project, good: good, bad: bad,
        base: store.repository.mergeBase(good.objectID, bad.objectID).map(CommitID.init),
        ahead: bisectedCommits(from: bad, hiding: good), behind: bisectedCommits(from: good, hiding: bad))
    }
  }

  private func bisectedCommits(from tip: CommitID, hiding base: CommitID) throws -> [ProjectHistory.Commit] {
    guard tip != base else { return [] }
    var cursor = try store.repository.commits(from: [tip.objectID], hiding: [base.objectID])
    var commits: [ProjectHistory.Commit] = []
    while let id = try cursor.next() {
      let commit = try store.repository.commitByAnybody(id)
      commits.append(
        ProjectHistory.Commit(
          id: CommitID(id), parents: commit.parents.map(CommitID.init), seconds: commit.committer.seconds))
    }
    return commits
  }

  /// What links and revocations tell of sets of these projects.
  func bisectionKnowledge(of projects: Set<ProjectName>) throws -> BisectionKnowledge {
    try BisectionKnowledge(compatibility(), projects)
  }
}

/// What links and revocations tell of the sets of a bisection.
struct BisectionKnowledge {
  private let compatibility: Compatibility
  /// What links that count name of the projects, where they name them all: somebody has said that just this works. A set
  /// of which each pair is linked by another link was perhaps never run, and is not taken for good.
  private let linked: Set<CommitSet>

  init(_ compatibility: Compatibility, _ projects: Set<ProjectName>) {
    self.compatibility = compatibility
    linked = Set(
      compatibility.countingLinks.compactMap { link in
        guard let set = compatibility.members(of: link), projects.count > 1 else { return nil }
        let members = set.members.filter { projects.contains($0.project) }
        return members.count == projects.count ? try? CommitSet(members) : nil
      })
  }

  /// The sets of which something is known.
  var sets: [CommitSet] {
    linked.sorted() + compatibility.countingRevocations.compactMap(compatibility.members)
  }

  /// Bad where a revocation that counts forbids the set or a part of it; good where a link that counts holds it all.
  func verdict(of set: CommitSet) -> Verdict? {
    if compatibility.isUnfit(set) { return .bad }
    return linked.contains(set) ? .good : nil
  }
}
