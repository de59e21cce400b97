import Git
import WeaveModel
import WeaveStore

/// The exact commit of every project on every machine.
public struct Resolution: Sendable {
  /// Why a commit is the one.
  public enum Reason: String, Sendable { case newest, pin, hold }

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
  /// The tip of each project's tracked ref.
  public let tips: [ProjectName: CommitID]

  public var tree: ResolutionTree {
    ResolutionTree(
      machines: Dictionary(
        uniqueKeysWithValues: machines.map { machine in
          (machine.machine, Dictionary(uniqueKeysWithValues: machine.picks.map { ($0.project, $0.commit) }))
        }))
  }
}

extension Workspace {
  /// Resolves the constellation under today's events. Throws ``WeaveError`` of kind `incompatible` when nothing fits.
  public func resolve(_ loaded: LoadedConstellation) throws -> Resolution {
    try resolve(loaded, compatibility())
  }

  func resolve(_ loaded: LoadedConstellation, _ compatibility: Compatibility) throws -> Resolution {
    let constellation = loaded.constellation
    let requirements = Dictionary(uniqueKeysWithValues: constellation.projects.map { ($0.name, $0) })
    let placements = try constellation.machines.map { machine in
      Placement(
        machine: machine.name, projects: machine.projects,
        fixed: try fixed(on: machine, requirements).mapValues(\.commit),
        joinedTo: machine.isWithHost ? machine.host : nil)
    }
    let free = Set(constellation.projects.filter(\.isFree).map(\.name))
    let (groups, crossing) = groups(of: placements, couplings: constellation.couplings, free: free)
    var cache = DomainCache()
    let picks = try groups.map { group in
      try solve(group, constellation, requirements, compatibility, &cache)
    }
    var group: [String: Int] = [:]
    for (index, members) in groups.enumerated() { for machine in members.machines { group[machine] = index } }
    let machines = try constellation.machines.map { machine in
      let fixed = try fixed(on: machine, requirements)
      return Resolution.MachinePicks(
        machine: machine.name,
        picks: machine.projects.compactMap { project in
          guard let index = group[machine.name], let commit = picks[index][project] else { return nil }
          let reason = fixed[project]?.reason ?? (requirements[project]?.pin == nil ? .newest : .pin)
          return Resolution.Pick(project: project, commit: commit, reason: reason)
        })
    }
    let crossings = crossing.compactMap { crossing -> (pair: CommitPair, isLive: Bool)? in
      guard let first = picks[crossing.first][crossing.pair.first],
        let second = picks[crossing.second][crossing.pair.second]
      else { return nil }
      let pair = CommitPair(
        Member(project: crossing.pair.first, commit: first),
        Member(project: crossing.pair.second, commit: second))
      return (pair, compatibility.isLive(pair))
    }
    return Resolution(
      constellation: constellation.name, machines: machines, crossings: crossings, tips: cache.tips)
  }

  /// What pins and holds fix on one machine; of a project with both, the hold.
  func fixed(on machine: Machine, _ requirements: [ProjectName: ProjectRequirement]) throws
    -> [ProjectName: (commit: CommitID, reason: Resolution.Reason)]
  {
    var fixed: [ProjectName: (commit: CommitID, reason: Resolution.Reason)] = [:]
    for (project, pin) in machine.pins {
      fixed[project] = (
        try commit(of: pin, in: project, isFree: requirements[project]?.isFree ?? false), .pin
      )
    }
    for hold in machine.holds {
      fixed[hold.project] = (
        try commit(of: hold.at, in: hold.project, isFree: requirements[hold.project]?.isFree ?? false), .hold
      )
    }
    return fixed
  }

  private func commit(of pin: Pin, in project: ProjectName, isFree: Bool) throws -> CommitID {
    switch pin {
    case .commit(let commit):
      guard try isFree || store.has(commit, in: project) else {
        throw WeaveError(
          "\(project) is pinned to \(commit), which it does not have", hint: "`weave fetch \(project)`")
      }
      return commit
    case .tag(let tag):
      guard let commit = try store.tip(of: project, track: "refs/tags/" + tag) else {
        throw WeaveError(
          "\(project) is pinned to the tag \(tag), which it does not have", hint: "`weave fetch \(project)`")
      }
      return commit
    }
  }

  /// The histories and tips that one resolution has read.
  struct DomainCache {
    var tips: [ProjectName: CommitID] = [:]
    var histories: [ProjectName: [CommitID]] = [:]
  }

  private func solve(
    _ group: Group, _ constellation: Constellation, _ requirements: [ProjectName: ProjectRequirement],
    _ compatibility: Compatibility, _ cache: inout DomainCache
  ) throws -> [ProjectName: CommitID] {
    let members = Set(group.projects)
    var domains: [Domain] = []
    for requirement in constellation.projects where members.contains(requirement.name) {
      domains.append(
        Domain(
          project: requirement.name,
          commits: try candidates(of: requirement, fixed: group.fixed[requirement.name], &cache)))
    }
    let problem = ResolutionProblem(
      domains: domains, required: group.required, meeting: group.meeting,
      live: linkedPairs(compatibility),
      unfit: compatibility.countingRevocations.compactMap(\.members))
    switch problem.lexmin() {
    case .resolved(let picks): return picks
    case .none(let conflict):
      throw NoResolution(group: group, conflict: conflict, compatibility: compatibility)
    case .gaveUp(let steps): throw WeaveError("gave up after \(steps) steps", kind: .undecided)
    }
  }

  /// Every pair that a link holds, those that a revocation forbids among them: the solver forbids these itself, and
  /// can so name the revocation that stands in the way.
  private func linkedPairs(_ compatibility: Compatibility) -> [CommitPair] {
    compatibility.events.values.flatMap { event -> [CommitPair] in
      guard case .link(let members) = event.claim, compatibility.withdrawals(of: event.id).isEmpty,
        members.count == 2 || compatibility.counts(event.id)
      else { return [] }
      return members.pairs
    }
  }

  private func candidates(of requirement: ProjectRequirement, fixed: CommitID?, _ cache: inout DomainCache)
    throws
    -> [CommitID]
  {
    let project = requirement.name
    if !requirement.isFree, cache.tips[project] == nil {
      cache.tips[project] = try trackedTip(of: requirement)
    }
    if let fixed { return [fixed] }
    if let pin = requirement.pin { return [try commit(of: pin, in: project, isFree: requirement.isFree)] }
    if let history = cache.histories[project] { return history }
    guard let tip = cache.tips[project] else { return [] }
    let history = try store.history(from: tip)
    cache.histories[project] = history
    return history
  }

  private func trackedTip(of requirement: ProjectRequirement) throws -> CommitID {
    let record = try project(requirement.name.text)
    let track = requirement.track ?? record.track
    guard let tip = try store.tip(of: record.name, track: track) else {
      throw WeaveError(
        track.map { "\(record.name) has no branch or tag '\($0)' to track" }
          ?? "\(record.name) has no HEAD to track",
        hint: "`weave fetch \(record.name)`, or `weave project set \(record.name) track REF`")
    }
    return tip
  }
}
