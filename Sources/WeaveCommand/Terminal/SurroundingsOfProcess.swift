import ForeignText
import Foundation
import WeaveKit

/// All that is read of this process; its arguments ``Weave/run()`` reads.
extension Surroundings {
  /// The surroundings that this process is in, or would be with other variables in another directory. What is to be warned of
  /// is nobody's yet.
  public static func ofProcess(
    workingDirectory: String = FileManager.default.currentDirectoryPath,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> Surroundings {
    Surroundings(
      workingDirectory: workingDirectory.begins(with: "/") ? workingDirectory : "",
      environment: environment, hostName: ProcessInfo.processInfo.hostName,
      now: max(0, committerDate(environment["GIT_COMMITTER_DATE"]) ?? Int64(Date().timeIntervalSince1970)),
      readStandardInput: reading(descriptor: STDIN_FILENO),
      readAnswer: isatty(STDIN_FILENO) == 1 ? readsAnswer : nil)
  }

  private static let readsAnswer: @Sendable () -> String? = { readLine() }

  /// How many processors may work at the same time.
  static let processorCount = ProcessInfo.processInfo.activeProcessorCount

  /// Git's internal date format, `SECONDS ±HHMM` (git-commit(1), DATE FORMATS).
  private static func committerDate(_ text: String?) -> Int64? {
    guard let parts = text?.split(atScalar: " "), parts.count == 2, Int(parts[1]) != nil else { return nil }
    return Int64(parts[0].dropping(prefix: "@") ?? parts[0])
  }
}
