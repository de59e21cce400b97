import WeaveKit
import WeaveModel

/// What a bisection found, as JSON (Docs/reference/json.md).
struct BisectionDocument: Encodable {
  struct ChangeJSON: Encodable {
    let project, direction, from, to: String
    /// Of the commit that makes the difference.
    let commit: String
    let subject, author: String?
    let time: Int64?

    init(_ change: BisectionChange, _ workspace: Workspace) throws {
      (project, direction) = (change.project.text, change.direction.rawValue)
      (from, to, commit) = (change.from.hex, change.to.hex, change.culprit.hex)
      let details = try workspace.describe(change.culprit)
      (subject, author, time) = (details?.subject, details?.author, details?.seconds)
    }
  }

  struct RunJSON: Encodable {
    let verdict: String
    let exitCode: Int32
    let members: [MemberJSON]

    init(_ run: BisectionRun) {
      (verdict, exitCode) = (run.verdict.rawValue, run.exitCode)
      members = run.commits.members.map(MemberJSON.init)
    }
  }

  let schema = "weave.bisect/1"
  let state: String
  let changes, suspects: [ChangeJSON]
  let failsAlone: Bool?
  let good, bad: [MemberJSON]
  let commits, projects: Int
  let runs: [RunJSON]
  let recorded: [EventJSON]

  init(_ outcome: BisectionOutcome, _ workspace: Workspace) throws {
    let finding = outcome.finding
    state = finding.suspects.isEmpty ? "found" : "untestable"
    changes = try finding.changes.map { try ChangeJSON($0, workspace) }
    suspects = try finding.suspects.map { try ChangeJSON($0, workspace) }
    failsAlone = finding.failsAlone
    good = finding.good.members.map(MemberJSON.init)
    bad = finding.bad.members.map(MemberJSON.init)
    (commits, projects) = (outcome.weight, outcome.projects)
    runs = outcome.state.runs.map(RunJSON.init)
    recorded = outcome.recorded.map { EventJSON($0) }
  }
}

/// What was run so far, as JSON (Docs/reference/json.md).
struct BisectionLogDocument: Encodable {
  let schema = "weave.bisect-log/1"
  let state: String
  let good, bad: [MemberJSON]
  let command: [String]
  let runs: [BisectionDocument.RunJSON]

  init(_ bisection: BisectionState?) {
    state = bisection.map { $0.isFinished ? "finished" : "under-way" } ?? "none"
    good = bisection?.request.good.commits.members.map(MemberJSON.init) ?? []
    bad = bisection?.request.bad.commits.members.map(MemberJSON.init) ?? []
    command = bisection?.request.command ?? []
    runs = bisection?.runs.map { BisectionDocument.RunJSON($0) } ?? []
  }
}

extension BisectionChange {
  /// The commit that makes the difference: that which comes, or that which goes.
  var culprit: CommitID { direction == .back ? from : to }
}
