import Foundation
import Git
import TestSupport
import Testing
import WeaveCommand
import WeaveKit

@testable import LabSupport

/// Runs weave in this process, and each test on a thread of its own kind; where `WEAVE_EXECUTABLE` names a program, that in
/// the place of weave.
struct InProcessTrait: SuiteTrait, TestTrait, TestScoping {
  var isRecursive: Bool { true }

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    try await withTaskExecutorPreference(TestThreads.shared) {
      guard ProcessInfo.processInfo.environment["WEAVE_EXECUTABLE"] == nil else {
        return try await function()
      }
      try await Lab.$runWeave.withValue(runInProcess) { try await function() }
    }
  }
}

extension Trait where Self == InProcessTrait {
  /// Weave is run in the tests' process, which no test may take anything from: its signals, its directory, its files.
  static var inProcess: Self { Self() }
}

/// Runs weave as a process would run it. Blocks the thread, which must be none of Swift's own.
@Sendable func runInProcess(
  _ arguments: [String], in directory: String, environment: [String: String], input: [UInt8]
) throws -> ProcessResult {
  _ = processIsReady
  let run = InProcessRun()
  let (output, error, ended) = (PrintedText(), PrintedText(), DispatchSemaphore(value: 0))
  var surroundings = Surroundings.ofProcess(workingDirectory: directory, environment: environment)
  surroundings.readStandardInput = { _ in input }
  surroundings.readAnswer = nil
  let (here, printer) = (surroundings, Printer(output: output, error: error))
  Task(executorPreference: TestThreads.ofWeave) {
    run.code = await Weave.run(arguments: arguments, surroundings: here, printer: printer)
    ended.signal()
  }
  ended.wait()
  return ProcessResult(status: run.code, stdout: output.bytes, stderr: error.bytes)
}

/// The exit code, written before the semaphore is signalled and read after.
private final class InProcessRun: @unchecked Sendable { var code: Int32 = 0 }

/// What the program does for its process as it begins, and a home without any configuration.
private let processIsReady: Void = {
  signal(SIGPIPE, SIG_IGN)
  OwnProcess.raiseOpenFileLimit()
  Libgit2.setConfigSearchPathsToNone()
}()
