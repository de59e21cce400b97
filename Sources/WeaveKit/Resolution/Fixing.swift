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
    let own = group.machines.lazy.compactMap { machine in
      problems.pinsAndHolds[project, on: machine].flatMap { fixed in
        fixed.machine.map(machine.isExactly) ?? true ? fixed : nil
      }
    }
    return own.first.map { fixed in
      Fixing(
        reason: fixed.reason, machine: fixed.machine, because: fixed.hold?.because, until: fixed.hold?.until,
        author: author)
    }
  }
}

extension PinOrHold {
  /// Why a machine runs its commit.
  var reason: Resolution.Reason { hold == nil ? .pin : .hold }
}
