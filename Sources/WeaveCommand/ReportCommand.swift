import ArgumentParser
import WeaveKit

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Record what a machine says that it runs.",
    usage: """
      weave report --machine <machine> <project=sha>... [--dirty <project>]...
      weave report --machine <machine> --from <file>
      """)

  @Option(help: ArgumentHelp("The machine.", valueName: "machine")) var machine: String
  @Argument(help: ArgumentHelp("What it runs, full ids.", valueName: "project=sha")) var entries: [String] =
    []
  @Option(
    help: ArgumentHelp("A project with changes that no commit holds; may be repeated.", valueName: "project"))
  var dirty: [String] = []
  @Option(
    help: ArgumentHelp("Read `PROJECT SHA` lines from this file, or from - .", valueName: "file"),
    completion: .file()) var from: String?
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let workspace = try await options.workspace()
    let entries = try entries + (from.map { try workspace.reportEntries(from: $0) } ?? [])
    let (observation, isChange) = try await workspace.report(machine: machine, entries: entries, dirty: dirty)
    Printer.note(
      "\(machine): report \(observation.sequence), \(isChange ? "changed" : "unchanged")")
  }
}
