import Git
import WeaveModel

/// Which projects have which commits, as ``Store/has(_:in:)`` tells it, for who asks of many: what of a project's refs there is is
/// read once, when it is asked for first. What comes or goes meanwhile is not seen.
public final class KnownCommits {
  private let store: Store
  private var tips: [ProjectName: ProjectTips] = [:]
  private var answers: [Member: Bool] = [:]

  public init(in store: Store) { self.store = store }

  /// Whether the project has the commit. Walks its history once for each commit.
  public func has(_ commit: CommitID, in project: ProjectName) throws -> Bool {
    let member = Member(project: project, commit: commit)
    if let known = answers[member] { return known }
    let tips = try tips[project] ?? store.tips(of: project)
    self.tips[project] = tips
    let answer = try store.has(commit, in: project, tips)
    answers[member] = answer
    return answer
  }
}
