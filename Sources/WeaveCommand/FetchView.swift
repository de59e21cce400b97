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
    } else if let after = result.after {
      let from = result.before.map { $0 == after ? "" : $0.short + " -> " } ?? ""
      let remark =
        result.isSkipped
        ? " (here already)"
        : after == result.before ? " (nothing new)" : result.isForced ? " (forced update)" : ""
      Printer.note("\(result.project) \(from)\(after.short)\(remark)")
    } else {
      Printer.note("warning: \(result.project) has no \(result.track ?? "HEAD"), which it tracks")
      Printer.note("hint: `weave project set \(result.project) track REF` tracks another branch or tag")
    }
  }
}
