import WeaveFormats
import WeaveModel
import WeaveStore

extension Workspace {
  /// The resolution, for a deploy tool.
  public func desiredState(
    _ resolution: Resolution, of loaded: LoadedConstellation
  ) throws -> DesiredState {
    try desiredState(resolution.tree.machines, lock: nil, id: resolution.tree.id(), loaded)
  }

  /// The lock as it was recorded, for a deploy tool.
  public func desiredState(_ lock: Lock, of loaded: LoadedConstellation) throws -> DesiredState {
    try desiredState(lockedCommits(lock, loaded), lock: lock, id: lock.resolution, loaded)
  }

  /// What the lock in force and the constellation's pins and holds of today want, for a deploy tool. `wantsOther`:
  /// whether these want anything else than the lock says.
  ///
  /// Throws ``WeaveError`` of kind `incompatible` where the set of `machine`, or of any where it is nil, is unfit, unless
  /// `evenRevoked`, or depends on a hold or a link that does not count; and an error where there is no lock.
  public func wantedState(
    of loaded: LoadedConstellation, on machine: String?, evenRevoked: Bool
  ) async throws -> (
    state: DesiredState, lock: Lock, wantsOther: Bool, passedOver: [UntrustedLock]
  ) {
    // First, as nothing may be wanted where there is no lock.
    let newest = try loaded.constellation.trust == nil ? lock(named: nil, loaded) : nil
    let wanted = try await wanted(loaded)
    let concerned = loaded.constellation.machines.map(\.name).filter { machine == nil || $0 == machine }
    for name in concerned { try wanted.requireTrust(on: name) }
    let lock = try newest ?? wanted.lock ?? lock(named: nil, loaded)
    if !evenRevoked {
      for name in concerned { try wanted.requireFit(on: name) }
    }
    let id = try ResolutionTree(machines: wanted.machines).id()
    return (
      try desiredState(wanted.machines, lock: lock, id: id, loaded), lock, id != lock.resolution,
      wanted.passedOver
    )
  }

  private func desiredState(
    _ commits: [String: [ProjectName: CommitID]], lock: Lock?, id: ResolutionID, _ loaded: LoadedConstellation
  ) throws -> DesiredState {
    let constellation = loaded.constellation
    let records = try store.manifest().projects
    var projects = try constellation.projects.map { requirement in
      let record = records[requirement.name]
      return DesiredState.Project(
        name: requirement.name,
        trackedRef: try record.flatMap {
          do {
            return try store.trackedReference(of: $0.name, track: requirement.track ?? $0.track)
          } catch let error
            as AmbiguousTrack
          {
            // The commits are fixed already.
            caller.warn("\(error); \(error.hint)")
            return nil
          }
        },
        source: record?.source.text, isFree: requirement.isFree, data: requirement.data)
    }
    let known = Set(projects.map(\.name))
    // A lock may name what the constellation no longer does.
    projects += Set(commits.values.flatMap(\.keys)).subtracting(known).sorted().map {
      DesiredState.Project(name: $0, source: records[$0]?.source.text)
    }
    let place = Dictionary(uniqueKeysWithValues: projects.enumerated().map { ($1.name, $0) })
    func members(_ machine: String) -> [Member] {
      (commits[machine] ?? [:]).map { Member(project: $0.key, commit: $0.value) }
        .sorted { (place[$0.project] ?? .max) < (place[$1.project] ?? .max) }
    }
    var machines = constellation.machines.map { machine in
      DesiredState.Machine(
        name: machine.name, kind: machine.kind, host: machine.host, roles: machine.roles,
        address: machine.address?.text, aliases: machine.aliases, commits: members(machine.name),
        data: machine.data)
    }
    machines += commits.keys.filter { constellation.machine($0)?.name != $0 }.sorted().map {
      DesiredState.Machine(name: $0, commits: members($0))
    }
    return DesiredState(
      constellation: constellation.name, resolution: id.hex, lock: lock?.id.hex, projects: projects,
      roles: constellation.roles.map(\.name), machines: machines, data: constellation.data)
  }
}
