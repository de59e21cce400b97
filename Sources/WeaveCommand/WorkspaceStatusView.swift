import WeaveKit
import WeaveModel

/// The workspace at a glance, and a line for each stored constellation.
struct WorkspaceStatusView {
  let workspace: Workspace
  let staleAfter: Int64

  func print() async throws {
    let status = try await workspace.status()
    if status.rows.isEmpty { Printer.note("no projects yet: `weave project add NAME SOURCE`") }
    var table = Table("PROJECT", "BRANCH", "AT", "UPSTREAM", "CHANGES")
    for row in status.rows { add(row, to: &table) }
    if !status.rows.isEmpty { table.print() }
    for event in status.revocations {
      Printer.out("checked out and revoked: \(event.members?.description ?? ""): \(printable(event.reasonLine)) (\(event.id.short))")
    }
    for pair in status.unlinked { Printer.out("not linked: \(pair)") }
    for stored in try workspace.storedConstellations() {
      let machines = try workspace.status(stored, staleAfter: staleAfter).machines
      let worst = Compliance.worst(of: machines.map(\.report.compliance))?.rawValue ?? "no machines"
      Printer.out("constellation \(stored.constellation.name): \(counted(machines.count, "machine")), worst \(worst)")
    }
  }

  private func add(_ row: WorkspaceStatus.ProjectRow, to table: inout Table) {
    guard let work = row.work else {
      return table.add(row.project.text, row.failure.map { printable($0) } ?? "not checked out", "", "", "")
    }
    let upstream = work.upstream == nil ? "-" : "+\(work.ahead ?? 0) -\(work.behind ?? 0)"
    table.add(
      row.project.text, printable(work.branch ?? "(detached)"), work.head.map { String($0.prefix(7)) } ?? "no commit",
      upstream, work.isClean ? "clean" : "\(work.changedPaths.count): \(printable(work.changedPaths.prefix(3).joined(separator: ", ")))")
  }
}
