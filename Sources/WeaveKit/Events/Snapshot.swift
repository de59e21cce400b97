import Git
import GitProcess
import WeaveModel
import WeaveStore

extension Workspace {
  private static let statusesAtOnce = 8
  /// Where GitHub begins to warn.
  private static let largeFile = 50 << 20

  /// A commit for what is in each checkout's working tree now: its HEAD, where nothing differs from that, else a snapshot.
  ///
  /// Untracked files are taken, ignored ones are not. Nothing in a checkout changes. Nothing is taken where one of them
  /// cannot be.
  func snapshots() async throws -> CommitSet {
    let checkouts = try checkouts().values.sorted { $0.project < $1.project }
    guard checkouts.count >= 2 else {
      throw WeaveError(
        "a link ties two commits or more together, and "
          + (checkouts.first.map { "only \($0.project) is" } ?? "no project is")
          + " checked out in \(directory)",
        hint: "`weave link PROJECT@REVISION…` names commits")
    }
    for checkout in checkouts { try checkout.requireOwnWorkTree() }
    let git = git
    let statuses = await concurrently(checkouts, limit: Self.statusesAtOnce) {
      checkout throws(GitProcessError) in
      try await git.status(of: checkout.path)
    }
    var trees: [WorkingTree] = []
    for (checkout, status) in zip(checkouts, statuses) {
      trees.append(WorkingTree(checkout: checkout, status: try status.get(), repository: try checkout.open()))
    }
    for tree in trees { try tree.requireTakeable() }
    let author = try await author()
    let scratch = try SnapshotDirectory(of: store)
    var members: [Member] = []
    for (number, tree) in trees.enumerated() {
      members.append(try await commit(of: tree, staging: scratch.index(number), author: author))
    }
    withExtendedLifetime(scratch) {}
    return try commitSet(of: members)
  }

  private func commit(of working: WorkingTree, staging index: String, author: Signature) async throws
    -> Member
  {
    let (project, repository) = (working.checkout.project, working.repository)
    let head = working.head
    if let head { _ = try store.repository.copyObjects(reachableFrom: [head.objectID], from: repository) }
    if let head, working.status.isClean { return Member(project: project, commit: head) }
    try await warnOfLargeFiles(in: working.checkout)
    try FileSystem.copyWithTimes(repository.gitDirectory + "/index", to: index)
    let hex = try await git.writeTree(
      of: working.checkout.path, staging: index, objects: store.repository.objectsDirectory,
      besides: repository.objectsDirectory)
    guard let tree = ObjectID(hex: hex) else {
      throw WeaveError("cannot take what is in \(working.checkout.path): git write-tree printed no id")
    }
    // New objects are here, and those that the checkout has had are there.
    try repository.borrowObjects(from: store.repository.objectsDirectory)
    let base = try head.map { try repository.treeOfCommit($0.objectID) }
    warnOfRepositories(in: working, among: try repository.gitlinks(of: tree, besides: base))
    if let head, tree == base { return Member(project: project, commit: head) }
    try store.repository.copyTree(tree, besides: base, from: repository)
    let snapshot = try store.takeSnapshot(
      of: project, branch: working.status.branch, tree: tree, parent: head?.objectID, author: author)
    return Member(project: project, commit: snapshot)
  }

  private func warnOfLargeFiles(in checkout: Checkout) async throws {
    for file in try await git.untrackedFiles(of: checkout.path) {
      guard let size = FileSystem.size(of: checkout.path + "/" + file), size > Self.largeFile else {
        continue
      }
      caller.warn(
        "\(checkout.project): \(file) is untracked and has \(size >> 20) MiB, which the store keeps for good; a "
          + ".gitignore leaves it out")
    }
  }

  private func warnOfRepositories(in working: WorkingTree, among added: [String]) {
    let dirty = working.status.dirtySubmodules
    for path in dirty {
      caller.warn(
        "\(working.checkout.project): what is changed in the submodule \(path) is not in the snapshot")
    }
    for path in added where !dirty.contains(path) {
      caller.warn(
        "\(working.checkout.project): \(path) is a repository of its own; the snapshot names its commit, and has none of "
          + "its files")
    }
  }
}

/// A checkout, and how its working tree stands to its HEAD.
private struct WorkingTree {
  let checkout: Checkout
  let status: WorkTreeStatus
  let repository: Repository

  var head: CommitID? { status.head.flatMap { CommitID(hex: $0) } }

  /// Throws ``WeaveError`` where no snapshot can be taken of it.
  func requireTakeable() throws {
    if let path = status.unmergedPaths.first {
      let others = status.unmergedPaths.count - 1
      throw WeaveError(
        "\(checkout.project) has conflicts that nobody has solved: \(path)"
          + (others > 0 ? " and \(others) more" : ""),
        hint: "solve them, and `git add` them in \(checkout.path)")
    }
    if head == nil && status.isClean {
      throw WeaveError("the checkout of \(checkout.project) has neither a commit nor a file yet")
    }
    guard try status.isClean || !repository.isPartial() else {
      throw WeaveError(
        "the checkout \(checkout.path) is a partial clone, and the store must have all that a snapshot holds",
        hint: "`git fetch --refetch --no-filter` in it")
    }
  }
}
