import ArgumentParser
import WeaveKit
import WeaveModel

struct LogCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "List every event, newest first.")
  @Flag(help: "Say of each whether it is signed, by whom, and whether that is good.") var showSignature =
    false
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: ReadingOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let events = try workspace.log()
    let verdicts = try await showSignature ? workspace.verdicts(on: events) : [:]
    if json {
      return try printer.json(
        Document(schema: "weave.log/1", events: EventJSON.list(events, verdicts: verdicts)))
    }
    for event in events {
      let what: String
      if case .withdraw(let target) = event.claim {
        what = target.short
      } else {
        what = event.members?.shown ?? ""
      }
      let date = moment(event.author.seconds, offsetMinutes: event.author.offsetMinutes)
      printer.line(
        "\(event.id.short)  \(date)  \(event.author.name)  \(event.verb) \(what)",
        event.reasonLine)
      if let verdict = verdicts[event.id] { printer.paragraph("         \(verdict.sentence)") }
    }
  }

  struct Document: Encodable { let schema: String; let events: [EventJSON] }
}
