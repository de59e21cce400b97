import ArgumentParser
import WeaveKit
import WeaveStore

struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "log", abstract: "List every event, newest first.")
  @OptionGroup var options: GlobalOptions

  func run() throws {
    for event in try options.workspace().log() {
      let what: String
      if case .withdraw(let target) = event.claim { what = target.short } else { what = event.members?.description ?? "" }
      Printer.out(
        "\(event.id.short)  \(moment(event.author.seconds, offsetMinutes: event.author.offsetMinutes))  "
          + "\(printable(event.author.name))  \(event.claim.verb) \(what)  \(printable(event.reasonLine))")
    }
  }
}
