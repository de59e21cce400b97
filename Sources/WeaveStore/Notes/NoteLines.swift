import ForeignText
import WeaveModel

/// What the events say of each commit, a line for each event that names it.
struct NoteLines {
  /// An event that names more commits than this shows a few of them to each: to show all would make a square of their
  /// number.
  private static let mostShown = 20
  private static let shownOfMore = 5

  private let compatibility: Compatibility
  private let project: ProjectName?
  private let hidden: Set<ProjectName>
  private let event: (EventID) throws -> Event
  /// What every line of an event with many members says, by its row.
  private var statements: [Int: Statement?] = [:]

  /// What an event says of each of its commits.
  private struct Statement {
    /// Some of the commits, at least one more than are shown.
    let members: [Member]
    let count: Int
    let head: String
    let tail: String

    func line(at member: Member) -> String {
      let others = members.filter { $0 != member }.prefix(count > mostShown ? shownOfMore : mostShown)
      let rest = count - 1 - others.count
      let names = others.map { " \($0)" }.joined() + (rest > 0 ? " and \(rest) more" : "")
      return head + names + tail
    }
  }

  /// Of the commits of one project, or of all, from the events that name none of the `hidden` ones. `event` gives the
  /// words of one.
  init(
    _ compatibility: Compatibility, of project: ProjectName?, hiding hidden: Set<ProjectName>,
    _ event: @escaping (EventID) throws -> Event
  ) {
    (self.compatibility, self.project, self.hidden, self.event) = (compatibility, project, hidden, event)
  }

  /// The lines of every commit of which there are any.
  mutating func all() throws -> [CommitID: Set<String>] {
    var lines: [CommitID: Set<String>] = [:]
    for number in 0..<CommitNumber(compatibility.commits.count) { try add(number, to: &lines) }
    return lines
  }

  /// The lines of those of `commits` of which there are any.
  mutating func lines(of commits: Set<CommitID>) throws -> [CommitID: Set<String>] {
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

  private mutating func add(_ number: CommitNumber, to lines: inout [CommitID: Set<String>]) throws {
    let rows = compatibility.rows(naming: number)
    guard !rows.isEmpty else { return }
    let member = compatibility.commits[number]
    guard project == nil || member.project == project else { return }
    for row in rows {
      if let line = try line(for: Int(row), at: member) { lines[member.commit, default: []].insert(line) }
    }
  }

  private mutating func line(for row: Int, at member: Member) throws -> String? {
    if let known = statements[row] { return known?.line(at: member) }
    let statement = try statement(of: row)
    if compatibility.events.members[row].count > Self.mostShown { statements[row] = .some(statement) }
    return statement?.line(at: member)
  }

  /// `git log` prints notes as they are.
  private func reason(of id: EventID) throws -> String { ": \(Quoted.terminal(try event(id).reasonLine))" }

  private func statement(of row: Int) throws -> Statement? {
    let id = compatibility.events.id(row)
    guard let members = compatibility.members(of: id)?.members else { return nil }
    guard hidden.isEmpty || !members.contains(where: { hidden.contains($0.project) }) else { return nil }
    func statement(_ head: String, _ reason: String = "") -> Statement {
      let shown = members.count > Self.mostShown ? Self.shownOfMore + 1 : members.count
      return Statement(
        members: Array(members.prefix(shown)), count: members.count, head: head,
        tail: " (\(id.short))\(reason)")
    }
    guard compatibility.events.kind(row) == .link else {
      return compatibility.counts(id) ? statement("unfit", try reason(of: id)) : nil
    }
    switch compatibility.standing(of: id) {
    case .live: return statement("linked")
    case .partly: return statement("linked in part")
    case .revoked(let revocations):
      return statement("revoked", try revocations.first.map(reason) ?? "")
    case .withdrawn: return nil
    }
  }
}
