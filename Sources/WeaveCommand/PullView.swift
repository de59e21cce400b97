import ForeignText
import WeaveKit

/// What a pull brought, for people: on standard error.
struct PullView {
  let outcome: PullOutcome

  /// More refused records than this are counted.
  private static let mostNamed = 20

  /// Whether something was left undone.
  var hasFailures: Bool {
    !outcome.reception.refused.isEmpty || !outcome.reception.conflicts.isEmpty || !outcome.broken.isEmpty
      || !outcome.unreadable.isEmpty
  }

  /// Whether there is nothing to say.
  var isEmpty: Bool { news.isEmpty && !hasFailures && outcome.reception.contestedLocks.isEmpty }

  func show() {
    Printer.note(
      "From \(outcome.remote.name): \(news.isEmpty ? "nothing new" : news.joined(separator: ", "))")
    for contested in outcome.reception.contestedLocks {
      let (theirs, ours) = (contested.adopted, contested.notAdopted)
      Printer.note(
        "note: \(theirs.constellation) was locked here and there; \(theirs.id.short) of \(theirs.author.name) "
          + "is wanted, \(ours.id.short) of \(ours.author.name) is not adopted")
      Printer.note(
        "hint: `weave lock \(Quoted.shellOption("--constellation", short: "-c", theirs.constellation)) --restore \(ours.id.short)` wants it all the same"
      )
    }
    for conflict in outcome.reception.conflicts {
      Printer.note("error: \(conflict.entry) was changed here and there; the manifest stays as it is")
      Printer.note("  here:  \(conflict.ours ?? "removed")")
      Printer.note("  there: \(conflict.theirs ?? "removed")")
      Printer.note(
        "hint: `weave pull \(outcome.remote.name) \(Quoted.shellOption("--ours", conflict.entry))`, or --theirs, settles it"
      )
    }
    BrokenRefView.show(outcome.broken, at: outcome.remote)
    for explanation in outcome.unreadable { Printer.explain(explanation) }
    for entry in outcome.reception.refused.prefix(Self.mostNamed) {
      Printer.note("error: \(entry.name) is refused: \(entry.reason); ours stays")
    }
    let rest = outcome.reception.refused.count - Self.mostNamed
    if rest > 0 { Printer.note("error: \(rest) more records are refused; ours stay") }
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
