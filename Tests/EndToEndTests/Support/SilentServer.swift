import Foundation
import TestSupport

@testable import LabSupport

/// A port of 127.0.0.1 that takes every connection, and says nothing, or the same to everybody and then nothing.
final class SilentServer {
  private let descriptor: Int32
  let port: UInt16

  init(saying greeting: [UInt8] = []) throws {
    #if canImport(Darwin)
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isListening = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, size) == 0 && listen(descriptor, 64) == 0
          && getsockname(descriptor, $0, &size) == 0
      }
    }
    guard isListening else { throw TestFailure("no port: \(String(cString: strerror(errno)))") }
    port = UInt16(bigEndian: address.sin_port)
    guard !greeting.isEmpty else { return }
    Thread.detachNewThread {
      while true {
        // Left open: its end would be an answer.
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0 else { return }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        _ = write(connection, greeting, greeting.count)
      }
    }
  }

  deinit {
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }
}
