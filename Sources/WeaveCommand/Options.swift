import ArgumentParser
import WeaveKit

/// What every command takes.
struct GlobalOptions: ParsableArguments {
  @Option(
    name: .customShort("C"), help: ArgumentHelp("Work as if started in this directory.", valueName: "dir"),
    completion: .directory)
  var directory: String?

  func caller() throws -> Caller { try Caller.fromProcess(directory: directory) }
  func workspace() throws -> Workspace { try Workspace.open(caller()) }
}

/// Which constellation.
struct ConstellationOption: ParsableArguments {
  @Option(
    name: [.customShort("c"), .customLong("constellation")],
    help: ArgumentHelp(
      "The constellation: a name in the store, a file, or - for standard input. Default: the only one stored.",
      valueName: "name"))
  var name: String?
}
