import ForeignText
import Subprocess

/// Runs a program of the user's, in the whole of the user's environment.
public struct CommandProcess: Sendable {
  public enum Stream: Sendable { case output, error }

  /// PATH has no program of that name.
  public struct NotFound: Error, Hashable, Sendable, CustomStringConvertible {
    public let name: String

    public var description: String { "there is no program '\(name)' in PATH" }
  }

  private let executable: Executable
  private let arguments: [String]
  private let environment: [String: String]

  /// What would make of every directory the repository that the caller stands in (`git rev-parse --local-env-vars`).
  private static let repositoryVariables: Set<String> = [
    "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_NAMESPACE", "GIT_PREFIX", "GIT_IMPLICIT_WORK_TREE",
    "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE", "GIT_QUARANTINE_PATH",
  ]

  /// A runner of `command`, a program and its arguments, which sees `environment` but for what would point Git at the
  /// caller's own repository. No shell is between.
  ///
  /// Looks through PATH once, however often it is run. A name with a slash is a path, from wherever it is run.
  public init(_ command: [String], environment: [String: String]) async throws(NotFound) {
    arguments = Array(command.dropFirst())
    self.environment = environment.filter { !Self.repositoryVariables.contains($0.key) }
    let name = command.first ?? ""
    guard !name.holds("/") else {
      executable = .path(.init(name))
      return
    }
    do {
      let path = try await Executable.name(name).resolveExecutablePath(in: Self.environment(environment))
      executable = .path(path)
    } catch {
      throw NotFound(name: name)
    }
  }

  /// Runs it in `directory` with `variables` besides, and nothing on standard input, and gives `read` what it says
  /// while it says it.
  ///
  /// - Returns: the exit code; 128 and the signal's number where a signal ended it.
  /// - Throws: where it could not be started, as ``TooManyOpenFiles`` where that is why, or the task was cancelled: then it
  ///   is ended.
  public func run(
    in directory: String, variables: [String: String],
    read: @escaping @Sendable (Stream, [UInt8]) -> Void
  ) async throws -> Int32 {
    let status = try await Children.start { child in
      try await Subprocess.run(
        configuration(directory, variables), input: .none, output: .sequence, error: .sequence
      ) { execution in
        child.runs(as: execution.processIdentifier)
        async let output: Void = Self.drain(execution.standardOutput) { read(.output, $0) }
        try await Self.drain(execution.standardError) { read(.error, $0) }
        try await output
      }.terminationStatus
    }
    try Task.checkCancellation()
    return status.exitCode
  }

  /// Runs it in `directory` with `variables` besides, on the standard input, output and error of this process; where
  /// `outputGoesToError`, what it prints goes to standard error, too.
  ///
  /// - Returns: the exit code; 128 and the signal's number where a signal ended it.
  /// - Throws: where it could not be started, as ``TooManyOpenFiles`` where that is why, or the task was cancelled: then it
  ///   is ended.
  public func runInForeground(
    in directory: String, variables: [String: String], outputGoesToError: Bool = false
  ) async throws -> Int32 {
    let status = try await Children.start { child in
      try await Subprocess.run(
        configuration(directory, variables), input: .currentStandardInput,
        output: outputGoesToError ? .currentStandardError : .currentStandardOutput,
        error: .currentStandardError
      ) { child.runs(as: $0.processIdentifier) }.terminationStatus
    }
    try Task.checkCancellation()
    return status.exitCode
  }

  private static func drain(
    _ sequence: SubprocessOutputSequence, _ read: @Sendable ([UInt8]) -> Void
  ) async throws {
    for try await buffer in sequence { read(buffer.withUnsafeBytes { Array($0) }) }
  }

  func configuration(_ directory: String, _ variables: [String: String]) -> Configuration {
    var options = PlatformOptions()
    // Of Ctrl-C a terminal tells the children, too: they are given a moment to end as they like to.
    options.teardownSequence = [
      .send(signal: .resume, allowedDurationToNextStep: .seconds(1)),
      .gracefulShutDown(allowedDurationToNextStep: .seconds(2)),
    ]
    let variables = variables.merging(["PWD": directory]) { _, new in new }
    return Configuration(
      executable: executable, arguments: Arguments(arguments),
      environment: Self.environment(environment.merging(variables) { _, new in new }),
      workingDirectory: .init(directory), platformOptions: options)
  }

  private static func environment(_ variables: [String: String]) -> Environment {
    .custom(
      Dictionary(
        uniqueKeysWithValues: variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) }))
  }
}

extension TerminationStatus {
  /// The exit code; 128 and the signal's number where a signal ended the process.
  var exitCode: Int32 {
    switch self {
    case .exited(let code): Int32(truncatingIfNeeded: code)
    case .signaled(let signal): 128 + Int32(truncatingIfNeeded: signal)
    }
  }
}
