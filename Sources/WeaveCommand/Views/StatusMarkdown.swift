import ForeignText
import WeaveKit
import WeaveModel

/// The status of a constellation as a Markdown table (GitHub Flavored Markdown, "Tables"), for the summary of a CI job or
/// a comment.
struct StatusMarkdown {
  let status: ConstellationStatus
  let printer: Printer

  func print() {
    let view = ConstellationStatusView(status: status, isSupposed: false, printer: printer)
    let lock = status.lock.map { "lock `\($0.id.short)`" } ?? "no lock"
    printer.line(
      "**\(Quoted.markdown(status.constellation))**, \(lock): \(summary(of: status.machines.map(\.report)))")
    printer.line("")
    printer.line("| machine | status | seen | project | has | wanted | drift |")
    printer.line("|---|---|---|---|---|---|---|")
    for machine in status.machines {
      let word = ([machine.report.compliance.rawValue] + view.flags(machine.report)).joined(separator: ", ")
      let seen =
        (machine.age.map { age($0) + " " } ?? "") + machine.report.freshness.rawValue
      let name = Quoted.markdown(machine.report.machine)
      if machine.projects.isEmpty { printer.line("| \(name) | \(word) | \(seen) | | | | |") }
      for (index, project) in machine.projects.enumerated() {
        let comparison = project.comparison
        let cells =
          (index == 0 ? [name, word, seen] : ["", "", ""]) + [
            comparison.project.text, code(comparison.had), code(comparison.wanted),
            view.drift(project, isObserved: machine.report.isObserved),
          ]
        printer.line("| \(cells.joined(separator: " | ")) |")
      }
    }
    let remarks = remarks
    if !remarks.isEmpty { printer.line("") }
    for remark in remarks { printer.line("- \(Quoted.markdown(remark))") }
  }

  private var remarks: [String] {
    let events = EventsOfMachines(
      status.machines.map { ($0.report.machine, $0.revocations) }
        + status.unfitWanted.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    ).events
    let revocations = events.map(\.revocationSentence)
    let words = status.holds(as: \.words)
    return revocations + status.distrustLines
      + status.machines.flatMap { machine in
        machine.holds.map { "\(machine.report.machine) keeps \($0.project) at \(words[$0] ?? $0.words)" }
          + (machine.acknowledgement.map { ["\(machine.report.machine) is \($0.words)"] } ?? [])
      }
  }

  private func code(_ commit: CommitID?) -> String { commit.map { "`\($0.short)`" } ?? "-" }
}
