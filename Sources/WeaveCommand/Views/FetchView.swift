import Foundation
import Synchronization
import WeaveKit

/// How a fetch of projects goes, and what it came to, for people: on standard error.
enum FetchView {
  static let progress: @Sendable (FetchProgress) -> Void = { progress in
    ProgressLine.show(
      "Fetching, \(progress.finished) of \(progress.total) done: "
        + progress.running.map(\.text).joined(separator: ", "))
  }

  static func show(_ result: FetchResult) {
    if let failure = result.failure {
      Printer.explain(failure)
    } else if let unknownTip = result.unknownTip {
      Printer.note("warning: \(unknownTip.message)")
      for hint in unknownTip.hints { Printer.note("hint: \(hint)") }
    } else if let after = result.after {
      let from = result.before.map { $0 == after ? "" : $0.short + " -> " } ?? ""
      let changes = result.changes.words
      let remarks =
        result.isSkipped
        ? ["here already"]
        : after == result.before
          ? [changes ?? "nothing new"]
          : (result.isForced ? ["forced update"] : []) + (changes.map { [$0] } ?? [])
      let remark = remarks.isEmpty ? "" : " (\(remarks.joined(separator: "; ")))"
      Printer.note("\(result.project) \(from)\(after.short)\(remark)")
    } else {
      Printer.note("warning: \(result.project) has no \(result.track ?? "HEAD"), which it tracks")
      Printer.note("hint: `weave project set \(result.project) track REF` tracks another branch or tag")
    }
  }
}

/// The lines of a fetch: in the order of the projects' names where all are done soon, else each as soon as it is known, so that
/// one that takes long hides no other.
final class FetchLines: Sendable {
  private static let patience = 3.0

  private struct State {
    var isImpatient = false
    var waiting: [FetchResult] = []
    /// By the projects' names, whether they failed.
    var shown: [String: Bool] = [:]

    mutating func show(_ result: FetchResult) {
      FetchView.show(result)
      shown[result.project.text] = result.failure != nil
    }
  }

  private let state = Mutex(State())

  /// Begins to wait.
  init() {
    // A task that sleeps would take a file descriptor of those that children need.
    Thread.detachNewThread { [self] in
      Thread.sleep(forTimeInterval: Self.patience)
      stopWaiting()
    }
  }

  private func stopWaiting() {
    state.withLock { state in
      state.isImpatient = true
      if !state.waiting.isEmpty { ProgressLine.clear() }
      for result in state.waiting { state.show(result) }
      state.waiting = []
    }
  }

  /// What a fetch is to report to.
  @Sendable func report(_ progress: FetchProgress) {
    state.withLock { state in
      if let ended = progress.ended {
        if state.isImpatient {
          ProgressLine.clear()
          state.show(ended)
        } else {
          state.waiting.append(ended)
        }
      }
      FetchView.progress(progress)
    }
  }

  /// Shows what is not shown yet, and what came to fail since.
  func end(with results: [FetchResult]) {
    state.withLock { state in
      state.waiting = []
      state.isImpatient = true
      ProgressLine.clear()
      for result in results {
        switch state.shown[result.project.text] {
        case true?: continue
        case false? where result.failure == nil: continue
        default: state.show(result)
        }
      }
    }
  }
}
