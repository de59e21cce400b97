import ArgumentParser
import WeaveKit
import WeaveModel

struct LogCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "List every event, newest first.")
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: GlobalOptions

  func run() throws {
    let events = try options.workspace().log()
    if json { return try Printer.json(Document(schema: "weave.log/1", events: events.map(EventJSON.init))) }
    for event in events {
      let what: String
      if case .withdraw(let target) = event.claim {
        what = target.short
      } else {
        what = event.members?.description ?? ""
      }
      Printer.out(
        "\(event.id.short)  \(moment(event.author.seconds, offsetMinutes: event.author.offsetMinutes))  "
          + "\(printable(event.author.name))  \(event.claim.verb) \(what)  \(printable(event.reasonLine))")
    }
  }

  struct Document: Encodable { let schema: String; let events: [EventJSON] }
}

/// An event as every JSON document has it.
struct EventJSON: Encodable {
  let id, kind, ledger, author: String
  let time: Int64
  let text: String
  let evidence: [String]
  let members: [MemberJSON]
  let withdraws: String?

  init(_ event: Event) {
    (id, kind, ledger, author) = (event.id.hex, event.claim.verb, event.ledger.description, event.author.name)
    (time, text, evidence) = (event.author.seconds, event.text, event.evidence)
    members = (event.members?.members ?? []).map {
      MemberJSON(project: $0.project.text, commit: $0.commit.hex)
    }
    if case .withdraw(let target) = event.claim { withdraws = target.hex } else { withdraws = nil }
  }
}
