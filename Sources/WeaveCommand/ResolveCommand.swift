import ArgumentParser
import WeaveKit
import WeaveModel
import WeaveStore

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
          machine, pick.project.text, pick.commit.short + (pick.reason == .newest ? "" : " (\(pick.reason.rawValue))"),
          behind.map(String.init) ?? "-", printable(try workspace.subject(of: pick.commit) ?? ""))
      }
    }
    table.print()
    note(resolution, loaded, workspace)
  }

  private func behind(_ pick: Resolution.Pick, _ resolution: Resolution, _ workspace: Workspace) throws -> Int? {
    try resolution.tips[pick.project].flatMap { try workspace.behind(pick.commit, $0) }
  }

  private func note(_ resolution: Resolution, _ loaded: LoadedConstellation, _ workspace: Workspace) {
    for crossing in resolution.crossings where !crossing.isLive {
      Printer.note("note: \(crossing.pair) are coupled across groups of machines and not linked")
    }
    guard let lock = try? workspace.lock(named: nil, loaded), let locked = try? workspace.store.commitsByComponent(in: lock.resolution)
    else { return }
    for (machine, commits) in resolution.tree.machines.sorted(by: { $0.key < $1.key })
    where locked[RefComponent.encode(machine)] != commits {
      Printer.note("note: the lock \(lock.id.short) wants other commits on \(printable(machine)); `weave lock` adopts these")
    }
  }

  private func document(
    _ resolution: Resolution, _ rows: [(String, [Resolution.Pick])], _ workspace: Workspace
  ) throws -> Document {
    Document(
      schema: "weave.resolution/1", constellation: resolution.constellation,
      resolution: try workspace.identifier(of: resolution).hex,
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

  struct Document: Encodable { let schema, constellation, resolution: String; let machines: [MachineJSON] }
  struct MachineJSON: Encodable { let machine: String; let projects: [PickJSON] }
  struct PickJSON: Encodable { let project, commit, reason: String; let behind: Int? }
}
