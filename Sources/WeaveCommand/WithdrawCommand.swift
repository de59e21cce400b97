import ArgumentParser
import WeaveKit

struct WithdrawCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Take back one event: a mistaken link, or a revocation. Final.")

  @Argument(help: "The event's id; may be shortened.") var event: String
  @Option(name: [.customShort("m"), .long], help: ArgumentHelp("Why.", valueName: "reason")) var message: String
  @OptionGroup var options: GlobalOptions

  func validate() throws { try requireReason(message) }
  func run() throws { Printer.out(try options.workspace().withdraw(event, reason: message).hex) }
}

struct ReinstateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reinstate", abstract: "Take back a revocation: what it revoked counts again.")

  @Argument(help: "The revocation's id; may be shortened.") var revocation: String
  @Option(name: [.customShort("m"), .long], help: ArgumentHelp("Why.", valueName: "reason")) var message: String
  @OptionGroup var options: GlobalOptions

  func validate() throws { try requireReason(message) }
  func run() throws { Printer.out(try options.workspace().reinstate(revocation, reason: message).hex) }
}
