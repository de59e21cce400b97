import Subprocess
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The children of this process. They are started one after the other, and only while there are file descriptors for one
/// more: with too few, swift-subprocess 1.0 traps, or waits for ever for a child that it cannot watch.
public enum Children {
  /// What a start has open at the same time, and what the first leaves open for all.
  private static let costOfOne = 14
  /// What is left besides to others who open files while children run.
  private static let reserve = 16

  private struct State {
    var isStarting = false
    var running = 0
    var waiting: [(id: Int, continuation: CheckedContinuation<Turn, Never>)] = []
    var lastID = 0
  }

  private enum Turn { case now, never, again }

  private static let state = Mutex(State())

  /// Runs `body`, which starts one child, when there are descriptors for it.
  ///
  /// - Throws: ``TooManyOpenFiles`` where there are too few though no other child runs.
  static func start<Value>(
    _ body: (_ child: StartedChild) async throws -> Value
  ) async throws -> Value {
    try await turn()
    let child = StartedChild()
    defer { child.hasEnded() }
    return try await body(child)
  }

  private static func turn() async throws {
    while true {
      switch await nextTurn() {
      case .now: return
      case .never:
        wakeNext()
        throw TooManyOpenFiles(limit: OpenFiles.limit, needed: OpenFiles.count + costOfOne)
      case .again:
        guard Task.isCancelled else { continue }
        wakeNext()
        throw CancellationError()
      }
    }
  }

  private static func nextTurn() async -> Turn {
    let id = state.withLock { state in
      state.lastID += 1
      return state.lastID
    }
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let turn = state.withLock { state -> Turn? in
          if Task.isCancelled { return .again }
          if !state.isStarting {
            state.isStarting = OpenFiles.areFree(costOfOne + (state.running > 0 ? reserve : 0))
            if state.isStarting { return .now }
            if state.running == 0 { return .never }
          }
          state.waiting.append((id, continuation))
          return nil
        }
        if let turn { continuation.resume(returning: turn) }
      }
    } onCancel: {
      let waiting = state.withLock { state in
        state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
      }
      waiting?.continuation.resume(returning: .again)
    }
  }

  private static func wakeNext() {
    let next = state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
    next?.continuation.resume(returning: .again)
  }

  fileprivate static func hasBegun() {
    state.withLock {
      $0.isStarting = false
      $0.running += 1
    }
    wakeNext()
  }

  fileprivate static func hasEnded(isRunning: Bool) {
    state.withLock {
      if isRunning { $0.running -= 1 } else { $0.isStarting = false }
    }
    wakeNext()
  }

  // MARK: - Ending all

  private static let mostListed = 4_096
  /// Their ids, negative of one that leads a process group of its own, and zeros. A signal handler reads it without a lock.
  private nonisolated(unsafe) static let listed: UnsafeMutablePointer<pid_t> = {
    let list = UnsafeMutablePointer<pid_t>.allocate(capacity: mostListed)
    list.initialize(repeating: 0, count: mostListed)
    return list
  }()

  fileprivate static func list(_ id: pid_t, instead former: pid_t) {
    state.withLock { _ in
      if let place = (0..<mostListed).first(where: { listed[$0] == former }) { listed[place] = id }
    }
  }

  /// Makes ready for ``endAll()``.
  public static func prepareToEndAll() { _ = listed }

  /// Asks every child to end, and kills those that lead a process group of their own, with their groups. A signal handler
  /// may call it.
  public static func endAll() {
    for place in 0..<mostListed where listed[place] != 0 {
      _ = kill(listed[place], listed[place] > 0 ? SIGTERM : SIGKILL)
    }
  }
}

/// A child from its start to its end.
final class StartedChild: Sendable {
  /// The child's id, as ``Children`` lists it; 0 while there is none.
  private let listed = Atomic<pid_t>(0)

  /// To be told as soon as the child runs: then the next one can be started.
  func runs(as process: ProcessIdentifier, leadsGroup: Bool = false) {
    let id = leadsGroup ? -process.value : process.value
    listed.store(id, ordering: .relaxed)
    Children.list(id, instead: 0)
    Children.hasBegun()
  }

  fileprivate func hasEnded() {
    let id = listed.load(ordering: .relaxed)
    if id != 0 { Children.list(0, instead: id) }
    Children.hasEnded(isRunning: id != 0)
  }
}
