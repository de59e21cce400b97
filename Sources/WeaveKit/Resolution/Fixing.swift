import WeaveModel
import WeaveStore

/// A pin or hold, and where it stands.
public struct Fixing: Sendable, Hashable {
  public let reason: Resolution.Reason
  /// The machine that it is of; nil for a pin of the whole constellation.
  public let machine: String?
  /// Of a hold: why, and until when, where that is said.
  public let because, until: String?
  /// Who stored the constellation as it is now; nil where it comes from a file.
  public let author: Author?
}

extension Workspace {
  /// What fixes the project on the group's machines; nil where nothing does.
  func fixing(
    _ project: ProjectName, of group: Group, _ problems: GroupProblems, _ loaded: LoadedConstellation
  ) throws -> Fixing? {
    let author =
      loaded.version == nil ? nil : try store.constellationAuthor(named: loaded.constellation.name)
    // Machines that are built in one closure have their pins and holds in common, and only one of them says so.
    for machine in group.machines.compactMap(loaded.constellation.machine) {
      let hold = machine.holds.first { $0.project == project }
      guard hold != nil || machine.pins[project] != nil else { continue }
      return Fixing(
        reason: hold == nil ? .pin : .hold, machine: machine.name, because: hold?.because,
        until: hold?.until, author: author)
    }
    guard problems.isPinned(project) else { return nil }
    return Fixing(reason: .pin, machine: nil, because: nil, until: nil, author: author)
  }
}
