import TestSupport

extension Lab {
  /// Records, with stock Git and no key, a lock of the constellation that wants of each of `machines` those members, and returns
  /// its id. It goes on from the newest, or from `parent`, and is made the newest unless `isNewest` is false.
  @discardableResult
  func forgeLock(
    of constellation: String, _ machines: [String: [String]], parent: String? = nil, isNewest: Bool = true
  ) throws -> String {
    let entries = try machines.sorted { $0.key < $1.key }.map { machine, members in
      let lines = try members.map { "\($0.prefix { $0 != "@" }) \(try id($0))\n" }.sorted().joined()
      return
        "100644 blob \(try store.git(["hash-object", "-w", "--stdin"], input: Array(lines.utf8)))\t\(machine)\n"
    }
    return try forgeLock(
      of: constellation, tree: store.git(["mktree"], input: Array(entries.joined().utf8)), parent: parent,
      isNewest: isNewest)
  }

  /// As the other, of a tree.
  @discardableResult
  func forgeLock(
    of constellation: String, tree: String, parent: String? = nil, isNewest: Bool = true
  ) throws -> String {
    let reference = "refs/weave/public/locks/\(constellation)"
    let tip = parent ?? store.resolve(reference).map { _ in reference }
    let message = "lock \(constellation)\n\nforged\n\nWeave-Lock: \(constellation)\n"
    let eve = store.environment.with([
      "GIT_AUTHOR_NAME": "Eve", "GIT_AUTHOR_EMAIL": "eve@example.org", "GIT_COMMITTER_NAME": "Eve",
      "GIT_COMMITTER_EMAIL": "eve@example.org",
    ])
    let id = try store.git(
      ["commit-tree", tree] + (tip.map { ["-p", $0] } ?? []), environment: eve, input: Array(message.utf8))
    if isNewest { try store.git("update-ref", reference, id) }
    return id
  }

  /// What stock Git says of the signature of the commit: `G ci@example.org`, or `N ` where there is none.
  func verdictOfGit(_ commit: String) throws -> String {
    try store.git("log", "-1", "--format=%G? %GS", commit)
  }
}
