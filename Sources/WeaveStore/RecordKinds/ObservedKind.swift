import ForeignText
import Git
import WeaveModel

extension RecordKind {
  /// What a machine said that it runs: `observed/<machine>`.
  public static let observed: RecordKind = RecordKind(
    name: "observed", component: .encoded, growth: .onward,
    joining: .join { theirs, ours, repository in try repository.join(ofObservations: [theirs, ours]) },
    inspecting: .chain { inspection, commit, record in
      try inspection.refusalOfMachine(commit, record.component) ?? inspection.refusalOfNumber(commit)
        ?? inspection.refusalOfResolution(commit.tree, canBeDirty: true)
        ?? inspection.refusalOfObservation(commit.tree)
    },
    remainder: .nothing, owner: .machine, isAlwaysGiven: false, content: .files(lines),
    keeping: .lastVersions,
    // There are as many as machines, each told anew by the next report.
    isRemembered: false, beginsAnew: true, isWanted: false,
    statedName: { $0.isDate ? nil : $0["Weave-Machine"] },
    leak: { secrets, commit in try secrets.leak(inFilesOf: commit, of: .observed) },
    // Some five million projects of machines.
    bound: Bound(words: "observations", mostBytes: 256 << 20),
    told: { record in
      ("what \(record.shownName) reported", "its state is unknown until it is had, or it reports anew")
    })
}

extension RefName {
  public static func observed(_ machine: String, _ audience: Audience) -> String {
    RecordRef(.observed, RefComponent.encode(machine), audience).name
  }
}

extension RecordMessage {
  /// Whether it says only when a machine was last seen.
  var isDate: Bool { subject.begins(with: "seen ") }
}

extension Inspection {
  /// Why the commit is nothing that the machine of that encoded name said; nil where it is.
  func refusalOfMachine(_ commit: Commit, _ component: String) throws -> String? {
    let message = RecordMessage(parsing: commit.message)
    guard let machine = message?["Weave-Machine"], RefComponent.encode(machine) == component,
      message?.reportNumber != nil
    else { return "it is nothing that \(component) said" }
    return MachineName.reason(against: machine).map { "'\(machine)' cannot name a machine: \($0)" }
  }

  fileprivate func refusalOfObservation(_ tree: ObjectID) throws -> String? {
    try repository.tree(tree).contains { $0.name == "observed" } ? nil : "it has no `observed`"
  }

  /// Of a join, which is made again, the number is that of one of its parents.
  fileprivate func refusalOfNumber(_ commit: Commit) throws -> String? {
    guard commit.parents.count < 2 else { return nil }
    return try repository.reportNumber(at: commit.id).refusal(
      after: commit.parents.map(repository.reportNumber))
  }
}
