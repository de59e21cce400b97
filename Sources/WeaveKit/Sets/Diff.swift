import ForeignText
import Git
import WeaveModel
import WeaveStore

/// What lies between two sets of commits.
public struct SetDifference: Sendable {
  public struct Commit: Sendable {
    public let id: CommitID
    public let subject: String
  }

  /// A project whose commit is another in the second set, or that only one of them has.
  public struct Change: Sendable {
    public let project: ProjectName
    public let before: CommitID?
    public let after: CommitID?
    /// The commits that only the second's history has, and that only the first's has, newest first; nil where one of
    /// the two is not here, or only one set has the project.
    public let commits: (added: [Commit], removed: [Commit])?
  }

  /// A revocation that counts and has to do with the two.
  public struct Revocation: Sendable {
    public let event: Event
    /// Whether it makes the first or the second set unfit; of one that does neither it names a commit in between.
    public let isAgainstBefore, isAgainstAfter: Bool
  }

  public let before, after: SelectedCommits
  /// By the projects' names.
  public let changes: [Change]
  /// How many projects have the same commit in both.
  public let sameCount: Int
  /// Oldest first.
  public let revocations: [Revocation]
}

extension Workspace {
  /// Compares what two texts name: each a set, an event, a lock, a resolution or a constellation, or one
  /// `project@revision`. Reads what is here, and writes nothing.
  public func difference(from before: String, to after: String) async throws -> SetDifference {
    let selected = (try await compared(before), try await compared(after))
    let (old, new) = (selected.0.commits, selected.1.commits)
    var (changes, between): ([SetDifference.Change], Set<Member>) = ([], [])
    let projects = Set((old.members + new.members).map(\.project)).sorted()
    for project in projects where old[project] != new[project] {
      let change = try change(of: project, from: old[project], to: new[project])
      changes.append(change)
      for commit in (change.commits?.added ?? []) + (change.commits?.removed ?? []) {
        between.insert(Member(project: project, commit: commit.id))
      }
    }
    return SetDifference(
      before: selected.0, after: selected.1, changes: changes, sameCount: projects.count - changes.count,
      revocations: try revocations(old, new, between))
  }

  private func compared(_ text: String) async throws -> SelectedCommits {
    if text.holds("@") { return try await commits(of: .members([text]), copying: false) }
    guard !ConstellationName.isFile(text), try store.constellation(named: text) != nil else {
      return try await commits(of: .named(text), copying: false)
    }
    let other = try store.set(text) != nil ? "a set of that name" : isID(text) ? "an id that begins so" : nil
    if let other {
      let word = Quoted.shellWord(text)
      throw WeaveError(
        "'\(text)' is ambiguous: there is a constellation of that name, and \(other)",
        hint:
          "`weave set NAME -c \(word)` makes a set of what the constellation wants, `weave set NAME \(word)` of the other"
      )
    }
    return try await commits(of: .constellation(text), copying: false)
  }

  private func change(
    of project: ProjectName, from before: CommitID?, to after: CommitID?
  ) throws -> SetDifference.Change {
    var found: ([SetDifference.Commit], [SetDifference.Commit])?
    if let before, let after, let repository = try repository(holding: [before, after], of: project) {
      found = (
        try commits(from: after, hiding: before, in: repository),
        try commits(from: before, hiding: after, in: repository)
      )
    }
    return SetDifference.Change(project: project, before: before, after: after, commits: found)
  }

  /// The store, or the project's checkout where only that has the commits; nil where neither has all.
  private func repository(holding commits: [CommitID], of project: ProjectName) throws -> Repository? {
    func holdsAll(_ repository: Repository) throws -> Bool {
      try commits.allSatisfy { try repository.kind(of: $0.objectID) == .commit }
    }
    if try holdsAll(store.repository) { return store.repository }
    guard let checkout = try checkouts()[project] else { return nil }
    let repository = try Repository.open(at: checkout.path)
    // What is cut off cannot be told apart from what one side lacks.
    return try !repository.isShallow && holdsAll(repository) ? repository : nil
  }

  private func commits(
    from tip: CommitID, hiding base: CommitID, in repository: Repository
  ) throws -> [SetDifference.Commit] {
    var cursor = try repository.commits(from: [tip.objectID], hiding: [base.objectID], order: .topological)
    var commits: [SetDifference.Commit] = []
    while let id = try cursor.next() {
      commits.append(
        SetDifference.Commit(id: CommitID(id), subject: try repository.commitByAnybody(id).subject))
    }
    return commits
  }

  private func revocations(
    _ before: CommitSet, _ after: CommitSet, _ between: Set<Member>
  ) throws -> [SetDifference.Revocation] {
    let compatibility = try compatibility()
    let (against, againstAfter) = (
      Set(compatibility.revocations(against: before)), Set(compatibility.revocations(against: after))
    )
    return try compatibility.countingRevocations.compactMap { id in
      let isBetween = compatibility.members(of: id)?.members.contains(where: between.contains) ?? false
      guard isBetween || against.contains(id) || againstAfter.contains(id) else { return nil }
      return SetDifference.Revocation(
        event: try event(id), isAgainstBefore: against.contains(id),
        isAgainstAfter: againstAfter.contains(id))
    }
  }
}
