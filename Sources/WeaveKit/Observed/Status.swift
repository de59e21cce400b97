import Git
import WeaveModel
import WeaveStore

/// How the machines of a constellation stand to what is wanted of them.
public struct ConstellationStatus: Sendable {
  public struct MachineStatus: Sendable {
    public let report: MachineReport
    public let projects: [ProjectStatus]
    /// Seconds since it last said what it runs; nil where it never did.
    public let age: Int64?
    /// The revocations that make what it runs unfit.
    public let revocations: [Event]
    /// The revocations of other commits with the same trees as those that it runs, where these are not unfit.
    public let revocationsSharingTrees: [Event]
    /// What keeps projects on it where they are, in the constellation and by `weave hold`.
    public let holds: [Hold]
    /// What somebody acknowledged of it, unless that is over.
    public let acknowledgement: Acknowledgement?
  }

  public struct ProjectStatus: Sendable {
    public let comparison: ProjectComparison
    /// Commits that the machine has and the wanted one has not, and the other way round.
    public let ahead: Int?
    public let behind: Int?
  }

  public let constellation: String
  /// The moment that ages are counted to, in seconds since 1970.
  public let now: Int64
  public let lock: Lock?
  public let machines: [MachineStatus]
  /// The machines whose wanted set is unfit, with the revocations.
  public let unfitWanted: [String: [Event]]
  /// Why nothing can be wanted, where no lock is and nothing fits.
  public let lacksResolution: NoResolution?
  /// Where no lock is: that the resolver gave up.
  public let gaveUp: GaveUp?
  /// Whose word counted; nil where everybody's did.
  public let trust: AppliedTrust?
  /// The locks that are newer than the one in force and do not count, the newest first.
  public let passedOver: [UntrustedLock]
  /// The machines of which nothing is wanted, as a hold or a link that it depends on does not count.
  public let distrusted: [String: Distrust]
}

extension Workspace {
  /// The status of every machine of the constellation. An observation older than `staleAfter` seconds is stale.
  public func status(
    _ loaded: LoadedConstellation, staleAfter: Int64, budget: Int = ResolutionProblem.defaultBudget
  ) async throws -> ConstellationStatus {
    let state = try await state(of: loaded)
    let records = try await trustedRecords(of: loaded, state)
    return try status(loaded, state, records, staleAfter: staleAfter, budget: SearchBudget(budget))
  }

  /// The status of each stored constellation, by name; `failed` is told why of one nothing can be told. Together they take the steps
  /// of one, and no more than a few times that where there are many. Throws where a record cannot be read.
  public func statuses(
    staleAfter: Int64, failed: (_ constellation: String, any Error) -> Void
  ) async throws -> [ConstellationStatus] {
    let budget = SearchBudget()
    var statuses: [ConstellationStatus] = []
    for loaded in try storedConstellations() {
      do {
        let state = try await state(of: loaded)
        let records = try await trustedRecords(of: loaded, state)
        statuses.append(
          try status(loaded, state, records, staleAfter: staleAfter, budget: budget.share()))
      } catch  where !isUnreadable(error) { failed(loaded.constellation.name, error) }
    }
    return statuses
  }

