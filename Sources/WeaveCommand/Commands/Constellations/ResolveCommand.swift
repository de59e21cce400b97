import ArgumentParser
import WeaveFormats
import WeaveKit
import WeaveModel

struct ResolveCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Compute the exact commit of every project on every machine.",
    usage: """
      weave resolve [-c <constellation>] [--machine <machine>]
                    [--project <project>] [--local] [--json]
                    [--keep | --update <project>... | --only-revoked]
                    [--steps <number>]
      weave resolve … --format <format> [<options of the format>]
      """,
    discussion: """
      With --machine and --project, prints the commit's id alone. Exits with 5 when nothing fits, with 4 when it gave up.

      \(FormatOptions.discussion)
      """
  )

  @OptionGroup var question: ResolveQuestion
  @OptionGroup var format: FormatOptions
  @Flag(help: "With --format ansible: the whole inventory, as Ansible asks for it.") var list = false
  @OptionGroup var options: FitnessOptions

  func validate() throws {
    if list && (format.chosen != .ansible || format.host != nil) {
      throw ValidationError("--list goes with --format ansible, without --host")
    }
    if question.json, let chosen = format.chosen, chosen != .json {
      throw ValidationError("--json and --format \(chosen.rawValue) exclude each other")
    }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    try await format.explainingErrors(on: printer) {
      let workspace = try await options.workspace(surroundings)
      var question = question
      switch format.chosen {
      case nil: try await question.answer(workspace, printer)
      case .json:
        question.json = true
        try await question.answer(workspace, printer)
      case .terraformExternal:
        var subject = FormatSubject(
          constellation: question.constellation.name, machine: question.machine, project: question.project)
        try subject.take(workspace.terraformQuery)
        question.constellation.name = subject.constellation
        (question.machine, question.project) = (subject.machine, subject.project)
        try await question.answer(workspace, in: format, as: .terraformExternal, printer)
      case let chosen?: try await question.answer(workspace, in: format, as: chosen, printer)
      }
    }
  }
}

/// What `weave resolve` and `weave what-if resolve` take.
struct ResolveQuestion: ParsableArguments {
  @OptionGroup var constellation: ConstellationOption
  @Option(help: ArgumentHelp("Only this machine.", valueName: "machine")) var machine: String?
  @Option(help: ArgumentHelp("Only this project.", valueName: "project")) var project: String?
  @OptionGroup var local: LocalOption
  @OptionGroup var preference: PreferenceOptions
  @OptionGroup var steps: StepsOption
  @Flag(help: "Print JSON.") var json = false

  func answer(_ workspace: Workspace, _ printer: Printer) async throws {
    let (loaded, machineName, projectName) = try subject(in: workspace)
    let resolution = try await resolve(loaded, in: workspace)
    if let machineName, let projectName, !json {
      let picks = resolution.machines.first { $0.machine == machineName }?.picks
      guard let pick = picks?.first(where: { $0.project == projectName }) else {
        throw WeaveError("\(projectName) does not run on \(machineName)")
      }
      return printer.line(pick.commit.hex)
    }
    let rows = resolution.machines.filter { machineName == nil || $0.machine == machineName }.map { machine in
      (machine.machine, machine.picks.filter { projectName == nil || $0.project == projectName })
    }
    if json {
      return try printer.json(
        ResolutionJSON(resolution, rows, loaded.constellation) { try behind($0, resolution, workspace) })
    }
    var table = Table("MACHINE", "PROJECT", "COMMIT", "BEHIND", "SUBJECT")
    for (machine, picks) in rows {
      for pick in picks {
        let behind = try behind(pick, resolution, workspace)
        table.add(
          machine, pick.project.text,
          pick.commit.short + (pick.reason == .newest ? "" : " (\(pick.reason.rawValue))"),
          behind.map(String.init) ?? "-", try workspace.subject(of: pick.commit) ?? "")
      }
    }
    table.print(on: printer)
    printer.note(resolution.trust)
    try await note(resolution, on: rows.map(\.0), loaded, workspace, printer)
    // What only is supposed, or is not the newest by wish, is not what `weave why` explains.
    let explains = !workspace.isSupposing && !preference.isGiven
    printer.note(
      resolution.outlook.sentence(
        hint: explains ? (["weave why PROJECT"] + again).joined(separator: " ") : nil))
    noteUntrusted(resolution, printer)
  }

