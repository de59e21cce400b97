import ArgumentParser
import WeaveKit
import WeaveModel

struct ShaCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "sha",
    abstract: "Print the commit of a project that a machine should run: the lock's, else the resolution's.",
    usage: """
      weave sha <project> [-c <constellation>] [--machine <machine>]
                [--even-revoked] [--json]
      """,
    discussion: "Exits with 5 when what the machine should run is unfit, or is not to be trusted.")

  @Argument(help: "The project.") var project: String
  @OptionGroup var constellation: ConstellationOption
  @Option(help: ArgumentHelp("The machine. Default: this one.", valueName: "machine")) var machine: String?
  @Flag(help: "Answer even when it was revoked.") var evenRevoked = false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: FitnessOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    if let machine, options.at == nil,
      let commit = Workspace.commitWantedAtOnce(
        of: project, on: machine, constellation: constellation.name,
        try options.surroundings(from: surroundings))
    {
      return try print(commit, on: machine, passedOver: [], printer)
    }
    let workspace = try await options.workspace(surroundings)
    let loaded = try workspace.constellation(constellation.name)
    let name = try workspace.machineName(orThis: machine, in: loaded.constellation)
    let (commit, passedOver) = try await workspace.wantedCommit(
      of: project, on: name, loaded, evenRevoked: evenRevoked)
    try print(commit, on: machine ?? name, passedOver: passedOver, printer)
  }

  private func print(_ commit: CommitID, on machine: String, passedOver: [UntrustedLock], _ printer: Printer)
    throws
  {
    guard json else { return printer.line(commit.hex) }
    try printer.json(
      Document(
        schema: "weave.sha/1", machine: machine, project: project, commit: commit.hex,
        passedOver: PassedOverJSON.list(passedOver)))
  }

  struct Document: Encodable {
    let schema, machine, project, commit: String; let passedOver: [PassedOverJSON]?
  }
}
