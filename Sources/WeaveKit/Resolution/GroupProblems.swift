import WeaveModel
import WeaveStore

/// The resolution problems of a constellation, one for each group of its machines.
struct GroupProblems {
  let constellation: Constellation
  let compatibility: Compatibility
  /// Whose word counts; nil where everybody's does.
  let trust: AppliedTrust?
  let groups: [Group]
  let crossings: [Crossing]
  /// Which pin or hold counts where.
  let pinsAndHolds: PinsAndHolds
  let candidates: Candidates
  /// The events behind the unfit sets of each problem, in the same order.
  let revocations: [EventID]

  private let preference: Preference
  private let locked: [String: [ProjectName: CommitID]]
  private let links: LinkTable
  private let unfit: [[CommitNumber]]

  /// The problems of the constellation under the events of `state`.
  ///
  /// `includingLocal`: the checkouts' branches too; where nil, as the store's `weave.local` says. `reading` names projects
  /// whose history is wanted though no machine may move them. `records` say which lock is in force, where not the newest is.
  init(
    _ loaded: LoadedConstellation, _ state: State, in workspace: Workspace,
    preference: Preference = .newest, includingLocal: Bool? = nil, reading: Set<ProjectName> = [],
    records: TrustedRecords? = nil
  ) throws {
    let constellation = loaded.constellation
    var pinned = PinnedCommits(of: constellation, in: workspace)
    let pinsAndHolds = pinned.pinsAndHolds
    let (formed, crossings) = WeaveModel.groups(
      of: try pinned.placements(), couplings: constellation.couplings, free: constellation.freeProjects)
    try pinned.requirePinsOfConstellation()
    let groups = try formed.map { group in
      try group.fixing(by: pinsAndHolds) { try pinned.commit(of: $0, in: $1) }
    }
    let movable = groups.reduce(into: Set<ProjectName>()) { movable, group in
      movable.formUnion(group.projects.filter { group.fixed[$0] == nil })
    }
    let projects = groups.reduce(into: Set<ProjectName>()) { $0.formUnion($1.projects) }
    candidates = try Candidates(
      constellation.projects.filter { projects.contains($0.name) }, reading: movable.union(reading),
      of: workspace, includingLocal: includingLocal ?? workspace.prefersLocal())
    locked = try preference.needsLock ? workspace.commitsToKeep(loaded, records) : [:]
    (compatibility, trust) = (state.compatibility, state.trust)
    links = compatibility.linksForResolution
    revocations = compatibility.countingRevocations
    unfit = compatibility.unfitSets
    (self.constellation, self.pinsAndHolds) = (constellation, pinsAndHolds)
    (self.groups, self.crossings, self.preference) = (groups, crossings, preference)
  }

  /// The same problems under the events of another state.
  init(_ other: GroupProblems, under compatibility: Compatibility) {
    (self.compatibility, trust) = (compatibility, nil)
    links = compatibility.linksForResolution
    revocations = compatibility.countingRevocations
    unfit = compatibility.unfitSets
    (constellation, pinsAndHolds) = (other.constellation, other.pinsAndHolds)
    (groups, crossings, candidates) = (other.groups, other.crossings, other.candidates)
    (preference, locked) = (other.preference, other.locked)
  }

  /// The problem of a group. What the lock has comes before all else where the preference says so.
  func problem(of group: Group) -> ResolutionProblem {
    var links = links
    let kept = self.kept(by: group)
    if preference == .lockedUnlessRevoked {
      links.append(
        kept.sorted { $0.key < $1.key }.compactMap { project, commits in
          commits.first.map { candidates.number(of: $0, in: project) }
        })
    }
    let domains = priority.filter(Set(group.projects).contains).map { project in
      Domain(project: project, commits: commits(of: project, in: group, keeping: kept[project] ?? []))
    }
    return ResolutionProblem(
      domains: domains, required: group.required, meeting: group.meeting, links: links, unfit: unfit)
  }

  /// The commits that the group's machines may run of the project, newest first.
  func newestFirst(_ project: ProjectName, in group: Group) -> [CommitNumber] {
    if let commit = group.fixed[project] {
      return [candidates.number(of: commit, in: project)]
    }
    return candidates.history(of: project)
  }

  /// Whether every machine, or every machine of the group, runs one given commit of the project.
  func isFixed(_ project: ProjectName, in group: Group) -> Bool {
    group.fixed[project] != nil
  }

  /// The revocations that forbid what the group's machines run together when they run `members`.
  func revocations(against members: [Member], in group: Group) -> [EventID] {
    guard let set = try? CommitSet(members) else { return [] }
    return compatibility.revocations(against: set, meeting: group.meeting)
  }

  /// Whether the lock has this commit for the machine, and that is preferred.
  func isKept(_ commit: CommitID, of project: ProjectName, on machine: String) -> Bool {
    !preference.updated.contains(project) && locked[machine]?[project] == commit
  }

  private var priority: [ProjectName] {
    let updated = preference.updated
    let all = constellation.projects.map(\.name)
    return all.filter(updated.contains) + all.filter { !updated.contains($0) }
  }

  private func commits(
    of project: ProjectName, in group: Group, keeping kept: [CommitID]
  ) -> [CommitNumber] {
    let newest = newestFirst(project, in: group)
    guard !kept.isEmpty, !preference.updated.contains(project) else { return newest }
    let known = Set(newest)
    let first = kept.map { candidates.number(of: $0, in: project) }.filter(known.contains)
    return first + newest.filter { !first.contains($0) }
  }

  /// What the lock has of each project on the group's machines; those of earlier machines first.
  private func kept(by group: Group) -> [ProjectName: [CommitID]] {
    group.machines.reduce(into: [:]) { kept, machine in
      for (project, commit) in locked[machine] ?? [:] where !kept[project, default: []].contains(commit) {
        kept[project, default: []].append(commit)
      }
    }
  }
}

extension Workspace {
  /// What the lock in force has of each machine; an error where there is none.
  fileprivate func commitsToKeep(
    _ loaded: LoadedConstellation, _ records: TrustedRecords?
  ) throws -> [String: [ProjectName: CommitID]] {
    guard let lock = try records == nil ? store.lock(for: loaded.constellation.name) : records?.lock else {
      throw WeaveError(
        "\(loaded.constellation.name) has no lock to keep",
        hint: "`\(loaded.lockCommand)` adopts today's resolution")
    }
    return try lockedCommits(lock, loaded)
  }
}
