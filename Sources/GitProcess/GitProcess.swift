import Subprocess
import Synchronization

/// Runs the `git` executable.
///
/// Credential helpers, ssh, proxies and `insteadOf` work as the user has them. Nothing else of the caller's
/// surroundings reaches Git: not the repository, the namespace or the index that the caller stands in.
public struct GitProcess: Sendable {
  var environment: [String: String]
  private let executable = GitExecutable()
  private let knownTransportSettings = KnownTransportSettings()

  /// A runner whose children see `environment`, less what would point Git at the caller's own repository. Relative paths
  /// in it are taken from `workingDirectory`.
  public init(environment: [String: String], workingDirectory: String) {
    self.environment = gitEnvironment(from: environment, workingDirectory: workingDirectory)
  }

  /// Runs `git` with `arguments` and waits for its end.
  ///
  /// The exit code is the caller's to judge. When the task is cancelled the child is asked to end, and killed
  /// when it hasn't after two seconds.
  ///
  /// - Parameters:
  ///   - arguments: the subcommand and what follows it.
  ///   - place: which repository it is run in; where the caller stands does not matter.
  ///   - standardInput: what the child reads.
  ///   - configuration: settings for this run, each `key=value`.
  ///   - stallLimit: how long nothing may be seen of it before it is ended; nil for as long as it likes.
  /// - Throws: when Git could not be started, was cancelled, or said more than 256 MiB.
  public func run(
    _ arguments: [String], at place: GitPlace, standardInput: [UInt8] = [], configuration: [String] = [],
    stallLimit: StallLimit? = nil
  ) async throws(GitProcessError) -> GitOutput {
    try await run(
      arguments, at: place, standardInput: standardInput, configuration: configuration, extraEnvironment: [:],
      stallLimit: stallLimit)
  }

  func run(
    _ arguments: [String], at place: GitPlace, standardInput: [UInt8] = [], configuration: [String] = [],
    extraEnvironment: [String: String], stallLimit: StallLimit? = nil
  ) async throws(GitProcessError) -> GitOutput {
    let standing = try GitStanding(at: place)
    var line = (["color.ui=false"] + standing.configuration + configuration).flatMap { ["-c", $0] }
    line += standing.options
    line += arguments
    let operation = "run git \(arguments.first ?? "")"
    // The C string that Git sees would end there, and mean something else.
    guard !line.contains(where: { $0.utf8.contains(0) }) else {
      throw GitProcessError(operation: operation, reason: "an argument contains a NUL byte")
    }
    let variables = environment.merging(standing.variables) { _, new in new }
      .merging(extraEnvironment) { _, new in new }
    do {
      let output = try await collect(
        line, in: standing.directory, variables: variables, standardInput: standardInput,
        stallLimit: stallLimit)
      guard !Task.isCancelled else { throw GitProcessError.cancelled(operation) }
      return output.told(of: place.directoryOfAnyOwner)
    } catch let error as GitProcessError {
      throw error
    } catch {
      throw Task.isCancelled ? .cancelled(operation) : .notStarted(operation, because: error)
    }
  }

  func transportSettings(at place: GitPlace) async throws(GitProcessError) -> TransportSettings {
    if let known = knownTransportSettings[place] { return known }
    let settings = try TransportSettings(list: await settings(at: place), environment: environment)
    knownTransportSettings[place] = settings
    return settings
  }

  private func collect(
    _ line: [String], in directory: String, variables: [String: String], standardInput: [UInt8],
    stallLimit: StallLimit?
  ) async throws -> GitOutput {
    var options = PlatformOptions()
    // Git removes its lock files and temporary packs when it is asked to end; killed at once, it leaves them.
    options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(2))]
    let keyed = variables.map { (Environment.Key(stringLiteral: $0.key), $0.value) }
    let childEnvironment = Environment.custom(Dictionary(uniqueKeysWithValues: keyed))
    let command = Configuration(
      executable: try await executable.found(in: childEnvironment), arguments: Arguments(line),
      environment: childEnvironment, workingDirectory: .init(directory), platformOptions: options)
    return standardInput.isEmpty
      ? try await Self.collect(command, input: .none, stallLimit)
      : try await Self.collect(command, input: ChildInput(bytes: standardInput), stallLimit)
  }

  /// The most that is taken of standard output. The buffer grows with what there is.
  private static let mostOutput = 256 << 20
  /// How much of the end of standard error is kept.
  private static let keptError = 1 << 20

  private static func collect(
    _ command: Configuration, input: some InputProtocol, _ stallLimit: StallLimit?
  ) async throws -> GitOutput {
    let watch = stallLimit.map(StallWatch.init)
    return try await Children.start { child in
      let result = try await Subprocess.run(command, input: input, output: .sequence, error: .sequence) {
        execution in
        child.runs(as: execution.processIdentifier)
        async let watching: Void? = watch?.watch(execution.processIdentifier.value)
        async let error = Self.end(of: execution.standardError, watch)
        let said = (try await Self.all(of: execution.standardOutput, watch), try await error)
        watch?.stop()
        await watching
        return said
      }
      let (output, error) = result.closureResult
      return GitOutput(result.terminationStatus, output, error + (watch?.lastWords ?? []))
    }
  }

  private static func all(
    of sequence: SubprocessOutputSequence, _ watch: StallWatch?
  ) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for try await buffer in sequence {
      watch?.hasHeard()
      buffer.withUnsafeBytes { bytes += $0 }
      guard bytes.count <= mostOutput else { throw SaidTooMuch() }
    }
    return bytes
  }

  private static func end(
    of sequence: SubprocessOutputSequence, _ watch: StallWatch?
  ) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for try await buffer in sequence {
      watch?.hasHeard()
      buffer.withUnsafeBytes { bytes += $0 }
      if bytes.count > 2 * keptError { bytes.removeFirst(bytes.count - keptError) }
    }
    return bytes.suffix(keptError)
  }

  private struct SaidTooMuch: Error, CustomStringConvertible {
    var description: String { "it printed more than \(mostOutput >> 20) MiB" }
  }
}

/// Where `git` is. Subprocess, given a name, starts a child for each directory of PATH that is tried.
private final class GitExecutable: Sendable {
  private let known = Mutex<Executable?>(nil)

  func found(in environment: Environment) async throws -> Executable {
    if let executable = known.withLock({ $0 }) { return executable }
    let path = try await Executable.name("git").resolveExecutablePath(in: environment)
    // A directory of PATH can be relative, and the child is started in another one.
    let executable = Executable.path(.init(GitDirectory.absolute(path.string)))
    known.withLock { $0 = executable }
    return executable
  }
}