  /// What it is about: the constellation, and the one machine and project, where they are given.
  private func subject(
    in workspace: Workspace
  ) throws -> (LoadedConstellation, machine: String?, project: ProjectName?) {
    let loaded = try workspace.constellation(constellation.name)
    return (
      loaded, try machine.map { try workspace.machineName($0, in: loaded.constellation) },
      try project.map { try workspace.projectName($0, in: loaded.constellation) }
    )
  }

  private func resolve(_ loaded: LoadedConstellation, in workspace: Workspace) async throws -> Resolution {
    try await workspace.resolve(
      loaded, preference: preference.preference(workspace, loaded.constellation),
      includingLocal: local.choice, budget: steps.steps,
      machine: machine.map { try workspace.machineName($0, in: loaded.constellation) })
  }

  /// Answers in the format of a deploy tool.
  func answer(
    _ workspace: Workspace, in options: FormatOptions, as format: DeployFormat, _ printer: Printer
  ) async throws {
    let (loaded, machine, project) = try subject(in: workspace)
    let resolution = try await resolve(loaded, in: workspace)
    let state = try workspace.desiredState(resolution, of: loaded)
      .selecting(machine: machine, project: project)
    if let project, state.selected.allSatisfy(\.commits.isEmpty) {
      throw WeaveError("\(project) does not run on \(machine ?? "any machine")")
    }
    // Terraform shows standard error only where the program fails, and then wants the one line.
    if format != .terraformExternal {
      printer.note(resolution.trust)
      try await note(resolution, on: state.selected.map(\.name), loaded, workspace, printer)
    }
    try await options.print(state, as: format, loaded, workspace, printer)
  }

  private func behind(_ pick: Resolution.Pick, _ resolution: Resolution, _ workspace: Workspace) throws
    -> Int?
  {
    try resolution.tips[pick.project].flatMap { try workspace.behind(pick.commit, $0) }
  }

  private func note(
    _ resolution: Resolution, on machines: [String], _ loaded: LoadedConstellation, _ workspace: Workspace,
    _ printer: Printer
  ) async throws {
    for crossing in resolution.crossings {
      printer.note(
        "note: \(crossing.pair) are coupled across groups of machines, which is not enforced; "
          + (crossing.isLive ? "they are linked" : "they are not linked"))
    }
    guard let difference = try await workspace.difference(of: resolution, from: loaded) else { return }
    let others = difference.machines.filter(machines.contains)
    guard !others.isEmpty else { return }
    let adoption = (["weave lock"] + again + preference.arguments).joined(separator: " ")
    printer.note(
      "note: the lock \(difference.lock.id.short) wants other commits on \(listed(others))"
        + (workspace.isSupposing ? "" : "; `\(adoption)` adopts these"))
  }

  /// Of the links that would let all be at the newest, those that somebody made already.
  private func noteUntrusted(_ resolution: Resolution, _ printer: Printer) {
    guard let trust = resolution.trust else { return }
    for pair in resolution.outlook.newLinks {
      guard let link = trust.leftOutLinks(holding: pair).first else { continue }
      printer.note("note: \(link.short) links \(pair) and is left out, \(trust.reason)")
    }
  }

  /// What another command takes to be about the same.
  private var again: [String] {
    (constellation.name.map { ["-c", $0] } ?? []) + (local.local ? ["--local"] : [])
  }
}

extension Outlook {
  /// How many projects are at their newest, and what it takes for all to be; `hint` is the command that says why not.
  func sentence(hint: String?) -> String {
    guard newest < projects else {
      return projects == 1
        ? "the one project is at the newest it may run"
        : "all \(projects) projects at the newest they may run"
    }
    var sentence = "\(newest) of \(counted(projects, "project")) at the newest they may run"
    if !newLinks.isEmpty {
      sentence += "; \(counted(newLinks.count, "new link")) would let all be"
      if revocations > 0 { sentence += ", but for \(counted(revocations, "revocation"))" }
    } else if revocations > 0 {
      sentence += "; \(counted(revocations, "revocation")) would have to be taken back for all to be"
    }
    return sentence + (hint.map { " (`\($0)`)" } ?? "")
  }
}
