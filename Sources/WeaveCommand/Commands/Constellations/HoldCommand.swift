import ArgumentParser
import ForeignText
import WeaveKit
import WeaveModel

struct HoldCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "hold", abstract: "Keep a project on one machine where it is, for now.",
    usage: "weave hold <machine> <project>[@<rev>] -m <reason> [--until <date>] [-c <constellation>]",
    discussion: """
      Without @REV, at what the machine runs; where it never said so, at what is wanted of it. In force at once, and until \
      `weave release`: past --until it is shown as expired.
      """)

  @Argument(help: "The machine.") var machine: String
  @Argument(help: ArgumentHelp("The project, and where to keep it.", valueName: "project[@rev]"))
  var member: String
  @OptionGroup var reason: ReasonOption
  @Option(help: ArgumentHelp("Until when: 2026-12-01, or 2026-12-01T18:00:00Z.", valueName: "date"))
  var until: String?
  @OptionGroup var constellation: ConstellationOption
  @OptionGroup var force: ForceOption
  @OptionGroup var options: FitnessCheckOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let held = try await options.workspace(surroundings).hold(
      member, on: machine, constellation.name, because: reason.message, until: until, force: force.force)
    printer.note(
      "\(held.machine) keeps \(held.member.project) at \(held.member.commit.short)"
        + "; `weave release \(Quoted.shellOperand(held.machine)) \(held.member.project)` ends it")
    if let distrust = held.distrust {
      printer.note(
        "warning: nothing is said of what \(held.machine) should run: \(distrust.reason); \(distrust.hint)")
    }
    for pair in held.unlinked {
      printer.note(
        "warning: \(held.machine) is now to run \(pair), which nobody linked; `weave lock` picks what fits the hold"
      )
    }
    for event in held.revocations {
      printer.note("warning: what \(held.machine) should run is unfit now: \(event.revocationSentence)")
    }
  }
}

struct ReleaseCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "release", abstract: "End a hold.",
    usage: "weave release <machine> <project> [-c <constellation>]")

  @Argument(help: "The machine.") var machine: String
  @Argument(help: "The project.") var project: String
  @OptionGroup var constellation: ConstellationOption
  @OptionGroup var options: FitnessCheckOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let (machine, project) = try await options.workspace(surroundings).release(
      project, on: machine, constellation.name)
    printer.note("\(machine) no longer keeps \(project)")
  }
}
