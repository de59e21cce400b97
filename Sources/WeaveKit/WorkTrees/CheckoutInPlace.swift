import ForeignText
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
    let moves = try await movesInPlace(to: selected.commits, &outcome)
    for result in await run(moves) {
      switch result {
      case .success(let member): outcome.moved.append(member)
      case .failure(let error):
        outcome.failures.append(Explanation(error) ?? Explanation(sentence: "\(error)"))
      }
    }
    report(CheckoutProgress(total: moves.count, finished: moves.count))
    try Task.checkCancellation()
    return outcome
  }

  /// The move of one of the workspace's own checkouts.
  private struct MoveInPlace: Sendable {
    let member: Member
    let from: CommitID
    let move: WorkTreeMove
  }

  /// The moves that are to be made, all of which can be; what need not or cannot move is put in `outcome`.
  private func movesInPlace(
    to commits: CommitSet, _ outcome: inout CheckoutOutcome
  ) async throws -> [MoveInPlace] {
    let checkouts = try checkouts()
    var moves: [MoveInPlace] = []
    for member in commits.members {
      guard let checkout = checkouts[member.project] else {
        outcome.others.append(member.project)
        continue
      }
      guard let move = try await moveInPlace(of: checkout, to: member) else {
        outcome.unchanged.append(member)
        continue
      }
      moves.append(move)
    }
    for move in moves {
      try copyFromStore(move.member, to: Repository.open(at: move.move.path))
      try await move.move.requireWayFree(from: move.from, to: move.member.commit)
    }
    return moves
  }

  /// Nil where the checkout is at the commit already. Throws where it must not move.
  private func moveInPlace(of checkout: Checkout, to member: Member) async throws -> MoveInPlace? {
    let repository = try checkout.open()
    let move = WorkTreeMove(path: checkout.path, gitDirectory: repository.gitDirectory, git: git, isOwn: true)
    try await move.completeIfCutOff(warn: caller.warn)
    guard let head = try repository.resolve("HEAD").map({ CommitID($0) }) else {
      throw WeaveError(
        "the checkout of \(member.project) has no commit yet",
        hint: "`git -C \(Quoted.shellWord(checkout.path)) pull`")
    }
    try await requireReady(checkout, repository, at: head, movingTo: member.commit)
    return head == member.commit ? nil : MoveInPlace(member: member, from: head, move: move)
  }

  private func run(_ moves: [MoveInPlace]) async -> [Result<Member, any Error>] {
    await concurrently(moves, limit: Self.worktreesAtOnce) { step in
      try await step.move.move(from: step.from, to: step.member.commit)
      return step.member
    }
  }

  private func requireReady(
    _ checkout: Checkout, _ repository: Repository, at head: CommitID, movingTo commit: CommitID
  ) async throws {
    if head != commit, let operation = Self.operationUnderWay(in: repository) {
      throw WeaveError(
        "\(checkout.project) is in the middle of \(operation.article)",
        hint: "`git -C \(Quoted.shellWord(checkout.path)) \(operation.end)` ends it; nothing was moved")
    }
    let status = try await git.status(of: checkout.path)
    // Git leaves submodules where they are, and their commits are their own repositories'.
    let changed = status.changedPaths.filter { !status.movedSubmodules.contains($0) }
    guard changed.isEmpty else {
      throw WeaveError(
        "\(checkout.project) has changes that no commit holds: \(listed(changed))",
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

  /// What a user has begun in the repository and not ended, and how it is given up (git-status(1) names the same).
  private static func operationUnderWay(in repository: Repository) -> (article: String, end: String)? {
    let operations = [
      ("MERGE_HEAD", "a merge", "merge --abort"), ("rebase-merge", "a rebase", "rebase --abort"),
      ("rebase-apply", "a rebase", "rebase --abort"),
      ("CHERRY_PICK_HEAD", "a cherry-pick", "cherry-pick --abort"),
      ("REVERT_HEAD", "a revert", "revert --abort"), ("BISECT_LOG", "a bisection", "bisect reset"),
    ]
    let found = operations.first { FileSystem.exists("\(repository.gitDirectory)/\($0.0)") }
    return found.map { ($0.1, $0.2) }
  }

  private func copyFromStore(_ member: Member, to repository: Repository) throws {
    guard try !repository.contains(member.commit.objectID) else { return }
    guard try store.repository.kind(of: member.commit.objectID) == .commit else {
      throw WeaveError("\(member) is not in the store", hint: "`weave fetch \(member.project)`")
    }
    try repository.copyObjects(reachableFrom: [member.commit.objectID], from: store.repository)
  }
}
