import ForeignText
import Foundation
import WeaveKit

extension Caller {
  /// The caller that this process is. `directory` is where to work instead, as `-C` says.
  static func fromProcess(directory: String?) throws -> Caller {
    var workingDirectory = FileManager.default.currentDirectoryPath
    guard workingDirectory.begins(with: "/") else {
      throw WeaveError("the current directory is gone", hint: "`cd` to one that exists")
    }
    if let directory {
      workingDirectory =
        URL(fileURLWithPath: directory, relativeTo: URL(fileURLWithPath: workingDirectory))
        .standardizedFileURL.path
      guard FileManager.default.fileExists(atPath: workingDirectory) else {
        throw WeaveError("there is no directory \(directory)")
      }
    }
    let environment = ProcessInfo.processInfo.environment
    let date = committerDate(environment["GIT_COMMITTER_DATE"])
    let now = max(0, date ?? Int64(Date().timeIntervalSince1970))
    return Caller(
      workingDirectory: workingDirectory, environment: environment,
      hostName: ProcessInfo.processInfo.hostName,
      now: now,
      warn: { Printer.note("warning: \($0)") })
  }

  /// Git's internal date format, `SECONDS ±HHMM` (git-commit(1), DATE FORMATS).
  private static func committerDate(_ text: String?) -> Int64? {
    guard let parts = text?.split(atScalar: " "), parts.count == 2, Int(parts[1]) != nil else { return nil }
    return Int64(parts[0].dropping(prefix: "@") ?? parts[0])
  }
}
