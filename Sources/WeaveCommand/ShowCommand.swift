import ArgumentParser
import WeaveKit
import WeaveModel

struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show an event: its members, its state, and what it affects.")

  @Argument(help: "The event's id; may be shortened.") var event: String
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: GlobalOptions

  func run() async throws {
    let shown = try await options.workspace().show(event)
    if json {
      return try Printer.json(
        Document(
          schema: "weave.event/1", event: EventJSON(shown.event), state: state(of: shown),
          commits: shown.members.map(CommitJSON.init), revocations: shown.revocations.map(EventJSON.init),
          withdrawals: shown.withdrawals.map(EventJSON.init), locks: shown.locks, machines: shown.machines))
    }
    let event = shown.event
    Printer.out("\(event.claim.verb) \(event.id)")
    Printer.out("Author:  \(printable(event.author.name)) <\(printable(event.author.email))>")
    Printer.out("Date:    \(moment(event.author.seconds, offsetMinutes: event.author.offsetMinutes))")
    Printer.out("State:   \(state(of: shown))")
    if case .withdraw(let target) = event.claim { Printer.out("Takes back: \(target)") }
    for evidence in event.evidence { Printer.out("Evidence: \(printable(evidence))") }
    if !event.text.isEmpty {
      Printer.out("")
      for line in event.text.split(separator: "\n", omittingEmptySubsequences: false) {
        Printer.out("    \(printable(String(line)))")
      }
    }
    if !shown.members.isEmpty { Printer.out("") }
    for member in shown.members {
      let date = member.seconds.map { moment($0).prefix(10) } ?? "not fetched"
      Printer.out("  \(member.member)  \(date)  \(printable(member.subject ?? ""))")
    }
    if !shown.revocations.isEmpty {
      Printer.out("")
      for revocation in shown.revocations {
        Printer.out(
          "Revoked by \(printable(revocation.author.name)) on \(moment(revocation.author.seconds)) (\(revocation.id.short)): \(printable(revocation.reasonLine))"
        )
      }
    }
    for withdrawal in shown.withdrawals {
      Printer.out(
        "Taken back by \(printable(withdrawal.author.name)) (\(withdrawal.id.short)): \(printable(withdrawal.reasonLine))"
      )
    }
    if !shown.locks.isEmpty { Printer.out("In the lock of: \(shown.locks.joined(separator: ", "))") }
    if !shown.machines.isEmpty {
      Printer.out("Runs on: \(shown.machines.map(printable).joined(separator: ", "))")
    }
  }

  private func state(of shown: ShownEvent) -> String {
    if let standing = shown.standing { return standing.word }
    return shown.counts ? "counts" : "withdrawn"
  }

  struct Document: Encodable {
    let schema: String
    let event: EventJSON
    let state: String
    let commits: [CommitJSON]
    let revocations, withdrawals: [EventJSON]
    let locks, machines: [String]
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
