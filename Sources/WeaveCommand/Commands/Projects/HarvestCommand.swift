import ArgumentParser
import WeaveKit

struct HarvestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "harvest",
    abstract: "Make links of what the projects' histories pin: submodules, west, repo, flakes.",
    discussion: """
      Of commits in a row that pin the same, the last is linked with what it pins. Running it again adds nothing twice. \
      Exits with 1 where something had to be passed over.
      """)

  @Argument(help: "The projects. Default: all.") var names: [String] = []
  @Flag(help: "Link every commit that pins, not only the last in a row.") var every = false
  @OptionGroup var options: FitnessCheckOptions

  func run() async throws {
    let results = try await options.workspace().harvest(names, every: every, report: HarvestView.progress)
    ProgressLine.clear()
    HarvestView.show(results)
    if results.contains(where: { !$0.passedOver.isEmpty || $0.failure != nil }) { throw ExitCode(1) }
  }
}

/// What a harvest came to, for people: on standard error.
enum HarvestView {
  private static let mostLines = 20

  static func progress(_ progress: HarvestProgress) {
    ProgressLine.show("Harvesting \(progress.project): \(counted(progress.commits, "commit"))")
  }

  static func show(_ results: [HarvestResult]) {
    for result in results {
      if let failure = result.failure {
        Printer.explain(failure)
        continue
      }
      for line in result.passedOver.prefix(mostLines) { Printer.note("warning: \(line)") }
      for line in result.remarks.prefix(mostLines) { Printer.note("note: \(line)") }
      let rest = max(0, result.passedOver.count - mostLines) + max(0, result.remarks.count - mostLines)
      if rest > 0 { Printer.note("note: and \(rest) more of \(result.project)") }
      Printer.note(
        "\(result.project): \(counted(result.commits, "commit")), \(counted(result.links, "new link"))")
    }
  }
}
