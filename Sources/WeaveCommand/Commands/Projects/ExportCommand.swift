import ArgumentParser
import ForeignText
import WeaveFormats
import WeaveKit

struct ExportCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print commits as a file that another tool checks them out from.",
    usage: """
      weave export <set> | <event> | <lock> --format <format>
      weave export <project@rev>... --format <format>
      weave export -c <constellation> [--machine <machine>] --format <format>
      """,
    discussion: """
      The formats: west, repo, vcs, mani; flake, a flake.nix with an input for each project; gitmodules, which holds \
      no commits, and gitlinks, which does: `weave export SET --format gitlinks | git update-index --index-info`.
      """)

  @OptionGroup var selection: SelectionOptions
  @Option(help: ArgumentHelp("Which tool's file.", valueName: "format"))
  var format: ExportFormat
  @OptionGroup var options: FitnessCheckOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let text = try await options.workspace(surroundings).export(selection.selection, as: format)
    printer.out(String(text.dropping(suffix: "\n") ?? text[...]))
  }
}

extension ExportFormat: ExpressibleByArgument {}
