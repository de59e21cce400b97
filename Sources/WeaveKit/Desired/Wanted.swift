import ForeignText
import Git
import WeaveModel
import WeaveStore

/// What the machines of a constellation should run: the lock's, else the resolution's, with today's pins and holds.
public struct Wanted: Sendable {
  let loaded: LoadedConstellation
  public var constellation: Constellation { loaded.constellation }
  /// The lock in force, or nil where the resolution is what is wanted.
  public let lock: Lock?
  /// The commits of each machine, by its name.
  public let machines: [String: [ProjectName: CommitID]]
  /// The pin or hold that fixes a project of a machine, by machine.
  public let fixed: [String: [ProjectName: PinOrHold]]
  /// For each machine whose set is unfit under today's events, the revocations.
  public let unfit: [String: [Event]]
  /// Whose word counted; nil where everybody's did.
  public let trust: AppliedTrust?
  /// The locks that are newer than the one in force and do not count, the newest first.
  public let passedOver: [UntrustedLock]
  /// The machines of which nothing is said, as what it depends on does not count, or counts no more. They have no ``machines``.
  public let distrusted: [String: Distrust]
}

extension Workspace {
  /// What is wanted of the constellation's machines.
  public func wanted(_ loaded: LoadedConstellation) async throws -> Wanted {
    let state = try await state(of: loaded)
    return try wanted(loaded, state, await trustedRecords(of: loaded, state))
  }

  /// `records`: what ``trustedRecords(of:_:)`` gives of the same constellation and state.
  func wanted(
    _ loaded: LoadedConstellation, _ state: State, _ records: TrustedRecords?,
    budget: SearchBudget = SearchBudget()
  ) throws -> Wanted {
    let loaded = records?.loaded ?? loaded
    let constellation = loaded.constellation
    if let records, let lack = records.lackOfLock {
      let names = constellation.machines.map { ($0.name, lack) }
      return Wanted(
        loaded: loaded, lock: nil, machines: [:], fixed: [:], unfit: [:], trust: state.trust,
        passedOver: records.passedOver,
        distrusted: records.distrusted.merging(names) { _, lack in lack })
    }
    let lock = try records == nil ? store.lock(for: constellation.name) : records?.lock
    let agreed: [String: [ProjectName: CommitID]]
    if let lock {
      // Links say nothing of what is in a lock besides.
      let locked = try records == nil ? lockedCommits(lock, loaded) : placedCommits(lock, loaded)
      agreed = Dictionary(
        uniqueKeysWithValues: constellation.machines.map { ($0.name, locked[$0.name] ?? [:]) })
    } else {
      agreed = try resolve(loaded, state, budget: budget).tree.machines
    }
    var pinned = PinnedCommits(of: constellation, in: self)
    let placements = try pinned.placements()
    let (desired, fixed) = try pinned.pinsAndHolds.overriding(agreed, on: constellation.machines) {
      try pinned.commit(of: $0, in: $1)
    }
    var machines = desired
    let distrusted = try records.map { try self.distrusted(machines, fixed, placements, $0) } ?? [:]
    for machine in distrusted.keys { machines[machine] = [:] }
    let unfit = try revocations(against: machines, of: constellation, state.compatibility)
    return Wanted(
      loaded: loaded, lock: lock, machines: machines, fixed: fixed, unfit: unfit,
      trust: state.trust, passedOver: records?.passedOver ?? [], distrusted: distrusted)
  }

