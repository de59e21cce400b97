import WeaveFormats
import WeaveModel

/// A commit whose id is one digit, over and over.
func commit(_ digit: Character) throws -> CommitID {
  guard let commit = CommitID(hex: String(repeating: digit, count: 40)) else { throw NoDigit() }
  return commit
}

private struct NoDigit: Error {}

extension DesiredState.Machine {
  /// A host that wants `commits`, by project.
  static func host(_ name: String, _ commits: KeyValuePairs<String, Character>, roles: [String] = [])
    throws
    -> DesiredState.Machine
  {
    DesiredState.Machine(
      name: name, kind: .host, roles: roles,
      commits: try commits.map { Member(project: try ProjectName($0.key), commit: try commit($0.value)) })
  }
}

extension DesiredState {
  /// What `machines` want, of a resolution whose id is all zeros.
  static func wanting(
    constellation: String = "canon", roles: [String] = [], data: JSONValue? = nil, _ machines: Machine...
  ) -> DesiredState {
    var projects: [ProjectName] = []
    for member in machines.flatMap(\.commits) where !projects.contains(member.project) {
      projects.append(member.project)
    }
    return DesiredState(
      constellation: constellation, resolution: String(repeating: "0", count: 40),
      projects: projects.map { Project(name: $0) }, roles: roles, machines: machines, data: data)
  }
}
