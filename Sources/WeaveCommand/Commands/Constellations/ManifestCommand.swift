import ArgumentParser
import WeaveKit
import WeaveModel

struct ManifestCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "manifest",
    abstract: "Print what a machine should run, as the JSON that the machine is to carry.",
    usage: "weave manifest [--machine <machine>] [-c <constellation>] [--even-revoked]",
    discussion: """
      What is wanted: the lock's, else the resolution's, with the guests that are built with the machine. `weave report \
      --from` reads it. Exits with 5 when what the machine should run is unfit.
      """)

  @OptionGroup var constellation: ConstellationOption
  @Option(help: ArgumentHelp("The machine. Default: this one.", valueName: "machine")) var machine: String?
  @Flag(help: "Answer even when it was revoked.") var evenRevoked = false
  @Flag(help: "Print JSON, as always.") var json = false
  @OptionGroup var options: FitnessOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let loaded = try workspace.constellation(constellation.name)
    let manifest = try await workspace.manifest(
      of: workspace.machineName(orThis: machine, in: loaded.constellation), loaded, evenRevoked: evenRevoked)
    try printer.json(
      Document(
        schema: "weave.manifest/1", machine: manifest.machine, constellation: manifest.constellation,
        resolution: manifest.resolution.hex, lock: manifest.lock?.hex, projects: revisions(manifest.projects),
        guests: manifest.guests.mapValues { Guest(projects: revisions($0)) }))
  }

  private func revisions(_ commits: [ProjectName: CommitID]) -> [String: Revision] {
    Dictionary(uniqueKeysWithValues: commits.map { ($0.key.text, Revision(rev: $0.value.hex)) })
  }

  struct Document: Encodable {
    let schema, machine, constellation, resolution: String; let lock: String?
    let projects: [String: Revision]; let guests: [String: Guest]
  }
  struct Guest: Encodable { let projects: [String: Revision] }
  struct Revision: Encodable { let rev: String }
}
