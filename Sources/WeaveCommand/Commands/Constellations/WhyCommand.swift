import ArgumentParser
import WeaveKit
import WeaveModel

struct WhyCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "why", abstract: "Say why a project is not newer, and what would let it be.",
    usage: """
      weave why <project> [-c <constellation>] [--machine <machine>]
                [--local] [--steps <number>] [--json]
      """,
    discussion:
      "Every newer commit, each with one reason. Explains what `weave resolve` picks, not the lock. Exits with 5 when nothing fits, with 4 when it gave up."
  )

  @Argument(help: "The project.") var project: String
  @OptionGroup var constellation: ConstellationOption
  @Option(help: ArgumentHelp("Only this machine.", valueName: "machine")) var machine: String?
  @OptionGroup var local: LocalOption
  @OptionGroup var steps: StepsOption
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: FitnessOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let loaded = try workspace.constellation(constellation.name)
    let (reasons, trust) = try await workspace.why(
      project, machine: machine, loaded, includingLocal: local.choice, budget: steps.steps)
    if json {
      try printer.json(
        WhyDocument(
          schema: "weave.why/1", constellation: loaded.constellation.name, project: project,
          groups: reasons.map(WhyDocument.GroupJSON.init), trust: trust.map(TrustJSON.init)))
    } else {
      printer.note(trust)
      for (index, reason) in reasons.enumerated() {
        if index > 0 { printer.line("") }
        try WhyView(why: reason, workspace: workspace, printer: printer).print()
      }
    }
    if reasons.contains(where: { $0.refused.contains { $0.obstacle == .undecided } }) {
      printer.note("hint: --steps NUMBER lets it take more")
      throw ArgumentParser.ExitCode(4)
    }
  }
}
