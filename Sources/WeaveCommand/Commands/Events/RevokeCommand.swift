import ArgumentParser
import WeaveKit

struct RevokeCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "revoke",
    abstract: "Say that commits are not fit to run together, or that one is not fit at all.",
    usage: """
      weave revoke <event> -m <reason>
      weave revoke <project@rev>... -m <reason>
      weave revoke --running <machine> -m <reason>
      """,
    discussion: "Wins over every link, made before or after, until it is reinstated. Prints the event's id.")

  @Argument(help: ArgumentHelp("A link's id, or the commits.", valueName: "event|project@rev")) var members:
    [String] = []
  @OptionGroup var reason: ReasonOption
  @Option(help: ArgumentHelp("Revoke what this machine was observed to run.", valueName: "machine"))
  var running: String?
  @OptionGroup var force: ForceOption
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if (running == nil) == members.isEmpty {
      throw ValidationError("name a link, or commits: PROJECT@REVISION, or --running MACHINE")
    }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let source: MemberSource = running.map { .running($0) } ?? .named(members)
    let outcome = try await options.workspace(surroundings).revoke(
      source, reason: reason.message, force: force.force)
    printer.note("Revoked \(outcome.members)")
    for event in outcome.alreadyRevokedBy {
      printer.note("note: already revoked by \(event.id.short): \(event.reasonLine)")
    }
    for pair in outcome.stillLive {
      printer.note("note: \(pair) is still linked: this revokes the set, not the pair")
    }
    for name in outcome.changedConstellations { printer.note("note: the resolution of \(name) changes") }
    printer.line(outcome.id.hex)
  }
}
