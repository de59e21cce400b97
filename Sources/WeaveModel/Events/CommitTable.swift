/// A commit's number in a ``CommitTable``.
public typealias CommitNumber = Int32

/// Numbers for commits of projects, so that tables of millions can name each in four bytes. Append only: a number
/// once given stays.
public struct CommitTable: Sendable {
  /// The projects, by the numbers that `projectNumbers` holds.
  package private(set) var projects: [ProjectName]
  /// The project of each commit.
  package private(set) var projectNumbers: [Int32]
  package private(set) var ids: IdentifierColumn<CommitIDKind>
  package private(set) var rows: ProbingTable
  private var numbersByProject: [ProjectName: Int32]

  /// A table of no commits.
  public init() {
    (projects, projectNumbers, ids, rows, numbersByProject) = (
      [], [], IdentifierColumn(), ProbingTable(), [:]
    )
  }

  /// The table of those parts; nil where they do not fit together.
  package init?(
    projects: [ProjectName], projectNumbers: [Int32], ids: IdentifierColumn<CommitIDKind>, rows: ProbingTable
  ) {
    guard ids.count == projectNumbers.count, Set(projects).count == projects.count,
      projectNumbers.allSatisfy({ $0 >= 0 && Int($0) < projects.count })
    else { return nil }
    (self.projects, self.projectNumbers, self.ids, self.rows) = (projects, projectNumbers, ids, rows)
    numbersByProject = Dictionary(
      projects.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
  }

  public var count: Int { projectNumbers.count }

  public subscript(number: CommitNumber) -> Member {
    Member(project: projects[Int(projectNumbers[Int(number)])], commit: ids[Int(number)])
  }

  /// The id alone: no text is touched.
  public func commit(_ number: CommitNumber) -> CommitID { ids[Int(number)] }

  /// Whether the commits of both numbers are of one project.
  func areOfOneProject(_ one: CommitNumber, _ other: CommitNumber) -> Bool {
    projectNumbers[Int(one)] == projectNumbers[Int(other)]
  }

  /// The commit's number; nil for one that is not here.
  public func number(of member: Member) -> CommitNumber? {
    numbersByProject[member.project].flatMap { number(of: member.commit, project: $0) }
  }

  private func number(of commit: CommitID, project: Int32) -> CommitNumber? {
    rows.row(ofHash: ProbingTable.hash(commit.words, salt: project, seed: rows.seed)) {
      projectNumbers[$0] == project && ids[$0] == commit
    }.map { CommitNumber($0) }
  }

  /// The commit's number, which it is given now if it has none yet.
  public mutating func insert(_ member: Member) -> CommitNumber {
    let project = insert(member.project)
    if let number = number(of: member.commit, project: project) { return number }
    let number = CommitNumber(projectNumbers.count)
    projectNumbers.append(project)
    ids.append(member.commit)
    let seed = rows.seed
    rows.append { [ids, projectNumbers] in
      ProbingTable.hash(ids[$0].words, salt: projectNumbers[$0], seed: seed)
    }
    return number
  }

  private mutating func insert(_ project: ProjectName) -> Int32 {
    if let number = numbersByProject[project] { return number }
    let number = Int32(projects.count)
    projects.append(project)
    numbersByProject[project] = number
    return number
  }
}
