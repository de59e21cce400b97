import Git
import WeaveModel
import WeaveStore

/// The exact commit of every project on every machine.
public struct Resolution: Sendable {
  /// Why a commit is the one; `local`: the newest that fits, and only in the project's checkout so far.
  public enum Reason: String, Sendable { case newest, pin, hold, local }

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

  public var tree: ResolutionTree {
    ResolutionTree(
      machines: Dictionary(
        uniqueKeysWithValues: machines.map { machine in
          (machine.machine, Dictionary(uniqueKeysWithValues: machine.picks.map { ($0.project, $0.commit) }))
        }))
  }
}

extension Workspace {
  /// Resolves the constellation under today's events. Throws ``NoResolution`` when nothing fits.
  ///
  /// `includingLocal`: the checkouts' branches too; where nil, as the store's `weave.local` says.
  public func resolve(_ loaded: LoadedConstellation, includingLocal: Bool? = nil) throws -> Resolution {
    try resolve(loaded, compatibility(), includingLocal: includingLocal)
  }

  func resolve(
    _ loaded: LoadedConstellation, _ compatibility: Compatibility, includingLocal: Bool? = nil
  ) throws -> Resolution {
    let constellation = loaded.constellation
    let requirements = Dictionary(uniqueKeysWithValues: constellation.projects.map { ($0.name, $0) })
    let fixed = try fixedCommits(constellation)
    let placements = placements(constellation, fixed: fixed)
    let free = constellation.freeProjects
    let (groups, crossing) = groups(of: placements, couplings: constellation.couplings, free: free)
    var candidates = try Candidates(of: self, includingLocal: includingLocal ?? prefersLocal())
    let picks = try groups.map { group in try solve(group, constellation, compatibility, &candidates) }
    var group: [String: Int] = [:]
    for (index, members) in groups.enumerated() { for machine in members.machines { group[machine] = index } }
    let machines = constellation.machines.map { machine in
      Resolution.MachinePicks(
        machine: machine.name,
        picks: machine.projects.compactMap { project in
          guard let index = group[machine.name], let commit = picks[index][project] else { return nil }
          let reason =
            fixed[machine.name]?[project]?.reason ?? (requirements[project]?.pin == nil ? .newest : .pin)
          let isLocal = reason == .newest && candidates.isLocal(commit, of: project)
          return Resolution.Pick(project: project, commit: commit, reason: isLocal ? .local : reason)
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
      constellation: constellation.name, machines: machines, crossings: crossings, tips: candidates.tips)
  }

  private func solve(
    _ group: Group, _ constellation: Constellation, _ compatibility: Compatibility,
    _ candidates: inout Candidates
  ) throws -> [ProjectName: CommitID] {
    let members = Set(group.projects)
    var domains: [Domain] = []
    for requirement in constellation.projects where members.contains(requirement.name) {
      domains.append(
        Domain(
          project: requirement.name,
          commits: try candidates.commits(of: requirement, fixed: group.fixed[requirement.name])))
    }
    let problem = ResolutionProblem(
      domains: domains, required: group.required, meeting: group.meeting,
      live: linkedPairs(compatibility),
      unfit: compatibility.countingRevocations.compactMap(compatibility.members))
    switch problem.lexmin() {
    case .resolved(let picks): return picks
    case .none(let conflict):
      throw try NoResolution(group: group, conflict: conflict, compatibility: compatibility, event: event)
    case .gaveUp(let steps): throw WeaveError("gave up after \(steps) steps", kind: .undecided)
    }
  }

  /// Every pair that a link holds, those that a revocation forbids among them: the solver forbids these itself, and
  /// can so name the revocation that stands in the way.
  private func linkedPairs(_ compatibility: Compatibility) -> [CommitPair] {
    let links = compatibility.linksForResolution
    return (0..<links.count).flatMap { row in
      let members = links[row].map { compatibility.commits[$0] }
      return members.indices.flatMap { left in members[(left + 1)...].map { CommitPair(members[left], $0) } }
    }
  }
}
