import ArgumentParser
import WeaveKit
import WeaveModel

struct ProposeCommand: Command {
  /// What the answer is written as.
  enum Format: String, ExpressibleByArgument { case matrix }

  static let configuration = CommandConfiguration(
    commandName: "propose", abstract: "Say which new links are worth testing next.",
    usage: """
      weave propose [-c <constellation>] [--machine <machine>]
                    [--links <number>] [--local] [--json | --format matrix]
      """,
    discussion:
      "Those that move all projects together forward most. --format matrix is for a CI: a JSON object with the pairs to test under `include`."
  )

  @OptionGroup var constellation: ConstellationOption
  @Option(help: ArgumentHelp("Only this machine.", valueName: "machine")) var machine: String?
  @Option(help: ArgumentHelp("How many new links at most.", valueName: "number")) var links = 4
  @OptionGroup var local: LocalOption
  @OptionGroup var steps: StepsOption
  @Flag(help: "Print JSON.") var json = false
  @Option(help: ArgumentHelp("`matrix`: for a CI.", valueName: "format")) var format: Format?
  @OptionGroup var options: FitnessOptions

  func validate() throws {
    if !(1...100).contains(links) { throw ValidationError("--links takes a number from 1 to 100") }
    if json && format != nil { throw ValidationError("--json and --format exclude each other") }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let loaded = try workspace.constellation(constellation.name)
    let (proposals, trust) = try await workspace.proposals(
      upTo: links, machine: machine, loaded, includingLocal: local.choice, budget: steps.steps)
    if format == .matrix { return try printer.json(Matrix(include: matrix(proposals))) }
    if json {
      return try printer.json(
        Document(
          schema: "weave.proposals/1", constellation: loaded.constellation.name,
          groups: proposals.map(GroupJSON.init), trust: trust.map(TrustJSON.init)))
    }
    printer.note(trust)
    for (index, group) in proposals.enumerated() {
      if index > 0 { printer.line("") }
      print(group, printer)
    }
  }

  private func print(_ group: GroupProposals, _ printer: Printer) {
    let projects = "\(listed(group.machines)): \(counted(group.behind, "commit")) behind in all"
    guard let best = group.steps.last else {
      return printer.paragraph(
        group.behind == 0
          ? projects : "\(projects); found no way to change that by \(counted(links, "new link"))")
    }
    printer.paragraph(projects)
    for step in group.steps {
      let doubt = step.isProvedBest ? "" : " (the best found)"
      printer.line("  \(counted(step.newLinks.count, "new link")): \(step.behind) behind\(doubt)")
    }
    printer.paragraph("to test together: \(best.members.map(\.description).joined(separator: " "))")
    printer.line("once tested:")
    for pair in best.newLinks { printer.line("  \(pair.linkCommand)") }
  }

  private func matrix(_ proposals: [GroupProposals]) -> [[String: String]] {
    var seen: Set<CommitPair> = []
    return proposals.flatMap { $0.steps.last?.newLinks ?? [] }.filter { seen.insert($0).inserted }.map {
      pair in
      // A project may be called `name` or `link`.
      let own = ["name": pair.description, "link": "\(pair.first.argument) \(pair.second.argument)"]
      let commits = [pair.first, pair.second].map { ($0.project.text, $0.commit.hex) }
      return own.merging(commits) { own, _ in own }
    }
  }

  struct Matrix: Encodable { let include: [[String: String]] }
  struct Document: Encodable {
    let schema, constellation: String; let groups: [GroupJSON]; let trust: TrustJSON?
  }
  struct GroupJSON: Encodable {
    let machines: [String]; let behind: Int; let steps: [StepJSON]
    init(_ group: GroupProposals) {
      (machines, behind, steps) = (group.machines, group.behind, group.steps.map(StepJSON.init))
    }
  }
  struct StepJSON: Encodable {
    let newLinks: [[MemberJSON]]; let members: [MemberJSON]; let behind: Int; let proved: Bool
    init(_ step: GroupProposals.Step) {
      (newLinks, members) = (step.newLinks.map(\.json), step.members.map(MemberJSON.init))
      (behind, proved) = (step.behind, step.isProvedBest)
    }
  }
}

extension Member {
  /// As a command takes it, with the whole id.
  fileprivate var argument: String { "\(project)@\(commit.hex)" }
}
