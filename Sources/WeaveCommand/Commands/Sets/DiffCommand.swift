import ArgumentParser
import WeaveKit
import WeaveModel

struct DiffCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Show what lies between two sets, locks, events or constellations.",
    usage: "weave diff <a> <b> [-n <number>] [--json]",
    discussion: """
      Of each project the commits that only B has (>), and that only A has (<), and what was revoked among them. Each \
      of the two is a set, an event, a lock, a resolution, a constellation, or one commit as PROJECT@REVISION. A word \
      that is two of them is ambiguous.
      """)

  @Argument(help: ArgumentHelp("What to compare.", valueName: "a")) var before: String
  @Argument(help: ArgumentHelp("What to compare it with.", valueName: "b")) var after: String
  @Option(
    name: [.customShort("n"), .long],
    help: ArgumentHelp("Show so many commits each way.", valueName: "number")) var limit = 10
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: FitnessOptions

  func validate() throws {
    if limit < 0 { throw ValidationError("--limit is 0 or more") }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let difference = try await options.workspace(surroundings).difference(from: before, to: after)
    if json { return try printer.json(Document(difference, limit: limit)) }
    for change in difference.changes { show(change, printer) }
    if difference.sameCount > 0 {
      printer.line("\(counted(difference.sameCount, "project")) the same")
    }
    for revocation in difference.revocations {
      let place =
        switch (revocation.isAgainstBefore, revocation.isAgainstAfter) {
        case (true, true): "in both"
        case (true, false): "in \(difference.before.label)"
        case (false, true): "in \(difference.after.label)"
        case (false, false): "between the two"
        }
      let event = revocation.event
      printer.paragraph(
        "revoked, \(place): \(event.members?.description ?? ""): \(event.reasonLine) (\(event.id.short))")
    }
  }

  private func show(_ change: SetDifference.Change, _ printer: Printer) {
    switch (change.before, change.after) {
    case (let before?, let after?):
      guard let (added, removed) = change.commits else {
        printer.line("\(change.project) \(before.short)..\(after.short)")
        return printer.note(
          "note: not all of it is here; `weave fetch \(change.project)` gets what its source has")
      }
      let counts = "+\(added.count)" + (removed.isEmpty ? "" : " -\(removed.count)")
      printer.line("\(change.project) \(before.short)..\(after.short) \(counts)")
      show(added, mark: ">", printer)
      show(removed, mark: "<", printer)
    case (nil, let after?): printer.line("\(change.project) added at \(after.short)")
    case (let before?, nil): printer.line("\(change.project) removed, was at \(before.short)")
    case (nil, nil): break
    }
  }

  private func show(_ commits: [SetDifference.Commit], mark: String, _ printer: Printer) {
    for commit in commits.prefix(limit) {
      printer.out(printer.output.cut(printable("  \(mark) \(commit.id.short) \(commit.subject)")))
    }
    if commits.count > limit { printer.out("  \(mark) … \(commits.count - limit) more") }
  }

  struct Document: Encodable {
    let schema = "weave.diff/1"
    let a, b: [MemberJSON]
    let changes: [ChangeJSON]
    let revocations: [RevocationJSON]

    init(_ difference: SetDifference, limit: Int) {
      (a, b) = (
        difference.before.commits.members.map(MemberJSON.init),
        difference.after.commits.members.map(MemberJSON.init)
      )
      changes = difference.changes.map { ChangeJSON($0, limit: limit) }
      revocations = zip(EventJSON.list(difference.revocations.map(\.event)), difference.revocations).map {
        RevocationJSON(event: $0, inA: $1.isAgainstBefore, inB: $1.isAgainstAfter)
      }
    }
  }

  struct ChangeJSON: Encodable {
    let project: String
    let a, b: String?
    let added, removed: Int?
    let addedCommits, removedCommits: [CommitJSON]

    init(_ change: SetDifference.Change, limit: Int) {
      (project, a, b) = (change.project.text, change.before?.hex, change.after?.hex)
      (added, removed) = (change.commits?.added.count, change.commits?.removed.count)
      func shown(_ commits: [SetDifference.Commit]?) -> [CommitJSON] {
        (commits ?? []).prefix(limit).map { CommitJSON(commit: $0.id.hex, subject: $0.subject) }
      }
      (addedCommits, removedCommits) = (shown(change.commits?.added), shown(change.commits?.removed))
    }
  }

  struct CommitJSON: Encodable { let commit, subject: String }

  struct RevocationJSON: Encodable {
    let event: EventJSON
    let inA, inB: Bool
  }
}
