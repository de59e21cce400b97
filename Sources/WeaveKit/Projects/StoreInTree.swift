import ForeignText
import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// Of larger trees nothing is looked at, and of all together no more: none of a project that people keep is near it.
  private static let mostTreeBytes = 16 << 20

  /// Warns of branches that would take the store away: where the workspace is in a checkout, however deep, Git, to which the
  /// store is an ignored file, puts what a commit has of the name in its place. Also of those of which that cannot be told.
  func warnOfStoreInTrees(of records: [ProjectRecord]) throws {
    let fetched = Set(records.map(\.name))
    let checkouts = try enclosingCheckouts { path, error in
      caller.warn(
        "whether a branch of what is checked out in \(path) would take the store's place is not known: \(error)"
      )
    }
    var bytesLeft = Self.mostTreeBytes
    for checkout in checkouts where fetched.contains(checkout.project) {
      try warnOfStoreInTrees(of: checkout, &bytesLeft)
    }
  }

  private func warnOfStoreInTrees(of checkout: Checkout, _ bytesLeft: inout Int) throws {
    let path =
      FileSystem.canonical(directory).dropFirst(bytes: checkout.path.utf8.count).split(atScalar: "/") + [
        ".weave"
      ]
    let namespace = RefName.namespace(checkout.project) + "refs/heads/"
    var known: [ObjectID: Bool] = [:]
    var (bad, unknown): ([String], [String]) = ([], [])
    for reference in try store.repository.references(matching: namespace + "*") {
      guard case .direct(let tip) = reference.target else { continue }
      let branch = String(reference.name.dropFirst(bytes: namespace.utf8.count))
      // Each branch for itself: Git may check out what weave does not read.
      do {
        let tree = try store.repository.treeOfCommit(tip)
        let isBad = try known[tree] ?? hasEntry(path, in: tree, &bytesLeft)
        known[tree] = isBad
        if isBad { bad.append(branch) }
      } catch { unknown.append(branch) }
    }
    let place = path.joined(separator: "/")
    if !bad.isEmpty {
      let have = bad.count == 1 ? "has" : "have"
      caller.warn(
        "\(listed(bad)) of \(checkout.project) \(have) a file or directory \(place), and the workspace is in a checkout of it, \(checkout.path): to "
          + "check that out here with Git deletes the store; `weave push` first, or work in a workspace that is in none"
      )
    }
    if !unknown.isEmpty {
      caller.warn(
        "whether \(listed(unknown)) of \(checkout.project) would take the store's place, at \(place), is not known: what is there "
          + "cannot be read, or is too large to be looked at")
    }
  }

  private func hasEntry(_ path: [Substring], in top: ObjectID, _ bytesLeft: inout Int) throws -> Bool {
    var tree: ObjectID? = top
    for (depth, name) in path.enumerated() {
      guard let directory = tree else { return false }
      bytesLeft -= try store.repository.size(of: directory)
      guard bytesLeft >= 0 else {
        throw WeaveError("the trees have more than \(Self.mostTreeBytes >> 20) MiB")
      }
      guard let entry = try store.repository.entry(String(name), in: directory) else { return false }
      if depth == path.count - 1 { return true }
      tree = entry.isTree ? entry.id : nil
    }
    return false
  }
}
