import ForeignText
import WeaveKit

/// A change that waits for a yes, for people.
struct PendingView {
  let printer: Printer

  /// A line that names it, then what is used and what is recorded.
  func lines(_ change: PendingChange) -> [String] {
    let used = change.isInUse ? "used here: " : "it was:    "
    return [
      "\(change.entry): \(change.subject)", "  \(used)\(change.used)", "  recorded:  \(change.recorded)",
    ]
  }

  /// The most that are shown one by one, but where somebody asks for the list.
  static let mostShown = 10

  func remind(of pending: [PendingChange]) {
    guard !pending.isEmpty else { return }
    printer.note(
      "warning: \(sentence(of: pending)): `weave accept` lists \(pending.count == 1 ? "it" : "them")")
  }

  private func sentence(of pending: [PendingChange]) -> String {
    "\(counted(pending.count, "change")) of others \(pending.count == 1 ? "waits" : "wait") for a yes, "
      + "and what was accepted stays in use"
  }

  /// The first of the changes, and how many more there are.
  func note(_ changes: [PendingChange], indent: String = "", rest: String = "") {
    for change in changes.prefix(Self.mostShown) { lines(change).forEach { printer.note(indent + $0) } }
    if changes.count > Self.mostShown {
      printer.note("\(indent)and \(changes.count - Self.mostShown) more\(rest)")
    }
  }

  func warn(_ pending: [PendingChange]) {
    guard !pending.isEmpty else { return }
    printer.note("warning: \(sentence(of: pending)):")
    note(pending, indent: "  ", rest: ": `weave accept` lists them")
    let entry = Quoted.shellWord(pending[0].entry)
    printer.note("hint: `weave accept \(entry)` uses what is recorded")
  }
}
