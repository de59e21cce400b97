import ArgumentParser
import ForeignText
import WeaveKit
import WeaveModel

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show an event: its members, its state, and what it affects.")

  @Argument(help: "The event's id; may be shortened.") var event: String
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: ReadingOptions

  func run() async throws {
    let shown = try await options.workspace().show(event)
    if json {
      return try Printer.json(
        Document(
          schema: "weave.event/1", event: EventJSON(shown.event), state: state(of: shown),
          commits: shown.members.map(CommitJSON.init), revocations: EventJSON.list(shown.revocations),
          withdrawals: EventJSON.list(shown.withdrawals), locks: shown.locks, machines: shown.machines,
          signature: SignatureJSON(shown.verdict)))
    }
    let event = shown.event
    Printer.line("\(event.verb) \(event.id)")
    Printer.line("Author:  \(event.author.name) <\(event.author.email)>")
    Printer.line("Date:    \(moment(event.author.seconds, offsetMinutes: event.author.offsetMinutes))")
    Printer.paragraph("Signed:  \(shown.verdict.finding == .unsigned ? "no" : shown.verdict.sentence)")
    Printer.line("State:   \(state(of: shown))")
    if case .withdraw(let target) = event.claim { Printer.line("Takes back: \(target)") }
    for evidence in event.evidence { Printer.line("Evidence: \(evidence)") }
    if !event.text.isEmpty {
      Printer.line("")
      for line in event.text.split(atScalar: "\n", keepsEmpty: true) {
        Printer.line("    \(line)")
      }
    }
    if !shown.members.isEmpty { Printer.line("") }
    for member in shown.members {
      let date = member.seconds.map { moment($0).prefix(10) } ?? "not fetched"
      Printer.line("  \(member.member)  \(date)  \(member.subject ?? "")")
    }
    if !shown.revocations.isEmpty {
      Printer.line("")
      for revocation in shown.revocations {
        Printer.line(
          "Revoked by \(revocation.author.name) on \(moment(revocation.author.seconds)) (\(revocation.id.short)): \(revocation.reasonLine)"
        )
      }
    }
    for withdrawal in shown.withdrawals {
      Printer.line(
        "Taken back by \(withdrawal.author.name) (\(withdrawal.id.short)): \(withdrawal.reasonLine)"
      )
    }
    if !shown.locks.isEmpty { Printer.line("In the lock of: \(shown.locks.joined(separator: ", "))") }
    if !shown.machines.isEmpty {
      Printer.line("Runs on: \(shown.machines.map(printable).joined(separator: ", "))")
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
