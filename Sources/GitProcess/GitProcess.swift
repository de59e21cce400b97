import Subprocess
import Synchronization

/// Runs the `git` executable.
///
/// Credential helpers, ssh, proxies and `insteadOf` work as the user has them. Nothing else of the caller's
/// surroundings reaches Git: not the repository, the namespace or the index that the caller stands in.
public struct GitProcess: Sendable {
  private let environment: [String: String]
  private let executable = GitExecutable()

  /// A runner whose children see `environment`, less what would point Git at the caller's own repository.
  public init(environment: [String: String]) {
    self.environment = gitEnvironment(from: environment)
  }

  /// Runs `git` with `arguments` and waits for its end.
  ///
  /// The exit code is the caller's to judge. When the task is cancelled the child is asked to end, and killed
  /// when it hasn't after two seconds.
  ///
  /// - Parameters:
  ///   - arguments: the subcommand and what follows it.
  ///   - gitDirectory: an absolute path for `--git-dir`; hooks of a repository named so are not run.
  ///   - workingDirectory: a path for `-C`; a repository is looked for there when `gitDirectory` is nil.
  ///   - standardInput: what the child reads.
  ///   - configuration: settings for this run, each `key=value`.
  /// - Throws: when Git could not be started, was cancelled, or said more than 256 MiB.
  public func run(
    _ arguments: [String], gitDirectory: String? = nil, workingDirectory: String? = nil,
    standardInput: [UInt8] = [], configuration: [String] = []
  ) async throws(GitProcessError) -> GitOutput {
    try await run(
      arguments, gitDirectory: gitDirectory, workingDirectory: workingDirectory, standardInput: standardInput,
      configuration: configuration, extraEnvironment: [:])
  }

  func run(
    _ arguments: [String], gitDirectory: String? = nil, workingDirectory: String? = nil,
    standardInput: [UInt8] = [], configuration: [String] = [], extraEnvironment: [String: String]
  ) async throws(GitProcessError) -> GitOutput {
    var settings = ["color.ui=false"]
    if gitDirectory != nil { settings.append("core.hooksPath=/dev/null") }
    var line = (settings + configuration).flatMap { ["-c", $0] }
    if let workingDirectory { line += ["-C", workingDirectory] }
    if let gitDirectory { line.append("--git-dir=\(gitDirectory)") }
    line += arguments
    let operation = "run git \(arguments.first ?? "")"
    // The C string that Git sees would end there, and mean something else.
    guard !line.contains(where: { $0.utf8.contains(0) }) else {
      throw GitProcessError(operation: operation, reason: "an argument contains a NUL byte")
    }
    let variables = environment.merging(extraEnvironment) { _, new in new }
    do {
      let output = try await collect(line, variables: variables, standardInput: standardInput)
      guard !Task.isCancelled else { throw GitProcessError.cancelled(operation) }
      return output
    } catch let error as GitProcessError {
      throw error
    } catch {
      throw Task.isCancelled ? .cancelled(operation) : .notStarted(operation, because: error)
    }
  }

  private func collect(
    _ line: [String], variables: [String: String], standardInput: [UInt8]
  ) async throws -> GitOutput {
    var options = PlatformOptions()
    // Git removes its lock files and temporary packs when it is asked to end; killed at once, it leaves them.
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    let keyed = variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
    let childEnvironment = Environment.custom(Dictionary(uniqueKeysWithValues: keyed))
    let command = Configuration(
      executable: try await executable.found(in: childEnvironment), arguments: Arguments(line),
      environment: childEnvironment, platformOptions: options)
    let limit = 256 << 20
    if !standardInput.isEmpty {
      let result = try await Subprocess.run(
        command, input: .array(standardInput), output: .bytes(limit: limit), error: .bytes(limit: limit))
      return GitOutput(result.terminationStatus, result.standardOutput, result.standardError)
    }
    let result = try await Subprocess.run(
      command, input: .none, output: .bytes(limit: limit), error: .bytes(limit: limit))
    return GitOutput(result.terminationStatus, result.standardOutput, result.standardError)
  }
}

/// Where `git` is. Subprocess, given a name, starts a child for each directory of PATH that is tried.
private final class GitExecutable: Sendable {
  private let known = Mutex<Executable?>(nil)

  func found(in environment: Environment) async throws -> Executable {
    if let executable = known.withLock({ $0 }) { return executable }
    let executable = Executable.path(try await Executable.name("git").resolveExecutablePath(in: environment))
    known.withLock { $0 = executable }
    return executable
  }
}
