import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Ends a child, and what it has started, once none of them has done anything for so long: said a byte, read or written
/// one, or used a hundredth of the time of a processor. So work at this machine after a transfer goes on, and a server that is
/// busy and says so.
///
/// Time in which this process stands still does not count. Where the system does not say what a child does, as all but Linux,
/// none is ended.
final class StallWatch: Sendable {
  private static let looks = 12

  private let limit: Duration
  private let heard = Atomic<Int>(0)
  private let isStalled = Atomic<Bool>(false)
  private let isOver = Atomic<Bool>(false)
  private let sleeper = Mutex<Task<Void, any Error>?>(nil)

  init(limit: Duration) { self.limit = limit }

  func hasHeard() { heard.add(1, ordering: .relaxed) }

  /// Lets ``watch(_:)`` return.
  func stop() {
    isOver.store(true, ordering: .relaxed)
    sleeper.withLock { $0?.cancel() }
  }

  /// What is to be put below what the child said; nothing where it was not ended.
  var lastWords: [UInt8]? {
    isStalled.load(ordering: .relaxed)
      ? Array("\nfatal: \(Self.said) \(limit.components.seconds) s\n".utf8) : nil
  }

  /// How the reason begins of what was ended so.
  static let said = "it said nothing for"

  /// Returns once the child was ended, or ``stop()`` was called.
  func watch(_ child: pid_t) async {
    var (idle, last) = (0, state(of: child))
    while await pause(limit / Self.looks) {
      guard let present = state(of: child) else { return }
      guard let former = last, former.isIdle(until: present, limit) else {
        (idle, last) = (0, present)
        continue
      }
      idle += 1
      guard idle >= Self.looks else { continue }
      isStalled.store(true, ordering: .relaxed)
      present.work.processes.forEach { _ = kill($0, SIGTERM) }
      // As for a child whose task is cancelled.
      guard await pause(.seconds(2)) else { return }
      present.work.processes.forEach { _ = kill($0, SIGKILL) }
      return
    }
  }

  /// Whether it was not stopped meanwhile.
  private func pause(_ duration: Duration) async -> Bool {
    let sleep = Task { try await Task.sleep(for: duration) }
    sleeper.withLock { $0 = sleep }
    if isOver.load(ordering: .relaxed) { sleep.cancel() }
    await withTaskCancellationHandler {
      _ = await sleep.result
    } onCancel: {
      sleep.cancel()
    }
    return !isOver.load(ordering: .relaxed) && !Task.isCancelled
  }

  private struct State {
    let heard: Int
    let work: ProcessWork

    func isIdle(until later: State, _ limit: Duration) -> Bool {
      let ticks = Int64(sysconf(Int32(_SC_CLK_TCK)))
      return heard == later.heard && work.processes == later.work.processes && work.bytes == later.work.bytes
        && 100 * (later.work.ticks - work.ticks) < max(1, limit.components.seconds * ticks)
    }
  }

  private func state(of child: pid_t) -> State? {
    ProcessWork(of: child).map { State(heard: heard.load(ordering: .relaxed), work: $0) }
  }
}
