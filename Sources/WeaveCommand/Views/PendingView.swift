import ForeignText
import WeaveKit

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
