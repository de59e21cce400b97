import ArgumentParser
import ForeignText
import WeaveKit
import WeaveModel

struct PushCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "push",
    abstract: "Give a remote the events, constellations, locks and observations of here.",
    discussion: """
      Only your own events are pushed, and what of the shared is newer here. What the remote has and you don't is \
      pulled and joined first. Nothing is forced.
      """)

  @Argument(help: "The remote. Default: the only one, or origin.") var remote: String?
  @Flag(help: "First push linked commits that a project's source lacks there, as tags.")
  var withCommits = false
  @Flag(help: "Give your own ledgers whole, as where the remote has lost parts of them.") var whole = false
  @OptionGroup var options: GlobalOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    let name = try workspace.remote(remote).name.text
    printer.showProgress("Pushing to \(name)")
    defer { printer.clearProgress() }
    let outcome = try await workspace.push(name, withCommits: withCommits, isWhole: whole)
    printer.clearProgress()
    let pulls = outcome.pulled.map { PullView(outcome: $0, printer: printer) }
    for pull in pulls where !pull.isEmpty { pull.show() }
    let others = outcome.sent.count { !$0.holds("/ledger/") }
    let sent = [
      outcome.sentEvents > 0 ? [counted(outcome.sentEvents, "event")] : [],
      others > 0 ? [counted(others, "other record")] : [],
    ].flatMap(\.self)
    printer.note("To \(name): \(sent.isEmpty ? "nothing new" : sent.joined(separator: ", "))")
    if outcome.hadLost {
      printer.note("note: \(name) had lost what it was given; what is yours to give is there again")
    }
    for name in outcome.restored { printer.note("note: \(name) is given whole again") }
    BrokenRefView(printer: printer).show(outcome.broken, at: outcome.remote, stopsAll: true)
    let told = outcome.pulled.flatMap(\.unreadable).map(\.message)
    for explanation in outcome.unreadable where !told.contains(explanation.message) {
      printer.explain(explanation)
    }
    for entry in outcome.leaking {
      printer.note("error: \(entry.name) is not sent: it is public, and \(entry.reason)")
    }
    if !outcome.leaking.isEmpty {
      printer.note("hint: push to a private remote, or make public what it names")
    }
    showUnpublished(outcome.unpublished, printer)
    for entry in outcome.refused { printer.note("error: \(entry.name) is refused: \(entry.reason)") }
    for record in outcome.blocked {
      printer.note("error: \(record.name) is not sent: what \(name) has there is refused")
      printer.note(
        "hint: whoever keeps \(name) removes it there (`git update-ref -d \(Quoted.shellWord(record.name))`), then push again"
      )
    }
    for record in outcome.apart {
      printer.note("error: \(record.name) went apart from that of \(name), and is not pushed")
      printer.note("hint: `weave pull \(name)` says what differs")
    }
    if !outcome.broken.isEmpty || !outcome.unreadable.isEmpty || !outcome.refused.isEmpty
      || !outcome.blocked.isEmpty || !outcome.apart.isEmpty || !outcome.leaking.isEmpty
      || pulls.contains(where: \.hasFailures)
    {
      throw ExitCode(1)
    }
  }

  private func showUnpublished(_ members: [Member], _ printer: Printer) {
    guard !members.isEmpty else { return }
    printer.note(
      "warning: \(counted(members.count, "linked commit")) cannot be had by anybody else: no branch or tag of "
        + "the project's source has \(members.count == 1 ? "it" : "them"), as last fetched")
    for member in members.prefix(10) { printer.note("  \(member.project) \(member.commit)") }
    if members.count > 10 { printer.note("  and \(members.count - 10) more") }
    printer.note("hint: push them there, or `weave push --with-commits`")
  }
}
