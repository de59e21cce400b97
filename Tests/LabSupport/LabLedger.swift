import Foundation
import TestSupport

extension Lab {
  /// Where the store's index is, once there is enough to be kept in one.
  var index: String { "\(workspace)/.weave/.git/weave/index" }

  /// Appends an event of that kind to the ledger with stock Git, as a newer weave may, and returns its id.
  @discardableResult
  func appendEvent(_ kind: String, _ lines: [String]) throws -> String {
    let message =
      (["\(kind) by hand", "", "Burns.", "", "Weave-Event: \(kind)"]
      + ["Weave-Ledger: \(try storeID())/\(try writer())"] + lines).joined(separator: "\n") + "\n"
    let tree = try store.git(["mktree"], input: [])
    let commit = try store.git(["commit-tree", tree, "-p", ledger()], input: Array(message.utf8))
    try store.git("update-ref", ledger(), commit)
    return commit
  }

  /// `project@rev` as an event names it.
  func memberLine(_ text: String) throws -> String {
    "Weave-Member: \(text.split(separator: "@")[0]) \(try id(text))"
  }

  /// Appends events to the ledger that say again what its last one says: more than are read anew each time.
  func growLedger(by count: Int = 100) throws {
    let writer = try store.git("config", "weave.writer")
    let reference = "refs/weave/public/ledger/\(writer)"
    let tip = try store.git("rev-parse", reference)
    let message =
      try store.git("cat-file", "commit", tip).components(separatedBy: "\n\n").dropFirst()
      .joined(separator: "\n\n") + "\n"
    var commits = ""
    for number in 0..<count {
      commits += "commit \(reference)\ncommitter Ann <ann@example.org> \(1_700_000_000 + number / 3) +0000\n"
      commits += "data \(message.utf8.count)\n\(message)\n"
      if number == 0 { commits += "from \(tip)\n" }
    }
    let result = try runProcess(
      "git", ["--git-dir=\(store.path)", "fast-import", "--quiet"], in: workspace,
      environment: environment.variables, input: Array(commits.utf8))
    guard result.status == 0 else { throw TestFailure(result.stderr) }
  }
}
