import ForeignText
import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// Of larger trees nothing is looked at, and of all together no more: none of a project that people keep is near it.
  private static let mostTreeBytes = 16 << 20

  /// Warns of branches that would take the store away: where the workspace is in a checkout, Git, to which the store is an
  /// ignored file, puts what a commit has of the name in its place.
  func warnOfStoreInTrees(of records: [ProjectRecord]) {
    // A checkout that cannot be looked at is told of by whoever needs it.
    guard let checkout = try? enclosingCheckout(),
      records.contains(where: { $0.name == checkout.project })
    else { return }
    let path = directory.dropFirst(bytes: checkout.path.utf8.count).split(atScalar: "/") + [".weave"]
    let namespace = RefName.namespace(checkout.project) + "refs/heads/"
    var (known, bytesLeft): ([ObjectID: Bool], Int) = ([:], Self.mostTreeBytes)
    let branches = ((try? store.repository.references(matching: namespace + "*")) ?? []).filter { reference in
      guard case .direct(let tip) = reference.target,
        // Each branch for itself: one that cannot be read can neither be checked out.
        let tree = try? store.repository.treeOfCommit(tip)
      else { return false }
      if let known = known[tree] { return known }
      let has = (try? hasEntry(path, in: tree, &bytesLeft)) ?? false
      known[tree] = has
      return has
    }.map { $0.name.dropFirst(bytes: namespace.utf8.count) }
    guard let first = branches.first else { return }
    let others = branches.count == 1 ? "" : " and \(branches.count - 1) other branches"
    let place = path.joined(separator: "/")
    caller.warn(
      "\(first)\(others) of \(checkout.project) has a file or directory \(place), and the workspace is in a checkout of it: to "
        + "check that out here with Git deletes the store; `weave push` first, or work in a workspace that is in none"
    )
  }

  private func hasEntry(_ path: [Substring], in top: ObjectID, _ bytesLeft: inout Int) throws -> Bool {
    var tree: ObjectID? = top
    for (depth, name) in path.enumerated() {
      guard let directory = tree else { return false }
      bytesLeft -= try store.repository.size(of: directory)
      guard bytesLeft >= 0, let entry = try store.repository.entry(String(name), in: directory) else {
        return false
      }
      if depth == path.count - 1 { return true }
      tree = entry.isTree ? entry.id : nil
    }
    return false
  }
}
