import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// How long a child is waited for of which nothing is seen.
public struct StallLimit: Sendable {
  /// For how long it, and what it has started, may do nothing: say no byte, read or write none, and use less than a hundredth
  /// of the time of a processor.
  public let idle: Duration
  /// For how long they may compute, and say, read and write nothing.
  public let computing: Duration

  public init(idle: Duration, computing: Duration) { (self.idle, self.computing) = (idle, computing) }

  /// Of what is answered as soon as it was read, such as which refs there are.
  static func question(_ limit: Duration) -> StallLimit { StallLimit(idle: limit, computing: limit) }
  /// Of what goes on with what it was given, as with the deltas of a pack.
  static func transfer(_ limit: Duration) -> StallLimit { StallLimit(idle: limit, computing: limit * 10) }
}

/// Ends a child, and what it has started, once nothing was seen of them for as long as a ``StallLimit`` allows. So work at this
/// machine after a transfer goes on, and a server that is busy and says so.
///
/// Time in which this process stands still does not count. Where the system does not say what a child does, as all but Linux,
/// none is ended.
final class StallWatch: Sendable {
  private static let looks = 12

  private let limit: StallLimit
  private let heard = Atomic<Int>(0)
  /// The seconds after which it was ended; 0 where it was not.
  private let endedAfter = Atomic<Int64>(0)
  private let isOver = Atomic<Bool>(false)
  private let sleeper = Mutex<Task<Void, any Error>?>(nil)

  init(limit: StallLimit) { self.limit = limit }

  func hasHeard() { heard.add(1, ordering: .relaxed) }

  /// Lets ``watch(_:)`` return.
  func stop() {
    isOver.store(true, ordering: .relaxed)
    sleeper.withLock { $0?.cancel() }
  }

  /// What is to be put below what the child said; nothing where it was not ended.
  var lastWords: [UInt8]? {
    let seconds = endedAfter.load(ordering: .relaxed)
    return seconds > 0 ? Array("\nfatal: \(Self.said) \(seconds) s\n".utf8) : nil
  }

  /// How the reason begins of what was ended so.
  static let said = "it said nothing for"

  /// Returns once the child was ended, or ``stop()`` was called.
  func watch(_ child: pid_t) async {
    var (idle, silent, last) = (0, 0, state(of: child))
    let step = limit.idle / Self.looks
    while await pause(step) {
      guard let present = state(of: child) else { return }
      guard let former = last, former.isSilent(until: present) else {
        (idle, silent, last) = (0, 0, present)
        continue
      }
      silent += 1
      // What it does little of adds up over the looks, and is held against the first of them.
      if former.isIdle(until: present, limit.idle) { idle += 1 } else { (idle, last) = (0, present) }
      let isIdle = idle >= Self.looks
      guard isIdle || step * silent >= limit.computing else { continue }
      let waited = isIdle ? limit.idle : limit.computing
      endedAfter.store(max(1, waited.components.seconds), ordering: .relaxed)
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

    func isSilent(until later: State) -> Bool {
      heard == later.heard && work.processes == later.work.processes && work.bytes == later.work.bytes
    }

    func isIdle(until later: State, _ limit: Duration) -> Bool {
      let ticks = Int64(sysconf(Int32(_SC_CLK_TCK)))
      return 100 * (later.work.ticks - work.ticks) < max(1, limit.components.seconds * ticks)
    }
  }

  private func state(of child: pid_t) -> State? {
    ProcessWork(of: child).map { State(heard: heard.load(ordering: .relaxed), work: $0) }
  }
}
