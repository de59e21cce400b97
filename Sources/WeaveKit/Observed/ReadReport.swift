import ForeignText
import WeaveFormats
import WeaveModel

extension Workspace {
  /// The report of one machine that `PROJECT=SHA` entries spell, and the names of those that are dirty.
  public func reportedState(entries: [String], dirty: [String]) throws -> ReportedState {
    var commits: [ProjectName: CommitID] = [:]
    for entry in entries {
      let parts = entry.split(atScalar: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { throw WeaveError("'\(entry)' is not of the form PROJECT=SHA") }
      let name = try ProjectName(parts[0])
      guard let commit = CommitID(hex: parts[1]) else {
        throw WeaveError(
          "'\(parts[1])' is no full commit id of \(name)",
          hint: "40 hexadecimal digits, as `git rev-parse HEAD` prints")
      }
      guard commits.updateValue(commit, forKey: name) == nil else {
        throw WeaveError("\(name) is reported twice")
      }
    }
    guard !commits.isEmpty else {
      throw WeaveError("nothing is reported", hint: "PROJECT=SHA…, or --from FILE")
    }
    let dirty = try Set(dirty.map { try ProjectName($0) })
    if let stray = dirty.first(where: { commits[$0] == nil }) {
      throw WeaveError("\(stray) is dirty but not reported")
    }
    return ReportedState(ReportedState.Machine(name: nil, content: .projects(commits, dirty: dirty)))
  }

  /// The report in a file or a pipe, of any kind that ``ReportedState`` reads; `-` is standard input.
  ///
  /// A pipe, such as a shell's `<(command)`, is read until its last writer has closed it, and waited for some seconds where
  /// nobody has opened it to write.
  public func reportedState(from path: String) throws -> ReportedState {
    guard path != "-" && path != "/dev/stdin" else {
      return try ReportedState.read(
        try caller.readStandardInput(ReportedState.longest), file: "standard input")
    }
    let bytes = try FileSystem.readPipeOrFile(
      FileSystem.named(path, from: caller.workingDirectory), stoppingAfter: ReportedState.longest)
    return try ReportedState.read(bytes, file: path)
  }
}
