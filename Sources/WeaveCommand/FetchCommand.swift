import ArgumentParser
import WeaveKit

struct FetchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Get what is new from the projects' sources, in parallel.")

  @Argument(help: "The projects. Default: all.") var names: [String] = []
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let results = try await options.workspace().fetch(names) { progress in
      ProgressLine.show(
        "Fetching, \(progress.finished) of \(progress.total) done: "
          + progress.running.map(\.text).joined(separator: ", "))
    }
    ProgressLine.clear()
    for result in results {
      if let failure = result.failure {
        Printer.explain(failure)
      } else if let after = result.after {
        let from = result.before.map { $0 == after ? "" : $0.short + " -> " } ?? ""
        let remark = after == result.before ? " (nothing new)" : result.isForced ? " (forced update)" : ""
        Printer.note("\(result.project) \(from)\(after.short)\(remark)")
      } else {
        Printer.note("warning: \(result.project) has no \(result.track ?? "HEAD"), which it tracks")
        Printer.note("hint: `weave project set \(result.project) track REF` tracks another branch or tag")
      }
    }
    if results.contains(where: { $0.failure != nil }) { throw ExitCode(1) }
  }
}
