import ForeignText
import Git
import WeaveModel
import WeaveStore

/// What the machines of a constellation should run: the lock's, else the resolution's, with today's pins and holds.
public struct Wanted: Sendable {
  public let constellation: Constellation
  /// The lock in force, or nil where the resolution is what is wanted.
  public let lock: Lock?
  /// The commits of each machine, by its name.
  public let machines: [String: [ProjectName: CommitID]]
  /// What a pin or hold of the constellation fixes, by machine.
  public let fixed: [String: [ProjectName: Resolution.Reason]]
  /// For each machine whose set is unfit under today's events, the revocations.
  public let unfit: [String: [Event]]
  /// Whose word counted; nil where everybody's did.
  public let trust: AppliedTrust?
}

extension Workspace {
  /// What is wanted of the constellation's machines.
  public func wanted(_ loaded: LoadedConstellation) async throws -> Wanted {
    try wanted(loaded, await state(of: loaded))
  }

  func wanted(
    _ loaded: LoadedConstellation, _ state: State, budget: SearchBudget = SearchBudget()
  ) throws -> Wanted {
    let constellation = loaded.constellation
    let lock = try store.lock(for: constellation.name)
    let requirements = Dictionary(uniqueKeysWithValues: constellation.projects.map { ($0.name, $0) })
    var machines: [String: [ProjectName: CommitID]]
    if let lock {
      let locked = try lockedCommits(lock, loaded)
      machines = Dictionary(
        uniqueKeysWithValues: constellation.machines.map { ($0.name, locked[$0.name] ?? [:]) })
    } else {
      machines = try resolve(loaded, state, budget: budget).tree.machines
    }
    var pinned = PinnedCommits(of: constellation, in: self)
    let fixed = try fixedCommits(constellation, &pinned)
    var reasons: [String: [ProjectName: Resolution.Reason]] = [:]
    for machine in constellation.machines {
      for project in machine.projects {
        var fixed = fixed[machine.name]?[project]
        if fixed == nil, let requirement = requirements[project], let pin = requirement.pin {
          let commit = try pinned.commit(of: pin, in: project, isFree: requirement.isFree)
          fixed = FixedCommit(commit: commit, reason: .pin)
        }
        guard let fixed else { continue }
        machines[machine.name, default: [:]][project] = fixed.commit
        reasons[machine.name, default: [:]][project] = fixed.reason
      }
    }
    let unfit = try revocations(against: machines, of: constellation, state.compatibility)
    return Wanted(
      constellation: constellation, lock: lock, machines: machines, fixed: reasons, unfit: unfit,
      trust: state.trust)
  }

  /// The revocations that hold of what the constellation's machines run, or should, by machine.
  func revocations(
    against running: [String: [ProjectName: CommitID]], of constellation: Constellation,
    _ compatibility: Compatibility
  ) throws -> [String: [Event]] {
    try eventsByMachine(
      revocationsByMachine(
        compatibility, running: running, units: joinedMachines(of: placements(constellation)),
        couplings: constellation.couplings))
  }

  /// The events by machine. Machines with the same share them.
  func eventsByMachine(_ ids: [String: [EventID]]) throws -> [String: [Event]] {
    var known: [[EventID]: [Event]] = [:]
    return try ids.mapValues { ids in
      if let events = known[ids] { return events }
      let events = try ids.map(event)
      known[ids] = events
      return events
    }
  }

  /// The one commit of `project` that `machine` should run.
  ///
  /// Throws ``WeaveError`` of kind `incompatible` when the machine's set is unfit, unless `evenRevoked`.
  public func wantedCommit(
    of project: String, on machine: String, _ loaded: LoadedConstellation, evenRevoked: Bool = false
  ) async throws -> CommitID {
    let name = try machineName(machine, in: loaded.constellation)
    let standing = RecordStanding(gitDirectory: store.repository.gitDirectory)
    // Read again: what was read before may be older than how the records stand now.
    let loaded =
      try standing == nil || loaded.version == nil
      ? loaded : store.constellation(named: loaded.constellation.name).map(read) ?? loaded
    let wanted = try await wanted(loaded)
    if let standing { remember(wanted, of: loaded, standing) }
    let project = try projectName(project, in: loaded.constellation)
    if !evenRevoked { try wanted.requireFit(on: name) }
    guard let commit = wanted.machines[name]?[project] else {
      throw WeaveError("nothing is wanted of \(project) on \(name)")
    }
    return commit
  }

  /// The machine's full name; an error with the nearest name where the constellation has none such.
  public func machineName(_ text: String, in constellation: Constellation) throws -> String {
    if let machine = constellation.machine(text) { return machine.name }
    throw WeaveError(
      "\(constellation.name) has no machine called '\(text)'",
      hint: hint(
        for: text, among: constellation.machines.map(\.name),
        besides: constellation.machines.flatMap(\.aliases)))
  }

  /// The name of a project that the constellation names.
  public func projectName(_ text: String, in constellation: Constellation) throws -> ProjectName {
    if let requirement = constellation.projects.first(where: { $0.name.text == text }) {
      return requirement.name
    }
    throw WeaveError(
      "\(constellation.name) has no project called '\(text)'",
      hint: hint(for: text, among: constellation.projects.map(\.name.text)))
  }

  /// The name that was probably meant: the nearest, or the only one that begins so; else what there is.
  private func hint(for text: String, among names: [String], besides aliases: [String] = []) -> String? {
    let beginning = names.filter { $0.begins(with: text) }
    if let name = Nearest.match(text, among: names + aliases) ?? (beginning.count == 1 ? beginning[0] : nil) {
      return "did you mean '\(name)'?"
    }
    return "it has: " + names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "")
  }
}

extension Wanted {
  /// Throws ``WeaveError`` of kind `incompatible` where what the machine should run is unfit.
  func requireFit(on machine: String) throws {
    guard let revocation = unfit[machine]?.first else { return }
    throw WeaveError(
      "what \(machine) should run is unfit: \(revocation.revocationSentence)"
        + (trust?.remark(on: revocation.id) ?? ""), kind: .incompatible,
      hint: "`weave lock` adopts a resolution that fits, or --even-revoked")
  }
}
