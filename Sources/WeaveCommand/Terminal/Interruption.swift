import Foundation
import Synchronization
import WeaveKit

/// Ctrl-C, and other requests to end, of commands that have something to clear away first.
///
/// All others end at once, as the system would have it.
enum Interruption {
  private static let task = Mutex<Task<Int32, Never>?>(nil)

  /// Whether the task is the command's that this process is for, and not one of several that run in it.
  @TaskLocal private static var isOfProcess = false

  /// Runs `body` as what this process is for; where a signal cut it off, what it left behind in the process group is told to end, too.
  ///
  /// - Returns: what to exit with.
  static func run(_ body: @escaping @Sendable () async -> Int32) async -> Int32 {
    let running = $isOfProcess.withValue(true) { Task { await body() } }
    task.withLock { $0 = running }
    let code = await running.value
    guard hasCome else { return code }
    // A program that a child has started is no child, and nobody else waits for it.
    if getpgrp() == getpid() {
      signal(SIGTERM, SIG_IGN)
      kill(0, SIGTERM)
    }
    return 128 + received.load(ordering: .relaxed)
  }

  /// From now on the first signal cancels the command's task instead of ending the process. The second asks the children to
  /// end, and ends the process where it stands. Where the process is not for the command alone, its signals stay as they are.
  static func isTakenCareOf() {
    guard isOfProcess, !isPrepared.exchange(true, ordering: .relaxed) else { return }
    OwnProcess.prepareToEndChildren()
    // Without descriptors left for it, signals end the process at once.
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    wakingEnd.store(ends[1], ordering: .relaxed)
    let waitingEnd = ends[0]
    Thread.detachNewThread {
      var byte: UInt8 = 0
      while read(waitingEnd, &byte, 1) < 0 && errno == EINTR {}
      task.withLock { $0?.cancel() }
    }
    for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, interrupt) }
  }

  /// Whether a signal has come.
  static var hasCome: Bool { received.load(ordering: .relaxed) != 0 }

  private static let isPrepared = Atomic<Bool>(false)
  fileprivate static let received = Atomic<Int32>(0)
  fileprivate static let wakingEnd = Atomic<Int32>(-1)
}

/// Only what a signal handler may call (signal-safety(7)).
private func interrupt(_ number: Int32) {
  let formerError = errno
  defer { errno = formerError }
  guard Interruption.received.compareExchange(expected: 0, desired: number, ordering: .relaxed).exchanged
  else {
    OwnProcess.endChildren()
    _exit(128 + number)
  }
  var byte: UInt8 = 0
  _ = write(Interruption.wakingEnd.load(ordering: .relaxed), &byte, 1)
}
