import ArgumentParser
import WeaveKit
import WeaveModel

struct ResolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Compute the exact commit of every project on every machine.",
    discussion: "With --machine and --project, prints the commit's id alone. Exits with 5 when nothing fits.")

  @OptionGroup var constellation: ConstellationOption
  @Option(help: ArgumentHelp("Only this machine.", valueName: "machine")) var machine: String?
  @Option(help: ArgumentHelp("Only this project.", valueName: "project")) var project: String?
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let workspace = try options.workspace()
    let loaded = try workspace.constellation(constellation.name)
    let machineName = try machine.map { try workspace.machineName($0, in: loaded.constellation) }
    let projectName = try project.map { try workspace.projectName($0, in: loaded.constellation) }
    let resolution = try workspace.resolve(loaded)
    if let machineName, let projectName, !json {
      let picks = resolution.machines.first { $0.machine == machineName }?.picks
      guard let pick = picks?.first(where: { $0.project == projectName }) else {
        throw WeaveError("\(projectName) does not run on \(machineName)")
      }
      return Printer.out(pick.commit.hex)
    }
    let rows = resolution.machines.filter { machineName == nil || $0.machine == machineName }.map { machine in
      (machine.machine, machine.picks.filter { projectName == nil || $0.project == projectName })
    }
    if json { return try Printer.json(document(resolution, rows, workspace)) }
    var table = Table("MACHINE", "PROJECT", "COMMIT", "BEHIND", "SUBJECT")
    for (machine, picks) in rows {
      for pick in picks {
        let behind = try behind(pick, resolution, workspace)
        table.add(
          machine, pick.project.text,
          pick.commit.short + (pick.reason == .newest ? "" : " (\(pick.reason.rawValue))"),
          behind.map(String.init) ?? "-", printable(try workspace.subject(of: pick.commit) ?? ""))
      }
    }
    table.print()
    try note(resolution, on: rows.map(\.0), loaded, workspace)
  }

  private func behind(_ pick: Resolution.Pick, _ resolution: Resolution, _ workspace: Workspace) throws
    -> Int?
  {
    try resolution.tips[pick.project].flatMap { try workspace.behind(pick.commit, $0) }
  }

  private func note(
    _ resolution: Resolution, on machines: [String], _ loaded: LoadedConstellation, _ workspace: Workspace
  ) throws {
    for crossing in resolution.crossings {
      Printer.note(
        "note: \(crossing.pair) are coupled across groups of machines, which is not enforced; "
          + (crossing.isLive ? "they are linked" : "they are not linked"))
    }
    guard let difference = try workspace.difference(of: resolution, from: loaded) else { return }
    for machine in difference.machines where machines.contains(machine) {
      Printer.note(
        "note: the lock \(difference.lock.id.short) wants other commits on \(printable(machine)); `weave lock` adopts these"
      )
    }
  }

  private func document(
    _ resolution: Resolution, _ rows: [(String, [Resolution.Pick])], _ workspace: Workspace
  ) throws -> Document {
    Document(
      schema: "weave.resolution/1", constellation: resolution.constellation,
      resolution: try resolution.tree.id().hex,
      crossings: resolution.crossings.map { crossing in
        CrossingJSON(
          members: [crossing.pair.first, crossing.pair.second].map {
            MemberJSON(project: $0.project.text, commit: $0.commit.hex)
          },
          live: crossing.isLive)
      },
      machines: try rows.map { machine, picks in
        MachineJSON(
          machine: machine,
          projects: try picks.map { pick in
            PickJSON(
              project: pick.project.text, commit: pick.commit.hex, reason: pick.reason.rawValue,
              behind: try behind(pick, resolution, workspace))
          })
      })
  }

  struct Document: Encodable {
    let schema, constellation, resolution: String; let crossings: [CrossingJSON]; let machines: [MachineJSON]
  }
  struct CrossingJSON: Encodable { let members: [MemberJSON]; let live: Bool }
  struct MachineJSON: Encodable { let machine: String; let projects: [PickJSON] }
  struct PickJSON: Encodable { let project, commit, reason: String; let behind: Int? }
}
