import Subprocess
import Synchronization

/// What came of a program that was given so much time, and might say so much.
public struct BoundedExecution: Sendable {
  public enum End: Sendable, Equatable {
    /// 128 and the signal's number where a signal ended it.
    case exited(Int32)
    /// It took longer, and was killed.
    case timedOut
    /// It said more on standard output, and was killed.
    case saidTooMuch
  }

  public let end: End
  /// What it said on standard output.
  public let output: [UInt8]
  /// The last line on standard error that is not empty; nil where there is none.
  public let lastErrorLine: String?
}

extension CommandProcess {
  /// How much of the end of standard error is looked at.
  private static let errorTail = 4_096

  /// Runs it in `directory`, in a process group of its own, with nothing on standard input, for at most `timeout` and until
  /// it has said more than `mostBytes`: then it is killed with all of its group.
  ///
  /// - Throws: where it could not be started, as ``TooManyOpenFiles`` where that is why, or the task was cancelled: then it is killed, too.
  public func runBounded(
    in directory: String, timeout: Duration, mostBytes: Int
  ) async throws -> BoundedExecution {
    let said = Said()
    // Its time begins when it is its turn.
    let code = try await Children.start { child in
      try await withThrowingTaskGroup(of: Int32?.self) { tasks in
        tasks.addTask { try await self.run(child, in: directory, mostBytes: mostBytes, said) }
        tasks.addTask {
          // The other task's end cancels it.
          try? await Task.sleep(for: timeout)
          return nil
        }
        let first = try await tasks.next() ?? nil
        tasks.cancelAll()
        // What was killed may say so by an error.
        while let _ = try? await tasks.next() {}
        return first
      }
    }
    try Task.checkCancellation()
    let end: BoundedExecution.End =
      if said.isTooMuch { .saidTooMuch } else if let code { .exited(code) } else { .timedOut }
    return BoundedExecution(end: end, output: said.output, lastErrorLine: said.lastErrorLine)
  }

  private func run(
    _ child: StartedChild, in directory: String, mostBytes: Int, _ said: Said
  ) async throws -> Int32 {
    var configuration = configuration(directory, [:])
    configuration.platformOptions.processGroupID = 0
    configuration.platformOptions.teardownSequence = [
      .send(signal: .kill, toProcessGroup: true, allowedDurationToNextStep: .milliseconds(100))
    ]
    let result = try await Subprocess.run(
      configuration, input: .none, output: .sequence, error: .sequence
    ) { execution in
      child.runs(as: execution.processIdentifier, leadsGroup: true)
      async let errors: Void = {
        for try await buffer in execution.standardError {
          said.addError(buffer.withUnsafeBytes { Array($0) }, keeping: Self.errorTail)
        }
      }()
      for try await buffer in execution.standardOutput {
        guard !said.add(buffer.withUnsafeBytes { Array($0) }, atMost: mostBytes) else { continue }
        try? execution.send(signal: .kill, toProcessGroup: true)
        break
      }
      try await errors
    }
    return result.terminationStatus.exitCode
  }

  private final class Said: Sendable {
    private let state = Mutex((output: [UInt8](), error: [UInt8](), isTooMuch: false))

    /// Whether it is no more than `limit` yet.
    func add(_ bytes: [UInt8], atMost limit: Int) -> Bool {
      state.withLock { state in
        state.isTooMuch = state.output.count + bytes.count > limit
        if !state.isTooMuch { state.output += bytes }
        return !state.isTooMuch
      }
    }

    func addError(_ bytes: [UInt8], keeping limit: Int) {
      state.withLock { $0.error = ($0.error + bytes).suffix(limit) }
    }

    var output: [UInt8] { state.withLock { $0.output } }
    var isTooMuch: Bool { state.withLock { $0.isTooMuch } }
    var lastErrorLine: String? {
      state.withLock { $0.error }.split { $0 == 10 || $0 == 13 }.last { line in
        line.contains { $0 > 32 }
      }.map { String(decoding: $0, as: UTF8.self) }
    }
  }
}
