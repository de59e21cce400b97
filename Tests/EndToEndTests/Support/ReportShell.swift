import Foundation
import TestSupport

@testable import LabSupport

/// A shell to run the scripts of Docs/examples with.
enum ReportShell: String, CaseIterable {
  /// The system's own.
  case sh
  case bash
  case posixBash = "bash --posix"
  case dash
  case busybox = "busybox sh"
  case mksh

  private var words: [String] { rawValue.split(separator: " ").map(String.init) }

  private var isInstalled: Bool {
    (try? run(["-c", "exit 0"], in: "/", environment: ["PATH": "/usr/bin:/bin:/usr/local/bin"]).status) == 0
  }

  /// Those that are here, but for `sh`, which is one of them: `.ci/run` installs all.
  static let installed = allCases.filter { $0 != .sh && $0.isInstalled }

  /// Runs the shell with `arguments`, a script first, to whatever end.
  func run(
    _ arguments: [String], in directory: String, environment: [String: String], input: [UInt8] = []
  ) throws -> ProcessResult {
    try runProcess(
      words[0], words.dropFirst() + arguments, in: directory, environment: environment, input: input)
  }

  /// The path of Docs/examples/`name`.
  static func example(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../../Docs/examples/\(name)").standardizedFileURL.path
  }
}
