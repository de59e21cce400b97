import ArgumentParser
import WeaveKit
import WeaveModel

struct ShaCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sha",
    abstract: "Print the commit of a project that a machine should run: the lock's, else the resolution's.",
    usage: """
      weave sha <project> [-c <constellation>] [--machine <machine>]
                [--even-revoked] [--json]
      """,
    discussion: "Exits with 5 when what the machine should run is unfit.")

  @Argument(help: "The project.") var project: String
  @OptionGroup var constellation: ConstellationOption
  @Option(help: ArgumentHelp("The machine. Default: this one.", valueName: "machine")) var machine: String?
  @Flag(help: "Answer even when it was revoked.") var evenRevoked = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: ReadingOptions

  func run() async throws {
    let caller = try options.caller()
    let machine = machine ?? caller.hostName
    let commit: CommitID
    if options.at == nil,
      let known = Workspace.commitWantedAtOnce(
        of: project, on: machine, constellation: constellation.name, caller)
    {
      commit = known
    } else {
      let workspace = try await options.workspace()
      commit = try await workspace.wantedCommit(
        of: project, on: machine, workspace.constellation(constellation.name), evenRevoked: evenRevoked)
    }
    guard json else { return Printer.line(commit.hex) }
    try Printer.json(
      Document(schema: "weave.sha/1", machine: machine, project: project, commit: commit.hex))
  }

  struct Document: Encodable { let schema, machine, project, commit: String }
}
