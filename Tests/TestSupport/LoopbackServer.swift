import Foundation

/// The path of the program `name`; nil where it is not installed. Servers are often where an ordinary user's PATH does
/// not lead.
func installedProgram(_ name: String) -> String? {
  let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
  let directories = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin", "/sbin"]
  return directories.lazy.map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
}

/// Starts a server on a free port of 127.0.0.1, runs `body` once it answers there, and ends it, also when `body`
/// throws.
func withLoopbackServer<Result>(
  _ start: (_ port: UInt16) throws -> RunningProcess, _ body: (_ port: UInt16) throws -> Result
) throws -> Result {
  let (server, port) = try startedServer(start)
  defer { server.stop() }
  return try body(port)
}

/// Another process may take the port before the server does: then there is another try.
private func startedServer(
  _ start: (_ port: UInt16) throws -> RunningProcess
) throws -> (RunningProcess, port: UInt16) {
  var complaints = ""
  for _ in 0..<5 {
    let port = try Loopback.freePort()
    let server = try start(port)
    if server.waits(until: { Loopback.isListening(on: port) }) { return (server, port) }
    server.stop()
    complaints = server.wait().stderr
  }
  throw TestFailure("the server does not start: \(complaints)")
}

extension RunningProcess {
  /// Whether `condition` came to hold, within half a minute, while the process went on.
  func waits(until condition: () -> Bool) -> Bool {
    for _ in 0..<3_000 where isRunning {
      if condition() { return isRunning }
      usleep(10_000)
    }
    return false
  }

  /// Asks the process to end, kills it when it hasn't after five seconds, and waits for its end.
  func stop() {
    kill(SIGTERM)
    for _ in 0..<500 where isRunning { usleep(10_000) }
    kill(SIGKILL)
    wait()
  }
}

private enum Loopback {
  /// A port on which nobody listens at the moment.
  static func freePort() throws -> UInt16 {
    let descriptor = try makeSocket()
    defer { close(descriptor) }
    guard withAddress(port: 0, { bind(descriptor, $0, $1) }) == 0 else { throw failure("bind") }
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let named = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
    }
    guard named == 0 else { throw failure("getsockname") }
    return UInt16(bigEndian: address.sin_port)
  }

  static func isListening(on port: UInt16) -> Bool {
    guard let descriptor = try? makeSocket() else { return false }
    defer { close(descriptor) }
    return withAddress(port: port) { connect(descriptor, $0, $1) } == 0
  }

  private static func makeSocket() throws -> Int32 {
    #if canImport(Darwin)
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    guard descriptor >= 0 else { throw failure("socket") }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    return descriptor
  }

  private static func withAddress(
    port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) -> Int32 {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private static func failure(_ call: String) -> TestFailure {
    TestFailure("\(call): \(String(cString: strerror(errno)))")
  }
}
