import WeaveKit
import WeaveModel

/// A bisection for people: how it goes, on standard error, and what it found.
struct BisectionView {
  let workspace: Workspace
  let printer: Printer

  func show(_ progress: BisectionProgress) {
    switch progress {
    case .began(let weight, let projects, let runs):
      let former = runs == 0 ? "" : ", \(counted(runs, "run")) done before"
      printer.note("bisecting \(counted(weight, "commit")) of \(counted(projects, "project"))\(former)")
    case .running(let question, let number):
      printer.note("run \(number), \(question.sentence): \(question.commits)")
    case .ran(let run):
      printer.note("  \(run.verdict.rawValue), the command exited with \(run.exitCode)")
    }
  }

  func print(_ outcome: BisectionOutcome) throws {
    let finding = outcome.finding
    if finding.suspects.isEmpty {
      printer.paragraph(finding.sentence)
      for change in finding.changes { try print(change) }
    } else {
      if !finding.changes.isEmpty {
        printer.paragraph("A part of what is bad, which fails only together with one of those below:")
        for change in finding.changes { try print(change) }
      }
      printer.paragraph(
        "What is left cannot be tested; the first bad commit is one of these, or several together:")
      for change in finding.suspects { try print(change) }
    }
    printer.line("")
    let changed = Set((finding.changes + finding.suspects).map(\.member))
    var table = Table("PROJECT", "GOOD", "BAD")
    for member in finding.bad.members {
      let good = finding.good[member.project]
      table.add(
        member.project.text, good?.short ?? "-",
        changed.contains(member) ? "\(member.commit.short) <-" : member.commit.short)
    }
    table.print(on: printer)
    printer.line("")
    printer.paragraph(
      "\(counted(outcome.state.runs.count, "run")) for \(counted(outcome.weight, "commit")) of "
        + counted(outcome.projects, "project"))
    for (name, set) in [("good", finding.good), ("bad", finding.bad)]
    where !outcome.state.runs.contains(where: { $0.commits == set }) {
      printer.paragraph(
        "The \(name) set was not run: \(try workspace.reason(for: set, outcome.state.request))")
    }
    if !outcome.recorded.isEmpty {
      let revocations = outcome.recorded.filter { if case .revoke = $0.claim { true } else { false } }
      let links = outcome.recorded.count - revocations.count
      printer.paragraph("Recorded \(counted(links, "link")) and \(counted(revocations.count, "revocation"))")
    } else if let culprit = finding.culprit {
      printer.line("To keep it from being run:")
      printer.line("  weave revoke \(culprit.members.map(\.description).joined(separator: " ")) -m REASON")
      printer.paragraph(
        "That forbids exactly \(culprit.count == 1 ? "this commit" : "these commits together"): later ones that still fail "
          + "run only where somebody links them.")
    }
  }

  private func print(_ change: BisectionChange) throws {
    let details = try workspace.describe(change.culprit)
    let subject =
      details.map { "\($0.subject)  (\($0.author), \(moment($0.seconds)))" } ?? "(not in the store)"
    printer.line("  \(change.project)@\(change.culprit.short)", subject)
  }
}

extension BisectionQuestion {
  fileprivate var sentence: String {
    switch purpose {
    case .goodEnd: "the good set"
    case .badEnd: "the bad set"
    case .search: "\(counted(stepsLeft, "commit")) and about \(counted(runsLeft, "run")) left"
    case .alone: "the bad commit by itself"
    }
  }
}

extension BisectionFinding {
  fileprivate var sentence: String {
    let names = changes.map { change in
      switch change.direction {
      case .forward: "\(change.project)@\(change.to.short)"
      case .back: "going back before \(change.project)@\(change.from.short)"
      case .across: "going from \(change.project)@\(change.from.short) to \(change.to.short)"
      }
    }
    guard names.count == 1 else {
      return "\(names.joined(separator: " and ")) only fail together"
    }
    switch failsAlone {
    case true?: return "\(names[0]) is the first bad commit"
    default:
      return "\(names[0]) is the first bad commit, with the others as below; by itself it cannot be tested"
    }
  }
}
