import ArgumentParser
import WeaveKit

struct ReportCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Record what a machine says that it runs.",
    usage: """
      weave report [--machine <machine>] [--restart] <project=sha>... [--dirty <project>]...
      weave report [--machine <machine>] [--restart] --from <file>
      """,
    discussion: """
      --from reads, told by what it holds: what `weave manifest` prints, `nixos-version --json`, `nixos-rebuild \
      list-generations --json`, `.r10k-deploy.json` of r10k, and lines `PROJECT SHA [dirty]`. It may say whose it is. A \
      machine speaks for itself and its guests.

      --restart is for a machine that counts its reports anew, or of which somebody pushed a number that it will not come \
      to: they are later than any other then. A store of format 1 has no such record (`weave upgrade`).
      """)

  @Option(
    help: ArgumentHelp(
      "The machine. Default: the one that the report names, else this one.", valueName: "machine"))
  var machine: String?
  @Argument(help: ArgumentHelp("What it runs, full ids.", valueName: "project=sha")) var entries: [String] =
    []
  @Option(
    help: ArgumentHelp("A project with changes that no commit holds; may be repeated.", valueName: "project"))
  var dirty: [String] = []
  @Option(
    help: ArgumentHelp("Read the report from this file, or from - .", valueName: "file"),
    completion: .file()) var from: String?
  @Flag(help: "Count the reports anew: this one is later than all that are recorded.") var restart = false
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    guard from != nil else { return }
    if !entries.isEmpty { throw ValidationError("name commits, or a file with --from") }
    if !dirty.isEmpty { throw ValidationError("--dirty goes with PROJECT=SHA; the file says it itself") }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let state =
      try from.map { try workspace.reportedState(from: $0) }
      ?? workspace.reportedState(entries: entries, dirty: dirty)
    let outcomes = try await workspace.report(state, by: machine, restart: restart)
    var isRefused = false
    for outcome in outcomes {
      let report = "\(outcome.machine): report \(outcome.number?.description ?? "")"
      switch outcome.verdict {
      case .changed: printer.note("\(report), changed")
      case .unchanged: printer.note("\(report), unchanged")
      case .restarted: printer.note("\(report), counted anew: all others are older")
      case .refused(let reason):
        printer.note("error: \(outcome.machine): \(reason)")
        isRefused = true
      }
    }
    if isRefused { throw ExitCode(1) }
  }
}
