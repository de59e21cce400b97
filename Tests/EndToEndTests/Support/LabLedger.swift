import Foundation
import TestSupport

extension Lab {
  /// Where the store's index is, once there is enough to be kept in one.
  var index: String { "\(workspace)/.weave/.git/weave/index" }

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
