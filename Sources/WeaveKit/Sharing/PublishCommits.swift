import Git
import GitProcess
import WeaveModel
import WeaveStore

extension Workspace {
  /// The commits that the outgoing events and locks name, and that no branch or tag of their project's source reaches
  /// as last fetched: those that nobody else can check out. Sorted. What cannot be read is noted among `failures`.
  func unpublished(
    in outgoing: [OutgoingRecord], _ failures: inout RecordFailures
  ) throws -> [Member] {
    var members: Set<Member> = []
    for outgoing in outgoing {
      let linked = try store.isolating(outgoing.record, &failures) { try store.linkedMembers(in: outgoing) }
      members.formUnion(linked ?? [])
    }
    return try unpublished(members)
  }

  func unpublished(_ members: Set<Member>) throws -> [Member] {
    let known = try store.manifest().projects
    var unpublished: [Member] = []
    for (project, members) in Dictionary(grouping: members, by: \.project) where known[project] != nil {
      let tips = try store.sourceTips(of: project)
      unpublished += try members.filter { member in
        let id = member.commit.objectID
        guard try store.repository.kind(of: id) == .commit else { return true }
        return try !store.isReachable(id, from: tips)
      }
    }
    return unpublished.sorted()
  }

  /// Pushes the commits that nobody else could check out to their projects' sources, each as the tag
  /// `weave/<id>`, and fetches these projects, so that they are known to be there.
  func publishCommits(of outgoing: [OutgoingRecord], _ failures: inout RecordFailures) async throws {
    let missing = try unpublished(in: outgoing, &failures)
    let projects = try store.manifest().projects
    for (project, members) in Dictionary(grouping: missing, by: \.project).sorted(by: { $0.key < $1.key }) {
      guard let record = projects[project] else { continue }
      let present = try members.filter { try store.repository.kind(of: $0.commit.objectID) == .commit }
      for member in present where try store.isSnapshot(member.commit) {
        caller.warn(
          "\(member) is a snapshot: the untracked files in it go to \(record.source) too")
      }
      let answers = try await git.push(
        present.map { GitProcess.RefToPush(name: "refs/tags/weave/\($0.commit)", id: $0.commit.hex) },
        to: store.url(of: record), called: "the source of \(project)",
        from: placeToPublish(present.map(\.commit), of: record))
      let locks = answers.compactMap { if case .busy(let lock) = $0.outcome { lock } else { nil } }
      guard locks.isEmpty else { throw Self.areInTheWay(locks, at: "the source of \(project)") }
      for answer in answers where !answer.outcome.isAccepted {
        throw WeaveError(
          "cannot push \(answer.name) to \(record.source): \(answer.outcome.words)",
          hint: "push the commits there yourself, then `weave fetch \(project)`")
      }
      try await fetchWhole(project)
    }
  }

  /// The Git directory from which these commits go to their project's source: one that holds nothing of a private project, other
  /// than this.
  private func placeToPublish(_ commits: [CommitID], of record: ProjectRecord) async throws -> String {
    let gitDirectory = store.repository.gitDirectory
    guard try store.keepsProjectsApart() else { return gitDirectory }
    let exchange = ProjectExchange(for: record.name, of: gitDirectory)
    if try exchange.references().isEmpty { try await fetchWhole(record.name) }
    try exchange.make(warn: caller.warn)
    let known = try exchange.tips()
    if let (commit, owner) = try store.privateCommit(among: commits, besides: known, of: record.name) {
      throw WeaveError(
        "cannot push commits of \(record.name) to \(record.source): \(commit), which they are or descend from, "
          + owner,
        hint: "`git push` it there yourself if whoever reads \(record.name) may have it")
    }
    try Repository.open(at: exchange.gitDirectory).copyObjects(
      reachableFrom: commits.map(\.objectID), from: store.repository)
    return exchange.gitDirectory
  }

  private func fetchWhole(_ project: ProjectName) async throws {
    for result in try await fetch([project.text], report: { _ in }) {
      if let failure = result.failure { throw WeaveError(failure.message, hint: failure.hints.first) }
    }
  }
}

extension GitProcess.PushedRef.Outcome {
  fileprivate var words: String {
    switch self {
    case .moved, .created, .upToDate: "accepted"
    case .behind: "another commit bears that name"
    case .busy: "somebody else is pushing there"
    case .refused(let words): words
    }
  }
}
