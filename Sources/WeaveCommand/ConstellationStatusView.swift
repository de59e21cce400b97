import WeaveKit
import WeaveModel

/// The status of a constellation, for people and for machines.
struct ConstellationStatusView {
  let status: ConstellationStatus
  let workspace: Workspace

  func print() {
    Printer.out(
      "\(status.constellation)  "
        + (status.lock.map { "lock \($0.id.short)" } ?? "no lock, so the resolution is wanted"))
    if let lacking = status.lacksResolution {
      Printer.note("warning: \(lacking.description); `weave resolve` says why")
    }
    var table = Table("MACHINE", "STATUS", "SEEN", "PROJECT", "HAS", "WANTED", "DRIFT")
    for machine in status.machines {
      let word = ([machine.report.compliance.rawValue] + flags(machine.report)).joined(separator: " ")
      let seen =
        machine.report.freshness == .never
        ? "never" : "\(age(machine.age ?? 0)) \(machine.report.freshness.rawValue)"
      if machine.projects.isEmpty { table.add(printable(machine.report.machine), word, seen, "", "", "", "") }
      for (index, project) in machine.projects.enumerated() {
        table.add(
          index == 0 ? printable(machine.report.machine) : "", index == 0 ? word : "", index == 0 ? seen : "",
          project.comparison.project.text, project.comparison.had?.short ?? "-",
          project.comparison.wanted?.short ?? "-",
          drift(project, isObserved: machine.report.isObserved))
      }
    }
    table.print()
    printRevocations()
    Printer.out(summary(of: status.machines.map(\.report)))
  }

  private func flags(_ report: MachineReport) -> [String] {
    (report.isUntested ? ["untested"] : []) + (report.hasExpiredHold ? ["hold-expired"] : [])
  }

  private func drift(_ project: ConstellationStatus.ProjectStatus, isObserved: Bool) -> String {
    guard isObserved else { return "-" }
    var text = project.comparison.drift.rawValue
    if let ahead = project.ahead, ahead > 0 { text += " +\(ahead)" }
    if let behind = project.behind, behind > 0 { text += " -\(behind)" }
    return text
  }

  private func printRevocations() {
    for machine in status.machines {
      for event in machine.revocations {
        Printer.out("\(printable(machine.report.machine)) runs \(sentence(event))")
      }
    }
    for (machine, events) in status.unfitWanted.sorted(by: { $0.key < $1.key }) {
      for event in events {
        Printer.out("\(printable(machine)) should run \(sentence(event)); see `weave resolve`")
      }
    }
  }

  private func sentence(_ event: Event) -> String {
    "\(event.members?.description ?? ""), revoked by \(printable(event.author.name)) on \(moment(event.author.seconds)): "
      + printable(event.reasonLine)
  }

  func printJSON() throws {
    try Printer.json(
      Document(
        schema: "weave.status/1", constellation: status.constellation, lock: status.lock?.id.hex,
        machines: status.machines.map { machine in
          MachineJSON(
            machine: machine.report.machine, compliance: machine.report.compliance.rawValue,
            freshness: machine.report.freshness.rawValue, ageSeconds: machine.age,
            untested: machine.report.isUntested,
            holdExpired: machine.report.hasExpiredHold,
            projects: machine.projects.map { project in
              ProjectJSON(
                project: project.comparison.project.text, had: project.comparison.had?.hex,
                wanted: project.comparison.wanted?.hex, drift: project.comparison.drift.rawValue,
                ahead: project.ahead,
                behind: project.behind)
            },
            revocations: machine.revocations.map(EventJSON.init))
        }))
  }

  struct Document: Encodable {
    let schema, constellation: String; let lock: String?; let machines: [MachineJSON]
  }
  struct MachineJSON: Encodable {
    let machine, compliance, freshness: String; let ageSeconds: Int64?; let untested, holdExpired: Bool
    let projects: [ProjectJSON]; let revocations: [EventJSON]
  }
  struct ProjectJSON: Encodable {
    let project: String; let had, wanted: String?; let drift: String; let ahead, behind: Int?
  }
}

/// How many machines there are, and how many under each word, the worst first.
func summary(of reports: [MachineReport]) -> String {
  let words = Compliance.worstFirst.compactMap { word -> String? in
    let count = reports.count { $0.compliance == word }
    return count == 0 ? nil : "\(count) \(word == .unobserved ? "never seen" : word.rawValue)"
  }
  return "\(counted(reports.count, "machine")): \(words.joined(separator: ", "))"
}
