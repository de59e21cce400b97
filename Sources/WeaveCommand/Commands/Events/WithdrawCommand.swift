import ArgumentParser
import WeaveKit

struct WithdrawCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Take back one event: a mistaken link, or a revocation. Final.")

  @Argument(help: "The event's id; may be shortened.") var event: String
  @OptionGroup var reason: ReasonOption
  @OptionGroup var force: ForceOption
  @OptionGroup var options: GlobalOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    print(
      try await options.workspace(surroundings).withdraw(event, reason: reason.message, force: force.force),
      printer)
  }
}

struct ReinstateCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "reinstate", abstract: "Take back a revocation: what it revoked counts again.")

  @Argument(help: "The revocation's id; may be shortened.") var revocation: String
  @OptionGroup var reason: ReasonOption
  @OptionGroup var force: ForceOption
  @OptionGroup var options: GlobalOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    print(
      try await options.workspace(surroundings).reinstate(
        revocation, reason: reason.message, force: force.force), printer)
  }
}

private func print(_ outcome: Workspace.WithdrawOutcome, _ printer: Printer) {
  if let earlier = outcome.earlier {
    printer.note(
      "note: \(earlier.author.name) took it back before: \(earlier.reasonLine); nothing is recorded")
  }
  for event in outcome.stillRevokedBy {
    printer.note(
      "note: still revoked by \(event.id.short) of \(event.author.name): \(event.reasonLine)"
    )
  }
  printer.line(outcome.id.hex)
}
