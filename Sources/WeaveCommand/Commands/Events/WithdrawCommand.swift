import ArgumentParser
import WeaveKit

struct WithdrawCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Take back one event: a mistaken link, or a revocation. Final.")

  @Argument(help: "The event's id; may be shortened.") var event: String
  @OptionGroup var reason: ReasonOption
  @OptionGroup var force: ForceOption
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    print(
      try await options.workspace().withdraw(event, reason: reason.message, force: force.force))
  }
}

struct ReinstateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reinstate", abstract: "Take back a revocation: what it revoked counts again.")

  @Argument(help: "The revocation's id; may be shortened.") var revocation: String
  @OptionGroup var reason: ReasonOption
  @OptionGroup var force: ForceOption
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    print(
      try await options.workspace().reinstate(
        revocation, reason: reason.message, force: force.force))
  }
}

private func print(_ outcome: Workspace.WithdrawOutcome) {
  if let earlier = outcome.earlier {
    Printer.note(
      "note: \(earlier.author.name) took it back before: \(earlier.reasonLine); nothing is recorded")
  }
  for event in outcome.stillRevokedBy {
    Printer.note(
      "note: still revoked by \(event.id.short) of \(event.author.name): \(event.reasonLine)"
    )
  }
  Printer.line(outcome.id.hex)
}
