import Foundation
import TestSupport

extension Lab {
  /// The change of the environment by which weave, and nothing else, runs the shell lines `script` before each Git
  /// that is to fetch.
  func beforeEachFetch(_ script: String) throws -> [String: String?] {
    let path = environment.variables["PATH"] ?? ""
    let git = try runProcess(
      "sh", ["-c", "command -v git"], in: "/", environment: environment.variables
    ).stdout.trimmingCharacters(in: .newlines)
    let lines = """
      #!/bin/sh
      for word; do
        test "$word" = fetch || continue
        \(script)
        break
      done
      exec '\(git)' "$@"
      """
    _ = try directory.write(lines, to: "bin/git", executable: true)
    return ["PATH": "\(directory.appending("bin")):\(path)"]
  }
}
