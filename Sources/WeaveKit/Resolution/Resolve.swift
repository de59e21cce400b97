import Git
import WeaveModel
import WeaveStore

/// The exact commit of every project on every machine.
public struct Resolution: Sendable {
  /// Why a commit is the one; `local`: the newest that fits, and only in the project's checkout so far; `lock`: the one
  /// that the lock has, where that is preferred.
  public enum Reason: String, Sendable { case newest, pin, hold, local, lock }

  public struct Pick: Sendable {
    public let project: ProjectName
    public let commit: CommitID
    public let reason: Reason
  }

  public struct MachinePicks: Sendable {
    public let machine: String
    /// In the constellation's order of priority.
    public let picks: [Pick]
  }

  public let constellation: String
  /// In the constellation's order.
  public let machines: [MachinePicks]
  /// Couplings that reach from one group into another, and whether the pair that they come to is live.
  public let crossings: [(pair: CommitPair, isLive: Bool)]
  /// The tip of each project's tracked ref, as last fetched.
  public let tips: [ProjectName: CommitID]
  /// How far it is from every project at its newest.
  public let outlook: Outlook
  /// Whose word counted; nil where everybody's did.
  public let trust: AppliedTrust?

  public var tree: ResolutionTree {
    ResolutionTree(
      machines: Dictionary(
        uniqueKeysWithValues: machines.map { machine in
          (machine.machine, Dictionary(uniqueKeysWithValues: machine.picks.map { ($0.project, $0.commit) }))
        }))
  }
}

extension Workspace {
  /// Resolves the constellation under today's events.
  ///
  /// Throws ``NoResolution`` when nothing fits, and ``GaveUp`` when that was not known after `budget` steps.
  /// `includingLocal`: the checkouts' branches too; where nil, as the store's `weave.local` says. Where the constellation trusts
  /// some signers only, throws ``WeaveError`` of kind `incompatible` when a hold on `machine`, or on any where it is nil, does not
  /// count.
  public func resolve(
    _ loaded: LoadedConstellation, preference: Preference = .newest, includingLocal: Bool? = nil,
    budget: Int = ResolutionProblem.defaultBudget, machine: String? = nil
  ) async throws -> Resolution {
    let state = try await state(of: loaded)
    let records = try await trustedRecords(of: loaded, state, withLock: preference.needsLock)
    for name in loaded.constellation.machines.map(\.name) where machine == nil || name == machine {
      if let distrust = records?.distrusted[name] {
        throw WeaveError(
          "what \(name) should run is not to be trusted: \(distrust.reason)", kind: .incompatible,
          hint: distrust.hint)
      }
    }
    return try resolve(
      records?.loaded ?? loaded, state, preference: preference, includingLocal: includingLocal,
      budget: SearchBudget(budget), records: records)
  }

  func resolve(
    _ loaded: LoadedConstellation, _ state: State, preference: Preference = .newest,
    includingLocal: Bool? = nil, budget: SearchBudget, records: TrustedRecords? = nil
  ) throws -> Resolution {
    let problems = try GroupProblems(
      loaded, state, in: self, preference: preference, includingLocal: includingLocal, records: records)
    var picks: [[ProjectName: CommitID]] = []
    for group in problems.groups {
      let resolver = Resolver(problems.problem(of: group))
      picks.append(try self.picks(of: resolver, on: group, problems, loaded, budget: budget))
    }
    let constellation = loaded.constellation
    var place: [String: Int] = [:]
    for (index, group) in problems.groups.enumerated() {
      for machine in group.machines { place[machine] = index }
    }
    let machines = constellation.machines.map { machine in
      Resolution.MachinePicks(
        machine: machine.name,
        picks: machine.projects.compactMap { project in
          guard let index = place[machine.name], let commit = picks[index][project] else { return nil }
          return Resolution.Pick(
            project: project, commit: commit,
            reason: problems.reason(for: commit, of: project, on: machine.name))
        })
    }
    let crossings = problems.crossings.compactMap { crossing -> (pair: CommitPair, isLive: Bool)? in
      guard let first = picks[crossing.first][crossing.pair.first],
        let second = picks[crossing.second][crossing.pair.second]
      else { return nil }
      let pair = CommitPair(
        Member(project: crossing.pair.first, commit: first),
        Member(project: crossing.pair.second, commit: second))
      return (pair, state.compatibility.isLive(pair))
    }
    return Resolution(
      constellation: constellation.name, machines: machines, crossings: crossings,
      tips: problems.candidates.tips, outlook: Outlook(of: picks, problems), trust: state.trust)
  }

  /// What the group's machines run; throws ``NoResolution`` and ``GaveUp``.
  func picks(
    of resolver: Resolver, on group: Group, _ problems: GroupProblems, _ loaded: LoadedConstellation,
    budget: SearchBudget
  ) throws -> [ProjectName: CommitID] {
    switch resolver.lexmin(spending: budget) {
    case .resolved(let picks): return picks.mapValues(problems.candidates.commits.commit)
    case .impossible: throw try noResolution(of: resolver, on: group, problems, loaded, budget: budget)
    case .gaveUp(_, let best):
      throw GaveUp(
        machines: group.machines, steps: budget.total,
        best: best.map { picks in
          picks.map { Member(project: $0.key, commit: problems.candidates.commits.commit($0.value)) }.sorted()
        })
    }
  }
}

extension GroupProblems {
  /// Why a machine runs this commit.
  fileprivate func reason(for commit: CommitID, of project: ProjectName, on machine: String)
    -> Resolution.Reason
  {
    if let fixed = pinsAndHolds[project, on: machine] { return fixed.reason }
    if isKept(commit, of: project, on: machine) { return .lock }
    return candidates.isLocal(commit, of: project) ? .local : .newest
  }
}
