import ArgumentParser
import WeaveKit

struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a workspace: a directory with a store in .weave/.git.")

  @Argument(help: "Where; created if need be.", completion: .directory) var directory = "."
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let workspace = try await Workspace.initialize(directory, caller: try options.caller())
    Printer.note("Made an empty store in \(workspace.directory)/.weave/.git")
    Printer.note("Next: `weave project add NAME SOURCE`")
  }
}
