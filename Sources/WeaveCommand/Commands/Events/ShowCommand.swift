import ArgumentParser
import ForeignText
import WeaveKit
import WeaveModel

struct ShowCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show an event: its members, its state, and what it affects.")

  @Argument(help: "The event's id; may be shortened.") var event: String
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: ReadingOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let shown = try await options.workspace(surroundings).show(event)
    if json {
      return try printer.json(
        Document(
          schema: "weave.event/1", event: EventJSON(shown.event), state: state(of: shown),
          commits: shown.members.map(CommitJSON.init), revocations: EventJSON.list(shown.revocations),
          withdrawals: EventJSON.list(shown.withdrawals), locks: shown.locks, machines: shown.machines,
          signature: SignatureJSON(shown.verdict)))
    }
    let event = shown.event
    printer.line("\(event.verb) \(event.id)")
    printer.line("Author:  \(event.author.name) <\(event.author.email)>")
    printer.line("Date:    \(moment(event.author.seconds, offsetMinutes: event.author.offsetMinutes))")
    printer.paragraph("Signed:  \(shown.verdict.finding == .unsigned ? "no" : shown.verdict.sentence)")
    printer.line("State:   \(state(of: shown))")
    if case .withdraw(let target) = event.claim { printer.line("Takes back: \(target)") }
    for evidence in event.evidence { printer.line("Evidence: \(evidence)") }
    if !event.text.isEmpty {
      printer.line("")
      for line in event.text.split(atScalar: "\n", keepsEmpty: true) {
        printer.line("    \(line)")
      }
    }
    if !shown.members.isEmpty { printer.line("") }
    for member in shown.members {
      let date = member.seconds.map { moment($0).prefix(10) } ?? "not fetched"
      printer.line("  \(member.member)  \(date)  \(member.subject ?? "")")
    }
    if !shown.revocations.isEmpty {
      printer.line("")
      for revocation in shown.revocations {
        printer.line(
          "Revoked by \(revocation.author.name) on \(moment(revocation.author.seconds)) (\(revocation.id.short)): \(revocation.reasonLine)"
        )
      }
    }
    for withdrawal in shown.withdrawals {
      printer.line(
        "Taken back by \(withdrawal.author.name) (\(withdrawal.id.short)): \(withdrawal.reasonLine)"
      )
    }
    if !shown.locks.isEmpty { printer.line("In the lock of: \(shown.locks.joined(separator: ", "))") }
    if !shown.machines.isEmpty {
      printer.line("Runs on: \(shown.machines.map(printable).joined(separator: ", "))")
    }
  }

  private func state(of shown: ShownEvent) -> String {
    if let standing = shown.standing { return standing.word }
    if shown.counts { return "counts" }
    return shown.withdrawals.isEmpty ? "counts for nothing" : "withdrawn"
  }

  struct Document: Encodable {
    let schema: String
    let event: EventJSON
    let state: String
    let commits: [CommitJSON]
    let revocations, withdrawals: [EventJSON]
    let locks, machines: [String]
    let signature: SignatureJSON
  }
  struct CommitJSON: Encodable {
    let project, commit: String
    let subject: String?
    let time: Int64?

    init(_ shown: ShownEvent.ShownMember) {
      (project, commit) = (shown.member.project.text, shown.member.commit.hex)
      (subject, time) = (shown.subject, shown.seconds)
    }
  }
}
