import ArgumentParser
import ForeignText
import WeaveKit

struct AcceptCommand: AsyncParsableCommand {
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

  func run() async throws {
    let workspace = try await options.workspace()
    guard all || !entries.isEmpty else {
      let pending = try workspace.pendingChanges()
      if json { return try Printer.json(PendingDocument(pending)) }
      if pending.isEmpty { return Printer.note("nothing waits for a yes") }
      for change in pending { PendingView.lines(change).forEach { Printer.line($0) } }
      return
    }
    let accepted = try await workspace.accept(entries, all: all)
    if accepted.isEmpty { Printer.note("nothing waited for a yes: what is recorded is used") }
    PendingView.note(accepted)
    if !accepted.isEmpty { Printer.note("From now on what is recorded is used here") }
  }
}

/// A change that waits for a yes, for people.
enum PendingView {
  /// A line that names it, then what is used and what is recorded.
  static func lines(_ change: PendingChange) -> [String] {
    let used = change.isInUse ? "used here: " : "it was:    "
    return [
      "\(change.entry): \(change.subject)", "  \(used)\(change.used)", "  recorded:  \(change.recorded)",
    ]
  }

  /// The most that are shown one by one, but where somebody asks for the list.
  static let mostShown = 10

  static func remind(of pending: [PendingChange]) {
    guard !pending.isEmpty else { return }
    Printer.note(
      "warning: \(sentence(of: pending)): `weave accept` lists \(pending.count == 1 ? "it" : "them")")
  }

  private static func sentence(of pending: [PendingChange]) -> String {
    "\(counted(pending.count, "change")) of others \(pending.count == 1 ? "waits" : "wait") for a yes, "
      + "and what was accepted stays in use"
  }

  /// The first of the changes, and how many more there are.
  static func note(_ changes: [PendingChange], indent: String = "", rest: String = "") {
    for change in changes.prefix(mostShown) { lines(change).forEach { Printer.note(indent + $0) } }
    if changes.count > mostShown { Printer.note("\(indent)and \(changes.count - mostShown) more\(rest)") }
  }

  static func warn(_ pending: [PendingChange]) {
    guard !pending.isEmpty else { return }
    Printer.note("warning: \(sentence(of: pending)):")
    note(pending, indent: "  ", rest: ": `weave accept` lists them")
    let entry = Quoted.shellWord(pending[0].entry)
    Printer.note("hint: `weave accept \(entry)` uses what is recorded")
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
