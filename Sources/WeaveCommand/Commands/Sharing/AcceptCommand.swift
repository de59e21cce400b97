import ArgumentParser
import ForeignText
import WeaveKit

struct AcceptCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "accept",
    abstract: "Use what others have changed of whom to believe, what to run and where to go.",
    usage: """
      weave accept
      weave accept <entry>...
      weave accept --all
      """,
    discussion: """
      A pull takes each record. Of a constellation's trust, probe and addresses, and of a project's source, what was \
      accepted here stays in use until you say yes. Without an entry, what waits is listed.
      """)

  @Argument(help: ArgumentHelp("As listed: project/NAME or constellation/NAME.", valueName: "entry"))
  var entries: [String] = []
  @Flag(help: "Accept all that is recorded.") var all = false
  @Flag(help: "Print JSON (a list only).") var json = false
  @OptionGroup var options: GlobalOptions

  func validate() throws {
    if all && !entries.isEmpty { throw ValidationError("--all takes no entries") }
    if json && (all || !entries.isEmpty) { throw ValidationError("--json lists, and accepts nothing") }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    guard all || !entries.isEmpty else {
      let pending = try workspace.pendingChanges()
      if json { return try printer.json(PendingDocument(pending)) }
      if pending.isEmpty { return printer.note("nothing waits for a yes") }
      for change in pending { PendingView(printer: printer).lines(change).forEach { printer.line($0) } }
      return
    }
    let accepted = try await workspace.accept(entries, all: all)
    if accepted.isEmpty { printer.note("nothing waited for a yes: what is recorded is used") }
    PendingView(printer: printer).note(accepted)
    if !accepted.isEmpty { printer.note("From now on what is recorded is used here") }
  }
}

struct PendingDocument: Encodable {
  let schema = "weave.accept/1"
  let pending: [Change]

  struct Change: Encodable {
    let entry, subject, used, recorded: String
    let inUse: Bool
  }

  init(_ pending: [PendingChange]) {
    self.pending = pending.map {
      Change(
        entry: $0.entry, subject: $0.subject, used: $0.used, recorded: $0.recorded, inUse: $0.isInUse)
    }
  }
}
