import ForeignText
import WeaveModel

/// What one machine runs, or should: the blob of a resolution or an observation, `project SHA` a line.
struct CommitLines: Equatable {
  /// Of a blob of such lines: some forty thousand projects.
  static let mostBytes = 4 << 20

  var commits: [ProjectName: CommitID]
  /// Those of an observation that were changed and not committed.
  var dirty: Set<ProjectName>

  init(_ commits: [ProjectName: CommitID], dirty: Set<ProjectName> = []) {
    (self.commits, self.dirty) = (commits, dirty)
  }

  /// The lines that `bytes` spell, in the one way in which they are written: two spellings of one resolution would be two
  /// resolutions. Only where `canBeDirty` may a line end in ` dirty`.
  init(parsing bytes: [UInt8], canBeDirty: Bool = false) throws(StoreError) {
    (commits, dirty) = ([:], [])
    guard !bytes.isEmpty else { return }
    var previous: ProjectName?
    guard bytes.last == UInt8(ascii: "\n") else { throw Self.damaged("its last line is cut off") }
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      let line = rest[..<end]
      rest = rest[(end + 1)...]
      let name = line.prefix { $0 != UInt8(ascii: " ") }
      var digits = line[name.endIndex...].dropFirst()
      let isDirty = canBeDirty && digits.dropFirst(40).elementsEqual(" dirty".utf8)
      if isDirty { digits = digits.prefix(40) }
      // `CommitID` takes digits of either case.
      guard let commit = CommitID(digits: digits),
        !digits.contains(where: { (UInt8(ascii: "A")...UInt8(ascii: "F")).contains($0) }),
        let project = try? ProjectName(String(foreign: name))
      else { throw Self.damaged("'\(String(foreign: line.prefix(200)))' is not `project SHA`") }
      if let previous, previous >= project {
        throw Self.damaged("its lines are not sorted by project, or name '\(project)' twice")
      }
      commits[project] = commit
      if isDirty { dirty.insert(project) }
      previous = project
    }
  }

  /// The lines, sorted by project.
  var bytes: [UInt8] {
    let lines = commits.sorted { $0.key < $1.key }.map { project, commit in
      "\(project) \(commit)\(dirty.contains(project) ? " dirty" : "")\n"
    }
    return Array(lines.joined().utf8)
  }

  private static func damaged(_ reason: String) -> StoreError {
    StoreError("what a machine runs is damaged: \(reason)", hint: "`weave fsck`")
  }
}

extension Member {
  /// The member that `project SHA` spells; nil for anything else.
  init?(_ text: String) {
    let parts = text.split(atScalar: " ", keepsEmpty: true).map(String.init)
    guard parts.count == 2, let project = try? ProjectName(parts[0]), let commit = CommitID(hex: parts[1]),
      commit.hex == parts[1]
    else { return nil }
    self.init(project: project, commit: commit)
  }
}
