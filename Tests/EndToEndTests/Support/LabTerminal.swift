import Foundation
import TestSupport

@testable import LabSupport

/// `script` of util-linux gives a command a terminal, and writes down what it showed.
let hasTerminals: Bool = {
  let trial = try? runProcess(
    "script", ["--quiet", "--flush", "--return", "--command", "true", "/dev/null"], in: "/",
    environment: ["PATH": "/usr/bin:/bin"])
  return trial?.status == 0
}()

extension Lab {
  /// What a terminal showed while `command`, of a shell, ran in the workspace; throws unless it succeeded.
  func onTerminal(_ command: String, term: String = "xterm", into copy: String = "/dev/null") throws -> String
  {
    let result = try runProcess(
      "script",
      ["--quiet", "--flush", "--return", "--command", "cd '\(workspace)' && { \(command); }", copy],
      in: workspace, environment: environment.with(["TERM": term]).variables)
    guard result.status == 0 else { throw TestFailure(result.stdout + result.stderr) }
    return result.stdout
  }
}
