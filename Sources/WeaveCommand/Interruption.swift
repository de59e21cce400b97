import Dispatch
import Foundation
import Synchronization

/// Ctrl-C, and other requests to end, of commands that have something to clear away first.
///
/// All others end at once, as the system would have it.
enum Interruption {
  private static let task = Mutex<Task<Int32, Never>?>(nil)
  private static let received = Mutex<Int32?>(nil)
  private static let sources = Mutex<[any DispatchSourceSignal]>([])

  /// Runs `body`; where a signal cut it off, what it left behind in the process group is told to end, too.
  ///
  /// - Returns: what to exit with.
  static func run(_ body: @escaping @Sendable () async -> Int32) async -> Int32 {
    let running = Task { await body() }
    task.withLock { $0 = running }
    let code = await running.value
    guard let signal = received.withLock({ $0 }) else { return code }
    // A program that a child has started is no child, and nobody else waits for it.
    if getpgrp() == getpid() { kill(0, SIGTERM) }
    return 128 + signal
  }

  /// From now on a signal cancels the command's task instead of ending the process.
  static func isTakenCareOf() {
    sources.withLock { sources in
      guard sources.isEmpty else { return }
      for number in [SIGINT, SIGTERM, SIGHUP] {
        signal(number, SIG_IGN)
        let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
        source.setEventHandler {
          received.withLock { $0 = $0 ?? number }
          task.withLock { $0?.cancel() }
        }
        source.resume()
        sources.append(source)
      }
    }
  }

  /// Whether a signal has come.
  static var hasCome: Bool { received.withLock { $0 != nil } }
}
