import Foundation
import TestSupport

@testable import LabSupport

/// The library of `faults.c`, built by the C compiler that is here.
final class FaultLibrary: Sendable {
  /// Why faults cannot be tried here; nil where they can.
  static let obstacle: String? = {
    #if os(Linux)
      return compiler == nil ? "no C compiler is here (cc, gcc or clang)" : nil
    #else
      return "the library that makes calls fail is for Linux"
    #endif
  }()

  /// The one that all tests of a run preload.
  static let shared = Result { try FaultLibrary() }

  let path: String
  private let directory: TemporaryDirectory

  private init() throws {
    directory = try TemporaryDirectory()
    directory.removeAtExit()
    path = directory.appending("faults.so")
    let source = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "faults.c").path
    let arguments = ["-shared", "-fPIC", "-O1", "-Wall", "-o", path, source, "-ldl"]
    guard let compiler = Self.compiler else { throw TestFailure("no C compiler is here") }
    try runProcess(
      compiler, arguments, in: directory.path, environment: TestEnvironment(home: directory.path).variables
    ).succeeded([compiler] + arguments)
    // For whoever is not root, too.
    for file in [directory.path, path] {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
    }
  }

  private static let compiler: String? = ["cc", "gcc", "clang"].first(where: Reader.isInstalled)
}
