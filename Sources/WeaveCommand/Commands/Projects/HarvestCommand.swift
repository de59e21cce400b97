import ArgumentParser
import WeaveKit

struct HarvestCommand: Command {
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

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let results = try await options.workspace(surroundings).harvest(
      names, every: every, report: HarvestView(printer: printer).progress)
    printer.clearProgress()
    HarvestView(printer: printer).show(results)
    if results.contains(where: { !$0.passedOver.isEmpty || $0.failure != nil }) { throw ExitCode(1) }
  }
}

/// What a harvest came to, for people: on standard error.
struct HarvestView {
  let printer: Printer

  private static let mostLines = 20

  @Sendable func progress(_ progress: HarvestProgress) {
    printer.showProgress("Harvesting \(progress.project): \(counted(progress.commits, "commit"))")
  }

  func show(_ results: [HarvestResult]) {
    for result in results {
      if let failure = result.failure {
        printer.explain(failure)
        continue
      }
      for line in result.passedOver.prefix(Self.mostLines) { printer.note("warning: \(line)") }
      for line in result.remarks.prefix(Self.mostLines) { printer.note("note: \(line)") }
      let rest =
        max(0, result.passedOver.count - Self.mostLines) + max(0, result.remarks.count - Self.mostLines)
      if rest > 0 { printer.note("note: and \(rest) more of \(result.project)") }
      printer.note(
        "\(result.project): \(counted(result.commits, "commit")), \(counted(result.links, "new link"))")
    }
  }
}
