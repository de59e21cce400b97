import ArgumentParser
import WeaveKit
import WeaveModel

struct AffectedCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "affected", abstract: "Say who runs what was revoked, and of whom it is wanted.",
    usage: "weave affected [<revocation>] [--json] [--at <when>]",
    discussion: "Without a revocation, of each one that affects anybody.")

  @Argument(help: ArgumentHelp("The revocation's id; may be shortened.", valueName: "revocation"))
  var revocation: String?
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: FitnessOptions

  func run() async throws {
    let found = try await options.workspace().affected(by: revocation)
    if json {
      return try Printer.json(Document(schema: "weave.affected/1", revocations: found.map(AffectedJSON.init)))
    }
    if found.isEmpty { Printer.line("no machine runs anything that was revoked, and of none is it wanted") }
    for affected in found {
      let event = affected.revocation
      Printer.paragraph("\(event.id.short)  \(event.revocationSentence)")
      if !affected.counts { Printer.line("  taken back since; it would affect:") }
      Printer.paragraph("  runs on: \(machines(affected.running))")
      for (constellation, machines) in affected.wanted {
        Printer.paragraph("  wanted on: \(machines.joined(separator: ", ")) (\(constellation))")
      }
      if affected.wanted.isEmpty { Printer.line("  wanted on: no machine") }
    }
  }

  struct Document: Encodable {
    let schema: String
    let revocations: [AffectedJSON]
  }
  struct AffectedJSON: Encodable {
    let revocation: EventJSON
    let counts: Bool
    let running: [RunningJSON]
    let wanted: [WantingJSON]

    init(_ affected: AffectedMachines) {
      (revocation, counts) = (EventJSON(affected.revocation), affected.counts)
      running = affected.running.map(RunningJSON.init)
      wanted = affected.wanted.map { WantingJSON(constellation: $0.constellation, machines: $0.machines) }
    }
  }
}
