import Git
import WeaveModel

extension RecordKind {
  /// When a machine last said what it runs: `seen/<machine>`.
  public static let seen: RecordKind = RecordKind(
    name: "seen", component: .encoded, growth: .dates(.observed), joining: .never,
    inspecting: .whole { inspection, record, tip, _ in
      let commit = try inspection.repository.commit(tip)
      guard commit.parents.isEmpty, commit.tree == .emptyTree else { return "it is more than one date" }
      return try inspection.refusalOfMachine(commit, record.component)
    },
    remainder: .nothing, owner: .machine, isAlwaysGiven: false, content: .files(lines), keeping: .nothing,
    isRemembered: false, beginsAnew: true, isWanted: false,
    statedName: { $0.isDate ? $0["Weave-Machine"] : nil },
    leak: { _, commit in
      commit.tree == .emptyTree && commit.parents.isEmpty ? nil : "is more than a date"
    },
    bound: nil,
    told: { record in
      ("when \(record.shownName) last reported", "its state is unknown until it reports again")
    })
}

extension RefName {
  public static func seen(_ machine: String, _ audience: Audience) -> String {
    RecordRef(.seen, RefComponent.encode(machine), audience).name
  }
}

extension Repository {
  /// The number of the newest report that is here in the record; ``ReportNumber/none`` where there is none.
  func newestReport(in record: RecordRef) throws -> ReportNumber {
    try resolve(record.name).map(reportNumber) ?? .none
  }

  /// Of two dates at which a machine was seen whose newest observation has the number `newest`, whether `one` is the later: by
  /// their numbers, then by their dates, then by their ids. One of a later report than that is earlier than all others, and one
  /// that is still to come, where it is `now`, earlier than any other of its report.
  func isLaterDate(
    _ one: ObjectID, than other: ObjectID, of newest: ReportNumber, now: Int64
  ) throws -> Bool {
    func rank(_ id: ObjectID) throws -> (ReportNumber, Int64, ObjectID) {
      let (number, seconds) = (try reportNumber(at: id), try commit(id).author.seconds)
      let isAhead = Freshness(seen: seconds, now: now, staleAfter: .max) == .clockAhead
      return (number <= newest ? number : .none, isAhead ? .min : seconds, id)
    }
    return try rank(one) > rank(other)
  }
}