  // Not inlined, as Swift 6.3 fails to optimise an asynchronous function with so much that throws in it.
  @inline(never)
  private func status(
    _ loaded: LoadedConstellation, _ state: State, _ records: TrustedRecords?, staleAfter: Int64,
    budget: SearchBudget
  ) throws -> ConstellationStatus {
    let compatibility = state.compatibility
    // The machines of one that is stored are in it.
    let stored = try loaded.version == nil ? storedConstellations().map(\.constellation) : []
    var (lacking, gaveUp): (NoResolution?, GaveUp?) = (nil, nil)
    var wanted = Wanted(
      loaded: loaded, lock: nil, machines: [:], fixed: [:], unfit: [:],
      trust: state.trust, passedOver: [], distrusted: records?.distrusted ?? [:])
    do {
      wanted = try self.wanted(loaded, state, records, budget: budget)
    } catch let error as NoResolution {
      lacking = error
    } catch let error as GaveUp {
      gaveUp = error
    }
    let observed = Dictionary(
      try store.observations().filter {
        loaded.constellation.machine($0.machine)?.name.isExactly($0.machine) == true
      }
      .map { ($0.machine, $0) }, uniquingKeysWith: { first, _ in first })
    let running = observed.mapValues(\.commits)
    let revocations = try revocations(against: running, of: loaded.constellation, compatibility)
    let sharing = try revocationsSharingTrees(with: running, of: loaded.constellation, compatibility)
    let acknowledged = Dictionary(
      try store.acknowledgements().filter {
        $0.until > now && !loaded.constellation.hasOtherwiseSpelled($0.machine)
      }.map { ($0.machine, $0) },
      uniquingKeysWith: { first, _ in first })
    let unreachable = store.unreachableMachines()
    let untested = untestedMachines(loaded.constellation, running: running, compatibility)
    var relations = CommitRelations(
      in: store, order: loaded.constellation.projects.map(\.name), running: running.values)
    let machines = try loaded.constellation.machines.map { machine in
      try status(
        of: machine, wanted: wanted, &relations, observed[machine.name],
        isUntested: untested.contains(machine.name),
        revocations: revocations[machine.name] ?? [],
        sharingTrees: revocations[machine.name] == nil ? sharing[machine.name] ?? [] : [],
        isStored: loaded.version != nil || stored.contains { $0.machine(machine.name) != nil },
        acknowledged[machine.name], staleAfter: staleAfter, unreachable: unreachable[machine.name])
    }
    return ConstellationStatus(
      constellation: loaded.constellation.name, now: now, lock: wanted.lock, machines: machines,
      unfitWanted: wanted.unfit,
      lacksResolution: lacking, gaveUp: gaveUp, trust: state.trust, passedOver: wanted.passedOver,
      distrusted: wanted.distrusted)
  }

  private func status(
    of machine: Machine, wanted: Wanted, _ relations: inout CommitRelations, _ observation: Observation?,
    isUntested: Bool,
    revocations: [Event], sharingTrees: [Event], isStored: Bool, _ acknowledgement: Acknowledgement?,
    staleAfter: Int64, unreachable: Int64?
  ) throws -> ConstellationStatus.MachineStatus {
    let commits = wanted.machines[machine.name] ?? [:]
    let had = observation?.commits ?? [:]
    let projects = Set(commits.keys).union(had.keys)
    let statuses =
      try observation == nil && commits.isEmpty
      ? []
      : projects
        .sorted { (relations.order[$0] ?? .max, $0) < (relations.order[$1] ?? .max, $1) }
        .map { project in
          try compare(
            project, wanted: commits[project], had: had[project],
            isDirty: observation?.dirty.contains(project) ?? false,
            isHeld: wanted.fixed[machine.name]?[project]?.hold != nil, &relations)
        }
    var freshness =
      observation.map { Freshness(seen: $0.seen, now: now, staleAfter: staleAfter) } ?? .never
    let age = freshness == .clockAhead ? nil : observation.map { max(0, now - $0.seen) }
    if let unreachable, unreachable >= observation?.seen ?? 0 { freshness = .unreachable }
    let hasExpiredHold = machine.holds.contains { $0.isPast(at: now) }
    return ConstellationStatus.MachineStatus(
      report: MachineReport(
        machine: machine.name, freshness: freshness, isUnfit: !revocations.isEmpty,
        isInStoredConstellation: isStored,
        wantsAnything: !commits.isEmpty, isObserved: observation != nil, isUntested: isUntested,
        hasExpiredHold: hasExpiredHold, isAcknowledged: acknowledgement != nil,
        comparisons: statuses.map(\.comparison)),
      projects: statuses, age: age, revocations: revocations, revocationsSharingTrees: sharingTrees,
      holds: machine.holds, acknowledgement: acknowledgement)
  }

  private func compare(
    _ project: ProjectName, wanted: CommitID?, had: CommitID?, isDirty: Bool, isHeld: Bool,
    _ relations: inout CommitRelations
  ) throws -> ConstellationStatus.ProjectStatus {
    var relation: CommitRelation?
    var distance: (ahead: Int, behind: Int)?
    if let wanted, let had {
      (relation, distance) = try relations.relation(of: had, to: wanted, in: project)
    }
    return ConstellationStatus.ProjectStatus(
      comparison: ProjectComparison(
        project: project, wanted: wanted, had: had, isDirty: isDirty, relation: relation, isHeld: isHeld),
      ahead: distance?.ahead, behind: distance?.behind)
  }
}
