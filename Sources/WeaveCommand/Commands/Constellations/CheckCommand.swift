import ArgumentParser
import WeaveKit
import WeaveModel

struct CheckCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Say whether just these commits are fit to run together.",
    usage: "weave check [-c <constellation>] <project@rev>... [--json]",
    discussion:
      "Of the pairs that the constellation requires; of all, where none is stored. Exits with 5 when they are not fit."
  )

  @Argument(help: ArgumentHelp("The commits.", valueName: "project@rev")) var members: [String]
  @OptionGroup var constellation: ConstellationOption
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: FitnessOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let isAny = try constellation.name != nil || !workspace.constellationNames().isEmpty
    let loaded = isAny ? try workspace.constellation(constellation.name) : nil
    let fitness = try await workspace.fitness(of: members, loaded)
    if json {
      try printer.json(
        Document(
          schema: "weave.check/1", fit: fitness.isFit, members: fitness.members.members.map(MemberJSON.init),
          unlinked: fitness.unlinked.map(\.json), revocations: EventJSON.list(fitness.revocations),
          trust: fitness.trust.map(TrustJSON.init)))
    } else {
      printer.note(fitness.trust)
      print(fitness, printer)
    }
    if !fitness.isFit { throw ArgumentParser.ExitCode(5) }
  }

  private func print(_ fitness: Fitness, _ printer: Printer) {
    guard !fitness.isFit else { return printer.paragraph("fit: \(fitness.members)") }
    printer.paragraph("not fit: \(fitness.members)")
    for event in fitness.revocations {
      let remark = fitness.trust?.remark(on: event.id) ?? ""
      printer.paragraph("  \(event.id.short)  \(event.revocationSentence)\(remark)")
    }
    for pair in fitness.unlinked {
      let links = fitness.trust?.leftOutLinks(holding: pair) ?? []
      printer.paragraph(
        "  not linked: \(pair)"
          + (links.isEmpty ? "" : ", but for what is left out: \(links.map(\.short).joined(separator: ", "))")
      )
    }
    guard !fitness.unlinked.isEmpty, fitness.revocations.isEmpty else { return }
    printer.note("once tested:")
    for pair in fitness.unlinked { printer.note("  \(pair.linkCommand)") }
  }

  struct Document: Encodable {
    let schema: String; let fit: Bool; let members: [MemberJSON]; let unlinked: [[MemberJSON]]
    let revocations: [EventJSON]; let trust: TrustJSON?
  }
}
