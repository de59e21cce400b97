import Foundation
import Synchronization
import WeaveKit

/// How a fetch of projects goes, and what it came to, for people: on standard error.
struct FetchView {
  let printer: Printer

  @Sendable func progress(_ progress: FetchProgress) {
    printer.showProgress(
      "Fetching, \(progress.finished) of \(progress.total) done: "
        + progress.running.map(\.text).joined(separator: ", "))
  }

  func show(_ result: FetchResult) {
    if let failure = result.failure {
      printer.explain(failure)
    } else if let unknownTip = result.unknownTip {
      printer.note("warning: \(unknownTip.message)")
      for hint in unknownTip.hints { printer.note("hint: \(hint)") }
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
      printer.note("\(result.project) \(from)\(after.short)\(remark)")
    } else {
      printer.note("warning: \(result.project) has no \(result.track ?? "HEAD"), which it tracks")
      printer.note("hint: `weave project set \(result.project) track REF` tracks another branch or tag")
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

    mutating func show(_ result: FetchResult, in view: FetchView) {
      view.show(result)
      shown[result.project.text] = result.failure != nil
    }
  }

  private let state = Mutex(State())
  private let view: FetchView
  private var printer: Printer { view.printer }

  /// Begins to wait.
  init(printer: Printer) {
    view = FetchView(printer: printer)
    // A task that sleeps would take a file descriptor of those that children need.
    Thread.detachNewThread { [self] in
      Thread.sleep(forTimeInterval: Self.patience)
      stopWaiting()
    }
  }

  private func stopWaiting() {
    state.withLock { state in
      state.isImpatient = true
      if !state.waiting.isEmpty { printer.clearProgress() }
      for result in state.waiting { state.show(result, in: view) }
      state.waiting = []
    }
  }

  /// What a fetch is to report to.
  @Sendable func report(_ progress: FetchProgress) {
    state.withLock { state in
      if let ended = progress.ended {
        if state.isImpatient {
          printer.clearProgress()
          state.show(ended, in: view)
        } else {
          state.waiting.append(ended)
        }
      }
      view.progress(progress)
    }
  }

  /// Shows what is not shown yet, and what came to fail since.
  func end(with results: [FetchResult]) {
    state.withLock { state in
      state.waiting = []
      state.isImpatient = true
      printer.clearProgress()
      for result in results {
        switch state.shown[result.project.text] {
        case true?: continue
        case false? where result.failure == nil: continue
        default: state.show(result, in: view)
        }
      }
    }
  }
}
