import Git
import GitProcess
import WeaveModel
import WeaveStore

extension Workspace {
  /// Moves the workspace's own checkouts to the exact commits that are selected, with HEAD detached there. Branches stay
  /// where they are, and no network is asked: what only the store has is copied from it.
  ///
  /// All are checked before the first moves: each must be clean, and on a branch or at a commit that a ref of it, or the
  /// store, holds. Projects of the set that are not checked out are told, and left. One that is killed leaves what the
  /// next completes.
  public func checkOutInPlace(
    _ selection: Selection, report: @escaping @Sendable (CheckoutProgress) -> Void
  ) async throws -> CheckoutOutcome {
    let selected = try await commits(of: selection, copying: true)
    try warnOfRevocation(of: selected)
    var outcome = CheckoutOutcome(directory: directory, label: selected.label)
    let checkouts = try checkouts()
    var steps: [(member: Member, from: CommitID, move: WorkTreeMove)] = []
    for member in selected.commits.members {
      guard let checkout = checkouts[member.project] else {
        outcome.others.append(member.project)
        continue
      }
      let repository = try checkout.open()
      let move = WorkTreeMove(
        path: checkout.path, gitDirectory: repository.gitDirectory, git: git, isOwn: true)
      try await move.completeIfCutOff(warn: caller.warn)
      guard let head = try repository.resolve("HEAD").map({ CommitID($0) }) else {
        throw WeaveError(
          "the checkout of \(member.project) has no commit yet", hint: "`git -C \(checkout.path) pull`")
      }
      try await requireReady(checkout, repository, at: head, movingTo: member.commit)
      if head == member.commit {
        outcome.unchanged.append(member)
      } else {
        steps.append((member, head, move))
      }
    }
    for step in steps {
      try copyFromStore(step.member, to: Repository.open(at: step.move.path))
    }
    let results = await concurrently(steps, limit: Self.worktreesAtOnce) { step in
      try await step.move.move(from: step.from, to: step.member.commit)
    }
    report(CheckoutProgress(total: steps.count, finished: steps.count))
    try Task.checkCancellation()
    for (step, result) in zip(steps, results) {
      switch result {
      case .success: outcome.moved.append(step.member)
      case .failure(let error):
        outcome.failures.append(Explanation(error) ?? Explanation(sentence: "\(error)"))
      }
    }
    return outcome
  }

  private func requireReady(
    _ checkout: Checkout, _ repository: Repository, at head: CommitID, movingTo commit: CommitID
  ) async throws {
    let status = try await git.status(of: checkout.path)
    guard status.isClean else {
      throw WeaveError(
        "\(checkout.project) has changes that no commit holds: \(listed(status.changedPaths))",
        hint: "commit or stash them in \(checkout.path); nothing was moved")
    }
    guard head != commit, status.branch == nil else { return }
    let tips = try repository.references(matching: "refs/*").compactMap { reference -> ObjectID? in
      guard case .direct(let id) = reference.target else { return nil }
      return try? repository.peelToCommit(id)
    }
    guard
      try repository.isReachable(head.objectID, from: tips) || store.has(head, in: checkout.project)
    else { throw Self.wouldBeLost(head, at: checkout.path) }
  }

  private func copyFromStore(_ member: Member, to repository: Repository) throws {
    guard !repository.contains(member.commit.objectID) else { return }
    guard store.repository.kind(of: member.commit.objectID) == .commit else {
      throw WeaveError("\(member) is not in the store", hint: "`weave fetch \(member.project)`")
    }
    try repository.copyObjects(reachableFrom: [member.commit.objectID], from: store.repository)
  }
}
