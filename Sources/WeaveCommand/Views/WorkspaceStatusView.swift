import WeaveKit
import WeaveModel

/// The workspace at a glance, and a line for each stored constellation.
struct WorkspaceStatusView {
  let workspace: Workspace
  let staleAfter: Int64
  let printer: Printer

  func print(asJSON: Bool) async throws {
    let status = try await workspace.status()
    let constellations = try await constellations()
    PendingView(printer: printer).remind(of: try workspace.pendingChanges())
    if let unfinished = try workspace.unfinished() { printer.note("warning: \(unfinished.words)") }
    if asJSON { return try printJSON(status, constellations) }
    if status.rows.isEmpty {
      printer.note(
        "no projects yet: `weave adopt` adds those that are checked out here, `weave project add NAME SOURCE` others"
      )
    }
    var table = Table("PROJECT", "BRANCH", "AT", "UPSTREAM", "CHANGES")
    for row in status.rows { add(row, to: &table) }
    if !status.rows.isEmpty { table.print(on: printer) }
    for failure in status.rows.compactMap(\.failure) { printer.note("warning: \(failure)") }
    for event in status.revocations {
      printer.line(
        "checked out and revoked: \(event.members?.description ?? ""): \(event.reasonLine) (\(event.id.short))"
      )
    }
    for event in status.revocationsSharingTrees {
      printer.line(
        "checked out, same trees as a revoked set: \(event.members?.description ?? ""): \(event.reasonLine) (\(event.id.short))"
      )
    }
    for pair in status.unlinked.prefix(Self.mostPairs) { printer.line("not linked: \(pair)") }
    if status.unlinked.count > Self.mostPairs {
      printer.line("not linked: \(status.unlinked.count - Self.mostPairs) more pairs")
    }
    if !status.moved.isEmpty {
      printer.paragraph("moved since the last link: " + status.moved.map(\.words).joined(separator: ", "))
    }
    if let command = linkingCommand(status) { printer.note("hint: `\(command)` links what is checked out") }
    for (name, reports) in constellations {
      printer.line("constellation \(name): \(summary(of: reports))")
    }
  }

  /// A checkout of thirty projects has 435 pairs.
  private static let mostPairs = 10

  /// What would link what is checked out; nil where all of it is linked, or it is not fit, or one alone.
  private func linkingCommand(_ status: WorkspaceStatus) -> String? {
    let present = status.rows.filter { $0.work?.head != nil }
    guard !status.unlinked.isEmpty, status.revocations.isEmpty else { return nil }
    if present.allSatisfy({ $0.work?.isClean == true }) { return "weave link -m TEXT" }
    return "weave link --snapshot -m TEXT"
  }

  /// Of each stored constellation; one of which nothing can be told is named, and keeps no other from being told.
  private func constellations() async throws -> [(name: String, reports: [MachineReport])] {
    try await workspace.statuses(staleAfter: staleAfter) { name, error in
      printer.note("warning: nothing can be told of \(name): \(Explanation(error)?.message ?? "\(error)")")
    }.map { ($0.constellation, $0.machines.map(\.report)) }
  }

  private func printJSON(
    _ status: WorkspaceStatus, _ constellations: [(name: String, reports: [MachineReport])]
  ) throws {
    try printer.json(
      Document(
        schema: "weave.workspace/1",
        projects: status.rows.map { row in
          RowJSON(
            project: row.project.text, path: row.path, branch: row.work?.branch, head: row.work?.head,
            ahead: row.work?.ahead, behind: row.work?.behind, changes: row.work?.changedPaths ?? [],
            failure: row.failure)
        },
        unlinked: status.unlinked.map { pair in
          [pair.first, pair.second].map(MemberJSON.init)
        },
        revocations: EventJSON.list(status.revocations),
        revocationsSharingTrees: EventJSON.list(status.revocationsSharingTrees),
        moved: status.moved.map { moved in
          MovedJSON(
            project: moved.project.text, link: moved.link.hex, ahead: moved.commits?.ahead,
            behind: moved.commits?.behind)
        },
        constellations: constellations.map { name, reports in
          ConstellationJSON(
            name: name, machines: Dictionary(grouping: reports, by: \.compliance.rawValue).mapValues(\.count))
        }))
  }

  struct Document: Encodable {
    let schema: String
    let projects: [RowJSON]
    let unlinked: [[MemberJSON]]
    let revocations, revocationsSharingTrees: [EventJSON]
    let moved: [MovedJSON]
    let constellations: [ConstellationJSON]
  }
  struct MovedJSON: Encodable {
    let project, link: String
    let ahead, behind: Int?
  }
  struct ConstellationJSON: Encodable {
    let name: String
    let machines: [String: Int]
  }
  struct RowJSON: Encodable {
    let project: String
    let path, branch, head: String?
    let ahead, behind: Int?
    let changes: [String]
    let failure: String?
  }

  private func add(_ row: WorkspaceStatus.ProjectRow, to table: inout Table) {
    guard let work = row.work else {
      return table.add(
        row.project.text, row.failure == nil ? "not checked out" : "cannot be read", "", "", "")
    }
    let upstream = work.upstream == nil ? "-" : "+\(work.ahead ?? 0) -\(work.behind ?? 0)"
    table.add(
      row.project.text, work.branch ?? "(detached)",
      work.head.map { String($0.prefix(7)) } ?? "no commit",
      upstream,
      work.isClean
        ? "clean"
        : "\(work.changedPaths.count): \(work.changedPaths.prefix(3).joined(separator: ", "))")
  }
}

extension MovedCheckout {
  /// `laurelin +2 (cf4ab2a)`.
  fileprivate var words: String {
    guard let commits else { return "\(project) (\(link.short))" }
    let behind = commits.behind == 0 ? "" : " -\(commits.behind)"
    return "\(project) +\(commits.ahead)\(behind) (\(link.short))"
  }
}
