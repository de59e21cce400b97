import ForeignText
import WeaveKit

/// What a pull brought, for people: on standard error.
struct PullView {
  let outcome: PullOutcome
  let printer: Printer

  /// More refused records than this are counted.
  private static let mostNamed = 20

  /// Whether it ended otherwise than it should: events are not known here, something waits for a decision, or cannot be
  /// read. Another record that is refused stops nobody.
  var hasFailures: Bool {
    outcome.reception.lacksEvents || !outcome.reception.conflicts.isEmpty || !outcome.unreadable.isEmpty
      || outcome.broken.contains { RecordRef(name: $0.name)?.isLedger == true }
  }

  /// Whether there is nothing to say.
  var isEmpty: Bool {
    news.isEmpty && !hasFailures && outcome.reception.contestedLocks.isEmpty && isWhole
  }

  /// Whether all was taken.
  var isWhole: Bool { outcome.reception.refused.isEmpty && outcome.broken.isEmpty }

  func show() {
    printer.note(
      "From \(outcome.remote.name): \(news.isEmpty ? "nothing new" : news.joined(separator: ", "))")
    for contested in outcome.reception.contestedLocks {
      let (theirs, ours) = (contested.adopted, contested.notAdopted)
      printer.note(
        "note: \(theirs.constellation) was locked here and there; \(theirs.id.short) of \(theirs.author.name) "
          + "is wanted, \(ours.id.short) of \(ours.author.name) is not adopted")
      printer.note(
        "hint: `weave lock \(Quoted.shellOption("--constellation", short: "-c", theirs.constellation)) --restore \(ours.id.short)` wants it all the same"
      )
    }
    for conflict in outcome.reception.conflicts {
      printer.note("error: \(conflict.entry) was changed here and there; the manifest stays as it is")
      printer.note("  here:  \(conflict.ours ?? "removed")")
      printer.note("  there: \(conflict.theirs ?? "removed")")
      printer.note(
        "hint: `weave pull \(outcome.remote.name) \(Quoted.shellOption("--ours", conflict.entry))`, or --theirs, settles it"
      )
    }
    BrokenRefView(printer: printer).show(outcome.broken, at: outcome.remote, stopsAll: false)
    for explanation in outcome.unreadable { printer.explain(explanation) }
    let refused = outcome.reception.refused.map { (entry: $0, record: RecordRef(name: $0.name)) }
    let (ledgers, others) = (
      refused.filter { $0.record?.isLedger == true }, refused.filter { $0.record?.isLedger != true }
    )
    for (entry, record) in (ledgers + others).prefix(Self.mostNamed) {
      let isCut = record.map(outcome.reception.cut.contains) ?? false
      printer.note(
        "\(record?.isLedger == true ? "error" : "warning"): \(entry.name) is refused: \(entry.reason); "
          + (isCut ? "what is below that counts" : "ours stays"))
    }
    let rest = refused.count - Self.mostNamed
    if rest > 0 { printer.note("warning: \(rest) more records are refused; ours stay") }
  }

  private var news: [String] {
    var news: [String] = []
    func add(_ count: Int, _ noun: String) { if count > 0 { news.append(counted(count, noun)) } }
    add(outcome.newEvents, "event")
    add(outcome.changedProjects.count, "project")
    add(outcome.changedConstellations.count, "constellation")
    add(outcome.changedLocks.count, "lock")
    add(outcome.newObservations, "observation")
    return news
  }
}
