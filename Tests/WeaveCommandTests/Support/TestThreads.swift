import Foundation
import Synchronization

/// Threads that tests run on. A test waits for its children and for weave; on one of Swift's own threads, of which there are as
/// many as processors, it would wait for a weave that has no thread to run on.
final class TestThreads: TaskExecutor {
  static let shared = TestThreads(count: ProcessInfo.processInfo.activeProcessorCount)
  /// Those that weave runs on, for whom these wait: tests with processes hold Swift's own.
  static let ofWeave = TestThreads(count: ProcessInfo.processInfo.activeProcessorCount)

  private let jobs = Mutex<[UnownedJob]>([])
  private let waiting = DispatchSemaphore(value: 0)

  private init(count: Int) {
    for _ in 0..<count {
      Thread.detachNewThread { [self] in
        while true {
          waiting.wait()
          let job = jobs.withLock { $0.removeFirst() }
          job.runSynchronously(on: asUnownedTaskExecutor())
        }
      }
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    jobs.withLock { $0.append(job) }
    waiting.signal()
  }
}
