import Foundation
import TestSupport

/// What only root can do, for tests that are left out elsewhere.
enum Privileges {
  /// Whether a test can make what belongs to another user, and run weave as that one.
  static let canBeNobody = geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")

  /// Whether a test can mount a file system that only its own processes see.
  static let canMount: Bool = {
    guard geteuid() == 0, let directory = try? TemporaryDirectory() else { return false }
    let result = try? runProcess(
      "unshare", ["--mount", "mount", "-t", "tmpfs", "none", directory.path], in: "/",
      environment: TestEnvironment(home: "/nonexistent").variables)
    return result?.status == 0
  }()
}
