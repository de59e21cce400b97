import WeaveModel
import WeaveStore

/// What a machine should run, for the machine to carry with it.
public struct MachineManifest: Sendable {
  public let machine: String
  public let constellation: String
  /// The id of all that is wanted of the constellation.
  public let resolution: ResolutionID
  /// The lock in force, or nil where the resolution is what is wanted.
  public let lock: LockID?
  public let projects: [ProjectName: CommitID]
  /// What its guests should run that are built with it, and theirs, by name.
  public let guests: [String: [ProjectName: CommitID]]
}

extension Workspace {
  /// What is wanted of a machine, and of the guests that are built with it.
  ///
  /// Throws ``WeaveError`` of kind `incompatible` when one of these sets is unfit, unless `evenRevoked`, or depends on a hold or a
  /// link that does not count.
  public func manifest(
    of machine: String, _ loaded: LoadedConstellation, evenRevoked: Bool = false
  ) async throws -> MachineManifest {
    let name = try machineName(machine, in: loaded.constellation)
    let wanted = try await wanted(loaded)
    var built = [name]
    for guest in loaded.constellation.machines where guest.isWithHost {
      if let host = guest.host, built.contains(host) { built.append(guest.name) }
    }
    for machine in built { try wanted.requireTrust(on: machine) }
    if !evenRevoked { for machine in built { try wanted.requireFit(on: machine) } }
    let guests = built.dropFirst().map { ($0, wanted.machines[$0] ?? [:]) }
    return MachineManifest(
      machine: name, constellation: loaded.constellation.name,
      resolution: try ResolutionTree(machines: wanted.machines).id(), lock: wanted.lock?.id,
      projects: wanted.machines[name] ?? [:], guests: Dictionary(uniqueKeysWithValues: guests))
  }
}
