import Git
import WeaveModel

/// What was read from ledgers and histories, compact: true of the tips that it names, whoever reads it when, for a
/// commit's id fixes all beneath it (Docs/design/derived-index.md).
struct StoreIndex {
  struct Ledger: Equatable {
    var tip: ObjectID
    /// Newest first.
    var refused: [RefusedEntry]
  }

  /// A project's commits from one tip, which is the first.
  struct History: Equatable {
    let project: ProjectName
    let numbers: [CommitNumber]
  }

  /// By the names of their refs.
  var ledgers: [String: Ledger] = [:]
  /// The events of each ledger oldest first; those of several ledgers in no order that may be relied on.
  var events = EventTable()
  var commits = CommitTable()
  /// The latest asked for first, within a project.
  var histories: [History] = []

  /// How many events and commits of histories it holds: what it would take to read it anew.
  var weight: Int { events.count + histories.reduce(0) { $0 + $1.numbers.count } }

  /// Forgets the events, and no commit's number: others may hold it.
  mutating func removeEvents() { (ledgers, events) = ([:], EventTable()) }

  /// How many histories of one project are kept: those of its tracked ref, and of some that constellations track.
  static let historiesKept = 4

  /// Adds a history, in the place of `former` where it goes on from that.
  mutating func add(_ history: History, replacing former: History?) {
    histories.removeAll { $0 == history || $0 == former }
    histories.insert(history, at: 0)
    let own = histories.indices.filter { histories[$0].project == history.project }
    if own.count > Self.historiesKept, let last = own.last { histories.remove(at: last) }
  }
}
