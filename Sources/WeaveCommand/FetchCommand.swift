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
      } else if let after = result.after, after != result.before {
        Printer.note("\(result.project) \(result.before.map { $0.short + " -> " } ?? "")\(after.short)")
      } else {
        let tip =
          result.after?.short
          ?? "has no commit at \(result.track ?? "HEAD"), which it tracks; `weave project set \(result.project) track REF`"
        Printer.note("\(result.project) \(tip) (nothing new)")
      }
    }
    if results.contains(where: { $0.failure != nil }) { throw ExitCode(1) }
  }
}
