import ArgumentParser
import WeaveKit

struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Make a workspace: a directory with a store in .weave/.git.")

  @Argument(help: "Where; created if need be.", completion: .directory) var directory = "."
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let workspace = try Workspace.initialize(directory, caller: try options.caller())
    Printer.note("Made an empty store in \(workspace.directory)/.weave/.git")
    Printer.note("Next: `weave project add NAME SOURCE`")
  }
}
