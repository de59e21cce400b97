import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// Warns of branches that would take the store away: where the workspace is itself a checkout, Git, to which the store is an
  /// ignored file, puts what a commit has of the name in its place.
  func warnOfStoreInTrees(of records: [ProjectRecord]) throws {
    guard FileSystem.exists(directory + "/.git"),
      let project = try checkouts().values.first(where: { $0.path.isExactly(directory) })?.project,
      records.contains(where: { $0.name == project })
    else { return }
    let namespace = RefName.namespace(project) + "refs/heads/"
    let branches = try store.repository.references(matching: namespace + "*").filter { reference in
      guard case .direct(let tip) = reference.target, try store.repository.kind(of: tip) == .commit else {
        return false
      }
      return try store.repository.entry(".weave", in: store.repository.treeOfCommit(tip)) != nil
    }.map { $0.name.dropFirst(bytes: namespace.utf8.count) }
    guard let first = branches.first else { return }
    let others = branches.count == 1 ? "" : " and \(branches.count - 1) other branches"
    caller.warn(
      "\(first)\(others) of \(project) has a file or directory .weave, and the workspace is a checkout of it: to check that out here "
        + "with Git deletes the store; `weave push` first, or work in a workspace with \(project) in a directory of its own"
    )
  }
}
