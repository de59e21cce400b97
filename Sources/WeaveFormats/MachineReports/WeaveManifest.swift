import ForeignText
import WeaveModel

/// Reads `weave.manifest/1`, what `weave manifest` prints and a machine carries (Docs/reference/json.md).
struct WeaveManifest: Decodable {
  static let schema = "weave.manifest/1"

  private struct Project: Decodable {
    let rev: String
    let dirty: Bool?
  }

  private struct Guest: Decodable {
    let sequence: Int?
    let resolution: String?
    let projects: [String: Project]?  // Keys: by JSONText
  }

  private let machine: String?
  private let sequence: Int?
  private let resolution: String?
  private let projects: [String: Project]?  // Keys: by JSONText
  private let guests: [String: Guest]?  // Keys: by JSONText

  static func read(_ text: String, file: String) throws(FileFormatError) -> ReportedState {
    let manifest: WeaveManifest = try JSONText.decode(text, file: file, what: "manifest of weave")
    let name: String?
    if let machine = manifest.machine {
      name = try ReportedText.machine(machine, file: file)
    } else {
      name = nil
    }
    let reporter = ReportedState.Machine(
      name: name, sequence: try checked(manifest.sequence, file: file),
      content: try content(manifest.projects, manifest.resolution, of: name ?? "the machine", file: file))
    var others: [ReportedState.Machine] = []
    for (guest, said) in (manifest.guests ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard guest != name else {
        throw FileFormatError(file: file, message: "'\(guest.prefix(bytes: 100))' is among its own guests")
      }
      others.append(
        ReportedState.Machine(
          name: try ReportedText.machine(guest, file: file),
          sequence: try checked(said.sequence, file: file) ?? reporter.sequence,
          content: try content(
            said.projects, said.resolution ?? manifest.resolution, of: guest, file: file)))
    }
    return ReportedState(reporter, others: others)
  }

  private static func checked(_ sequence: Int?, file: String) throws(FileFormatError) -> Int? {
    guard let sequence else { return nil }
    guard (1...MachineReport.greatestSequence).contains(sequence) else {
      throw FileFormatError(
        file: file,
        message: "its sequence is \(sequence), and counts from 1 to \(MachineReport.greatestSequence)")
    }
    return sequence
  }

  private static func content(
    _ projects: [String: Project]?, _ resolution: String?, of machine: String, file: String  // Keys: by JSONText
  ) throws(FileFormatError) -> ReportedState.Content {
    if let projects {
      var commits: [ProjectName: CommitID] = [:]
      var dirty: Set<ProjectName> = []
      for (name, said) in projects {
        let project = try ReportedText.project(name, file: file)
        commits[project] = try ReportedText.commit(said.rev, of: name, file: file)
        if said.dirty == true { dirty.insert(project) }
      }
      return .projects(commits, dirty: dirty)
    }
    guard let resolution else {
      throw FileFormatError(
        file: file,
        message:
          "it says of \(machine.prefix(bytes: 100)) neither its 'projects' nor the 'resolution' that it runs")
    }
    guard let id = ResolutionID(hex: resolution) else {
      throw FileFormatError(
        file: file, message: "'\(resolution.prefix(bytes: 100))' is no resolution's id, 40 hexadecimal digits"
      )
    }
    return .resolution(id)
  }
}
