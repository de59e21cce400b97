import WeaveModel

@testable import GitProcess

/// What must hold of what Git prints: the other side of a connection chooses much of it.
enum GitOutputReading {
  static func check(_ bytes: [UInt8]) throws(Violation) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    let status = WorkTreeStatus(porcelain: bytes)
    try Violation.unless(
      Set(status.unmergedPaths + status.dirtySubmodules + status.movedSubmodules).isSubset(
        of: status.changedPaths),
      "a path is unmerged and not changed")
    let reports = SignatureReport.parse(bytes)
    let output = GitOutput(exitCode: 128, standardError: bytes)
    let pushed = PushReport.parse(text, remarks: output.errorLines)
    try Violation.unless(pushed.allSatisfy { !$0.name.utf8.contains(UInt8(ascii: "\t")) }, "a ref has a tab")
    let error = GitProcessError(operation: "try", output: output)
    try Violation.unless(!error.reason.isEmpty, "an error has no reason")
    return !status.changedPaths.isEmpty || !reports.isEmpty || !pushed.isEmpty
  }
}
