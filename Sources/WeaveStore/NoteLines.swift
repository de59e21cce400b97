import WeaveModel

/// What the events say of each commit, a line for each event that names it.
struct NoteLines {
  private let compatibility: Compatibility
  private let project: ProjectName?
  private let hidden: Set<ProjectName>
  private let event: (EventID) throws -> Event

  /// Of the commits of one project, or of all, from the events that name none of the `hidden` ones. `event` gives the
  /// words of one.
  init(
    _ compatibility: Compatibility, of project: ProjectName?, hiding hidden: Set<ProjectName>,
    _ event: @escaping (EventID) throws -> Event
  ) {
    (self.compatibility, self.project, self.hidden, self.event) = (compatibility, project, hidden, event)
  }

  /// The lines of every commit of which there are any.
  func all() throws -> [CommitID: Set<String>] {
    var lines: [CommitID: Set<String>] = [:]
    for number in 0..<CommitNumber(compatibility.commits.count) { try add(number, to: &lines) }
    return lines
  }

  /// The lines of those of `commits` of which there are any.
  func lines(of commits: Set<CommitID>) throws -> [CommitID: Set<String>] {
    var lines: [CommitID: Set<String>] = [:]
    // One commit may be in several projects, and has one note.
    for commit in commits {
      for project in compatibility.commits.projects {
        let number = compatibility.commits.number(of: Member(project: project, commit: commit))
        if let number { try add(number, to: &lines) }
      }
    }
    return lines
  }

  private func add(_ number: CommitNumber, to lines: inout [CommitID: Set<String>]) throws {
    let rows = compatibility.rows(naming: number)
    guard !rows.isEmpty else { return }
    let member = compatibility.commits[number]
    guard project == nil || member.project == project else { return }
    for row in rows {
      if let line = try line(for: Int(row), at: member) { lines[member.commit, default: []].insert(line) }
    }
  }

  private func line(for row: Int, at member: Member) throws -> String? {
    let id = compatibility.events.id(row)
    guard let members = compatibility.members(of: id)?.members else { return nil }
    guard hidden.isEmpty || !members.contains(where: { hidden.contains($0.project) }) else { return nil }
    let others = members.filter { $0 != member }
    let set = others.isEmpty ? "" : " " + others.map(\.description).joined(separator: " ")
    guard compatibility.events.kind(row) == .link else {
      return compatibility.counts(id) ? "unfit\(set) (\(id.short)): \(try event(id).reasonLine)" : nil
    }
    switch compatibility.standing(of: id) {
    case .live: return "linked\(set) (\(id.short))"
    case .partly: return "linked in part\(set) (\(id.short))"
    case .revoked(let revocations):
      let reason = try revocations.first.map { ": \(try event($0).reasonLine)" } ?? ""
      return "revoked\(set) (\(id.short))\(reason)"
    case .withdrawn: return nil
    }
  }
}
