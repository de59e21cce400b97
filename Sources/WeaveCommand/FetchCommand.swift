import ArgumentParser
import WeaveKit

struct FetchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fetch", abstract: "Get what is new from the projects' sources, in parallel.")

  @Argument(help: "The projects. Default: all.") var names: [String] = []
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let results = try await options.workspace().fetch(names, report: FetchView.progress)
    ProgressLine.clear()
    for result in results { FetchView.show(result) }
    if results.contains(where: { $0.failure != nil }) { throw ExitCode(1) }
  }
}
