import ArgumentParser
import WeaveKit
import WeaveModel

struct LogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "List every event, newest first.")
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let events = try await options.workspace().log()
    if json { return try Printer.json(Document(schema: "weave.log/1", events: events.map(EventJSON.init))) }
    for event in events {
      let what: String
      if case .withdraw(let target) = event.claim {
        what = target.short
      } else {
        what = event.members?.description ?? ""
      }
      let date = moment(event.author.seconds, offsetMinutes: event.author.offsetMinutes)
      Printer.line(
        Terminal.fitted(
          "\(event.id.short)  \(date)  \(event.author.name)  \(event.claim.verb) \(what)",
          event.reasonLine))
    }
  }

  struct Document: Encodable { let schema: String; let events: [EventJSON] }
}
