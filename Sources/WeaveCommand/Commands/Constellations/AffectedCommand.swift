import ArgumentParser
import WeaveKit
import WeaveModel

struct AffectedCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "affected", abstract: "Say who runs what was revoked, and of whom it is wanted.",
    usage: "weave affected [<revocation>] [--json] [--at <when>]",
    discussion:
      "Without a revocation, of each one that affects anybody, and 100,000 names of machines at most.")

  @Argument(help: ArgumentHelp("The revocation's id; may be shortened.", valueName: "revocation"))
  var revocation: String?
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: FitnessOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let found = try await options.workspace(surroundings).affected(by: revocation)
    if json {
      return try printer.json(
        Document(
          schema: "weave.affected/1",
          revocations: zip(EventJSON.list(found.map(\.revocation)), found).map(AffectedJSON.init)))
    }
    if found.isEmpty { printer.line("no machine runs anything that was revoked, and of none is it wanted") }
    for affected in found {
      let event = affected.revocation
      printer.paragraph("\(event.id.short)  \(event.revocationSentence)")
      if !affected.counts { printer.line("  taken back since; it would affect:") }
      let running = machines(affected.running)
      printer.paragraph(
        "  runs on: \(running)\(more(than: affected.running.count, of: affected.runningCount))")
      for (constellation, machines, count) in affected.wanted {
        let names = machines.joined(separator: ", ") + more(than: machines.count, of: count)
        printer.paragraph("  wanted on: \(names) (\(constellation))")
      }
      if affected.wanted.isEmpty { printer.line("  wanted on: no machine") }
    }
    if let cut = found.first(where: \.isCut) {
      printer.note("hint: `weave affected \(cut.revocation.id.short)` names all machines of one")
    }
  }

  private func more(than shown: Int, of count: Int) -> String {
    shown < count ? " and \(count - shown) more" : ""
  }

  struct Document: Encodable {
    let schema: String
    let revocations: [AffectedJSON]
  }
  struct AffectedJSON: Encodable {
    let revocation: EventJSON
    let counts: Bool
    let running: [RunningJSON]
    let moreRunning: Int?
    let wanted: [WantingJSON]

    init(_ revocation: EventJSON, _ affected: AffectedMachines) {
      (self.revocation, counts) = (revocation, affected.counts)
      running = affected.running.map(RunningJSON.init)
      let excess = affected.runningCount - affected.running.count
      moreRunning = excess > 0 ? excess : nil
      wanted = affected.wanted.map {
        WantingJSON(constellation: $0.constellation, machines: $0.machines, count: $0.count)
      }
    }
  }
}

extension AffectedMachines {
  /// Whether it has more machines than are named.
  fileprivate var isCut: Bool {
    running.count < runningCount || wanted.contains { $0.machines.count < $0.count }
  }
}
