import ForeignText
import WeaveModel

/// Reads lines `PROJECT SHA` and `PROJECT SHA dirty`, which any script can print. Empty lines, and those that begin with
/// `#`, say nothing.
enum ReportedLines {
  static func read(_ text: String, file: String) throws(FileFormatError) -> ReportedState {
    var commits: [ProjectName: CommitID] = [:]
    var dirty: Set<ProjectName> = []
    for (index, line) in text.lines.enumerated() {
      let fields = line.words
      guard let first = fields.first, !first.begins(with: "#") else { continue }
      let number = index + 1
      let isDirty = fields.count == 3 && fields[2] == "dirty"
      guard fields.count == 2 || isDirty else {
        throw FileFormatError(
          file: file, line: number,
          message: "'\(line.prefix(bytes: 100))' is not `PROJECT SHA` or `PROJECT SHA dirty`")
      }
      let project = try ReportedText.project(String(first), file: file, line: number)
      let commit = try ReportedText.commit(fields[1], of: project.text, file: file, line: number)
      guard commits.updateValue(commit, forKey: project) == nil else {
        throw FileFormatError(file: file, line: number, message: "\(project) is reported twice")
      }
      if isDirty { dirty.insert(project) }
    }
    guard !commits.isEmpty else { throw FileFormatError(file: file, message: "nothing is reported") }
    return ReportedState(ReportedState.Machine(name: nil, content: .projects(commits, dirty: dirty)))
  }
}
