import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// Records what a machine says that it runs: `project=SHA` entries, full ids.
  ///
  /// - Returns: the observation, and whether it differs from the last.
  public func report(machine: String, entries: [String], dirty: [String]) async throws -> (
    observation: Observation, isChange: Bool
  ) {
    if let reason = MachineName.reason(against: machine) {
      throw WeaveError("'\(machine)' is no machine's name: \(reason)")
    }
    var commits: [ProjectName: CommitID] = [:]
    for entry in entries {
      let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
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
      throw WeaveError("nothing is reported of \(machine)", hint: "PROJECT=SHA…, or --from FILE")
    }
    let dirty = try Set(dirty.map { try ProjectName($0) })
    if let stray = dirty.first(where: { commits[$0] == nil }) {
      throw WeaveError("\(stray) is dirty but not reported")
    }
    let known = try store.manifest().projects
    for project in commits.keys.sorted() where known[project] == nil {
      caller.warn(
        "no project is called '\(project)'; what is reported of it is kept and compared with nothing")
    }
    let outcome = try store.record(machine: machine, commits: commits, dirty: dirty, author: await author())
    try warnOfUnknown(machine, commits.filter { known[$0.key] != nil })
    return outcome
  }

  private func warnOfUnknown(_ machine: String, _ commits: [ProjectName: CommitID]) throws {
    let machines = try storedConstellations().flatMap { $0.constellation.machines.map(\.name) }
    if !machines.isEmpty, !machines.contains(machine) {
      let nearest = Nearest.match(machine, among: machines).map { "; did you mean '\($0)'?" } ?? ""
      caller.warn("no stored constellation has a machine '\(machine)'\(nearest)")
    }
    for (project, commit) in commits.sorted(by: { $0.key < $1.key }) {
      guard try !store.has(commit, in: project) else { continue }
      caller.warn(
        "\(project) has no commit \(commit.short), so it counts as foreign; `weave fetch \(project)`")
    }
  }

  /// The `project=SHA` entries of a file of `project SHA` lines; `-` is standard input.
  public func reportEntries(from path: String) throws -> [String] {
    let bytes =
      path == "-"
      ? try FileSystem.readStandardInput()
      : try FileSystem.read(FileSystem.absolute(path, from: caller.workingDirectory))
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw WeaveError("\(path) is not valid UTF-8")
    }
    return try text.split(separator: "\n").enumerated().map { index, line in
      let parts = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
      guard parts.count == 2 else { throw WeaveError("\(path):\(index + 1): '\(line)' is not `PROJECT SHA`") }
      return "\(parts[0])=\(parts[1])"
    }
  }
}
