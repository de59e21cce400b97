import Foundation
import Synchronization

/// How a process ended and what it said.
public struct ProcessResult: Sendable {
  /// The exit code; 128 and the signal's number where a signal ended it.
  public let status: Int32
  /// The signal that ended it.
  public let signal: Int32?
  /// Every byte written to standard output.
  public let stdoutBytes: [UInt8]
  /// Every byte written to standard error.
  public let stderrBytes: [UInt8]

  /// What a run in this process came to, which no signal ended.
  public init(status: Int32, stdout: [UInt8], stderr: [UInt8]) {
    (self.status, signal, stdoutBytes, stderrBytes) = (status, nil, stdout, stderr)
  }

  fileprivate init(status: Int32, signal: Int32?, stdoutBytes: [UInt8], stderrBytes: [UInt8]) {
    (self.status, self.signal) = (status, signal)
    (self.stdoutBytes, self.stderrBytes) = (stdoutBytes, stderrBytes)
  }

  /// Standard output as text.
  public var stdout: String { String(decoding: stdoutBytes, as: UTF8.self) }
  /// Standard error as text.
  public var stderr: String { String(decoding: stderrBytes, as: UTF8.self) }
  /// Standard output as text, without white space at its ends.
  public var trimmed: String { stdout.trimmingCharacters(in: .whitespacesAndNewlines) }

  /// This result of `command`, which must be a success; throws what it complained of where it is none.
  @discardableResult
  public func succeeded(_ command: [String]) throws -> ProcessResult {
    guard status == 0 else { throw TestFailure("\(command.joined(separator: " ")): \(status): \(stderr)") }
    return self
  }
}

/// Runs `executable`, a path or a name to be found in PATH, to its end.
public func runProcess(
  _ executable: String, _ arguments: [String], in directory: String, environment: [String: String],
  input: [UInt8] = []
) throws -> ProcessResult {
  try spawnProcess(executable, arguments, in: directory, environment: environment, input: input).wait()
}

/// Starts `executable`, a path or a name to be found in PATH, and returns while it runs.
public func spawnProcess(
  _ executable: String, _ arguments: [String], in directory: String, environment: [String: String],
  input: [UInt8] = []
) throws -> RunningProcess {
  // Files, not pipes: nobody has to read while the child writes, and a daemon it leaves behind blocks
  // nothing.
  let streams = try (0..<3).map { _ in try ScratchFile() }
  try streams[0].write(input)
  #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    var attributes: posix_spawnattr_t?
  #else
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
  #endif
  posix_spawn_file_actions_init(&actions)
  posix_spawnattr_init(&attributes)
  defer {
    posix_spawn_file_actions_destroy(&actions)
    posix_spawnattr_destroy(&attributes)
  }
  _ = addChangeDirectory(&actions, directory)
  for (target, stream) in streams.enumerated() {
    posix_spawn_file_actions_adddup2(&actions, stream.descriptor, Int32(target))
  }
  // A test runner may ignore or block signals, which the child would inherit.
  var signals = sigset_t()
  sigemptyset(&signals)
  posix_spawnattr_setsigmask(&attributes, &signals)
  for signal in [SIGPIPE, SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, signal) }
  posix_spawnattr_setsigdefault(&attributes, &signals)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

  var pid = pid_t()
  let error = withCStrings([executable] + arguments) { arguments in
    withCStrings(environment.map { "\($0.key)=\($0.value)" }) { environment in
      posix_spawnp(&pid, executable, &actions, &attributes, arguments, environment)
    }
  }
  guard error == 0 else { throw TestFailure("cannot run \(executable): \(String(cString: strerror(error)))") }
  return RunningProcess(pid: pid, stdout: streams[1], stderr: streams[2])
}

/// A process that was started and is to be waited for.
public final class RunningProcess: Sendable {
  /// The id of the process.
  public let pid: pid_t
  private let stdout: ScratchFile
  private let stderr: ScratchFile
  private let result = Mutex<ProcessResult?>(nil)

  fileprivate init(pid: pid_t, stdout: ScratchFile, stderr: ScratchFile) {
    (self.pid, self.stdout, self.stderr) = (pid, stdout, stderr)
  }

  /// Sends `signal`, unless the process was waited for and its id may be another's by now.
  public func kill(_ signal: Int32) {
    result.withLock { result in
      if result == nil { _ = Foundation.kill(pid, signal) }
    }
  }

  /// Whether it has not ended yet.
  public var isRunning: Bool {
    result.withLock { result in
      guard result == nil else { return false }
      var information = siginfo_t()
      let found = waitid(P_PID, id_t(pid), &information, WEXITED | WNOHANG | WNOWAIT) == 0
      return found && information.si_signo == 0
    }
  }

  /// What it has written to standard output so far.
  public func outputSoFar() -> String { String(decoding: stdout.contents(), as: UTF8.self) }

  /// What it has written to standard error so far.
  public func errorSoFar() -> String { String(decoding: stderr.contents(), as: UTF8.self) }

  /// Waits for the end; each call returns the same.
  @discardableResult
  public func wait() -> ProcessResult {
    if let result = result.withLock({ $0 }) { return result }
    // Left to be reaped below, under the lock, so that `kill` never meets a reused id.
    var information = siginfo_t()
    while waitid(P_PID, id_t(pid), &information, WEXITED | WNOWAIT) == -1 && errno == EINTR {}
    return result.withLock { result in
      if let result { return result }
      var status: Int32 = 0
      while waitpid(pid, &status, 0) == -1 && errno == EINTR {}
      let signal = status & 0x7f
      let ended = ProcessResult(
        status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, signal: signal == 0 ? nil : signal,
        stdoutBytes: stdout.contents(), stderrBytes: stderr.contents())
      result = ended
      return ended
    }
  }
}

/// A file without a name, gone with its last reference.
private final class ScratchFile: Sendable {
  let descriptor: Int32

  init() throws {
    var template = Array("\(NSTemporaryDirectory())/weave-stream-XXXXXX".utf8CString)
    descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw TestFailure("mkstemp: \(String(cString: strerror(errno)))") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
  }

  deinit { close(descriptor) }

  func write(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw TestFailure("write: \(String(cString: strerror(errno)))") }
      rest = rest.dropFirst(count)
    }
    lseek(descriptor, 0, SEEK_SET)
  }

  // By offset: the file position belongs to the child as well.
  func contents() -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = pread(descriptor, &buffer, buffer.count, off_t(bytes.count))
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }
}

#if canImport(Darwin)
  private func addChangeDirectory(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t?>, _ path: String
  ) -> Int32 {
    posix_spawn_file_actions_addchdir_np(actions, path)
  }
#else
  // Swift's view of glibc leaves out what only `_GNU_SOURCE` shows.
  @_silgen_name("posix_spawn_file_actions_addchdir_np")
  private func addChangeDirectory(
    _ actions: UnsafeMutablePointer<posix_spawn_file_actions_t>, _ path: UnsafePointer<CChar>
  ) -> Int32
#endif

private func withCStrings<Result>(
  _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let pointers = strings.map { strdup($0) }
  defer { for pointer in pointers { free(pointer) } }
  return body(pointers + [nil])
}