  /// The machines of which nothing can be said by the links and holds that count, and why.
  private func distrusted(
    _ machines: [String: [ProjectName: CommitID]], _ fixed: [String: [ProjectName: PinOrHold]],
    _ placements: [Placement], _ records: TrustedRecords
  ) throws -> [String: Distrust] {
    var distrusted = records.distrusted
    // A resolution is of linked commits.
    guard let lock = records.lock else { return distrusted }
    let constellation = records.loaded.constellation
    var held: Set<Member> = []
    for machine in constellation.machines {
      for hold in machine.holds where hold.author != nil {
        if case .commit(let commit) = hold.at { held.insert(Member(project: hold.project, commit: commit)) }
      }
    }
    let locked = Set(
      try placedCommits(lock, records.loaded).values.flatMap { commits in
        commits.map { Member(project: $0.key, commit: $0.value) }
      })
    let required = RequiredPairs(constellation, placements)
    let links = records.links
    let unlinked = required.unlinked(machines) { pair in
      if links.standing.isLive(pair) || held.contains(pair.first) || held.contains(pair.second) {
        return true
      }
      return records.isLockSigned && locked.contains(pair.first) && locked.contains(pair.second)
        && !links.once.isLive(pair)
    }
    for each in unlinked {
      for machine in each.machines where distrusted[machine] == nil {
        let isFixed = [each.pair.first, each.pair.second].first {
          fixed[machine]?[$0.project] != nil && machines[machine]?[$0.project] == $0.commit
        }
        distrusted[machine] = Distrust(
          reason: links.once.isLive(each.pair)
            ? "each link of \(each.pair) that \(records.trust.constellation) trusts was withdrawn"
            : (isFixed.map { "the constellation fixes \($0), and " } ?? "")
              + "\(each.pair) are \(records.trust.linkReason)",
          hint:
            "`\(records.loaded.lockCommand)` adopts a resolution that fits, or `\(each.pair.linkCommand)`, "
            + "\(records.trust.signedByEnough), links them")
      }
    }
    return distrusted
  }

  /// The revocations that hold of what the constellation's machines run, or should, by machine.
  func revocations(
    against running: [String: [ProjectName: CommitID]], of constellation: Constellation,
    _ compatibility: Compatibility
  ) throws -> [String: [Event]] {
    try eventsByMachine(
      revocationsByMachine(
        compatibility, running: running, units: joinedMachines(of: constellation.placements()),
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
  /// Throws ``WeaveError`` of kind `incompatible` when the machine's set is unfit, unless `evenRevoked`, and where the
  /// constellation trusts some signers only, when a hold or a link that it depends on does not count. With it are given the locks
  /// that are newer and do not count.
  public func wantedCommit(
    of project: String, on machine: String, _ loaded: LoadedConstellation, evenRevoked: Bool = false
  ) async throws -> (commit: CommitID, passedOver: [UntrustedLock]) {
    let name = try machineName(machine, in: loaded.constellation)
    let standing = RecordStanding(gitDirectory: store.repository.gitDirectory)
    // Read again: what was read before may be older than how the records stand now.
    let loaded =
      try standing == nil || loaded.version == nil
      ? loaded : store.constellation(named: loaded.constellation.name).map(read) ?? loaded
    let wanted = try await wanted(loaded)
    if let standing { remember(wanted, of: loaded, standing) }
    let project = try projectName(project, in: loaded.constellation)
    try wanted.requireTrust(on: name)
    if !evenRevoked { try wanted.requireFit(on: name) }
    guard let commit = wanted.machines[name]?[project] else {
      throw WeaveError("nothing is wanted of \(project) on \(name)")
    }
    return (commit, wanted.passedOver)
  }

}

extension Wanted {
  /// Throws ``WeaveError`` of kind `incompatible` where nothing that counts says what the machine should run.
  func requireTrust(on machine: String) throws {
    guard let distrust = distrusted[machine] else { return }
    throw WeaveError(
      "what \(machine) should run is not to be trusted: \(distrust.reason)", kind: .incompatible,
      hint: distrust.hint)
  }

  /// Throws ``WeaveError`` of kind `incompatible` where what the machine should run is unfit.
  func requireFit(on machine: String) throws {
    guard let revocation = unfit[machine]?.first else { return }
    throw WeaveError(
      "what \(machine) should run is unfit: \(revocation.revocationSentence)"
        + (trust?.remark(on: revocation.id) ?? ""), kind: .incompatible,
      hint: "`\(loaded.lockCommand)` adopts a resolution that fits, or --even-revoked")
  }
}
