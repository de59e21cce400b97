import Git
import WeaveModel
import WeaveStore

/// Why a project is not newer on a group of machines.
public struct WhyNotNewer: Sendable {
  /// A commit that the resolution does not pick, and the one reason for it, the cheapest to find out.
  public struct Refused: Sendable {
    public let commit: CommitID
    public let obstacle: Obstacle
  }

  public let machines: [String]
  public let project: ProjectName
  public let commit: CommitID
  /// The tip of the tracked ref, and how the ref is called; nil for the source's HEAD.
  public let tip: CommitID?
  public let track: String?
  /// `git rev-list --count COMMIT..TIP`.
  public let behind: Int?
  /// The commits that are newer on the tracked ref, and the linked ones that it does not reach: newest first.
  public let refused: [Refused]
  /// What it takes for the newest that is not unfit to be picked with all else unchanged; nil where the newest is.
  public let remedy: Remedy?
}

/// What keeps a commit from being picked.
public enum Obstacle: Sendable, Hashable {
  /// The tracked ref does not reach it.
  case unreachable
  /// Another commit is pinned or held.
  case fixed(Fixing)
  /// A revocation names it alone.
  case revoked(Event)
  /// No link ties it to any commit of that project.
  case unlinked(to: ProjectName)
  /// Each link to that project is of a pair that is revoked.
  case revokedWith(ProjectName, Event)
  /// It is linked to commits of that project only that may not be picked.
  case linkedElsewhere(to: ProjectName)
  /// It is linked to candidates of every neighbour, and no such candidates fit together.
  case inconsistent
  /// A project of higher priority would have to go back.
  case putsBack(ProjectName, from: CommitID, to: CommitID, by: Int)
  /// Not known when the budget was spent.
  case undecided
}

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

/// What would let a commit be picked.
public struct Remedy: Sendable {
  public let commit: CommitID
  /// The links it lacks to what the others are at, for which it would have to be tested.
  public let newLinks: [CommitPair]
}

extension Workspace {
  /// Why the project is not newer: for each group of machines that runs it, or only that of `machine`.
  ///
  /// Throws ``NoResolution`` where nothing fits: then there is no pick to ask of.
  public func why(
    _ project: String, machine: String?, _ loaded: LoadedConstellation, includingLocal: Bool? = nil,
    budget: Int = ResolutionProblem.defaultBudget
  ) throws -> [WhyNotNewer] {
    let project = try projectName(project, in: loaded.constellation)
    let machine = try machine.map { try machineName($0, in: loaded.constellation) }
    let isFree = loaded.constellation.freeProjects.contains(project)
    let problems = try GroupProblems(
      loaded, compatibility(), in: self, includingLocal: includingLocal, reading: isFree ? [] : [project])
    let groups = problems.groups.filter { group in
      group.projects.contains(project) && (machine.map(group.machines.contains) ?? true)
    }
    guard !groups.isEmpty else {
      throw WeaveError(machine.map { "\(project) does not run on \($0)" } ?? "\(project) runs on no machine")
    }
    return try groups.map { group in
      var inquiry = try Inquiry(project, of: group, problems, loaded, self, budget: budget)
      return try inquiry.answer(problems)
    }
  }
}

/// The search for the reasons of one project on one group.
private struct Inquiry {
  let project: ProjectName
  let group: Group
  let workspace: Workspace
  let requirement: ProjectRequirement
  let resolver: Resolver
  let picks: [ProjectName: CommitID]
  let table: CommitTable
  let constellation: Constellation
  /// What fixes the project on the group's machines.
  let fixing: Fixing?
  /// Numbers that may be picked of each other project that must be linked.
  let neighbours: [(project: ProjectName, candidates: Set<CommitNumber>)]
  /// How old each candidate of each project is.
  let ages: [ProjectName: [CommitNumber: Int]]
  var budget: Int

  init(
    _ project: ProjectName, of group: Group, _ problems: GroupProblems, _ loaded: LoadedConstellation,
    _ workspace: Workspace, budget: Int
  ) throws {
    (self.project, self.group, self.workspace, self.budget) = (project, group, workspace, budget)
    constellation = loaded.constellation
    let requirements = Dictionary(uniqueKeysWithValues: constellation.projects.map { ($0.name, $0) })
    guard let requirement = requirements[project] else { throw WeaveError("\(project) runs on no machine") }
    self.requirement = requirement
    resolver = Resolver(problems.problem(of: group))
    picks = try workspace.picks(of: resolver, on: group, problems, loaded, budget: budget)
    table = problems.candidates.commits
    let problem = resolver.problem
    fixing = try workspace.fixing(project, of: group, problems, loaded)
    ages = Dictionary(
      uniqueKeysWithValues: problem.domains.map { domain in
        (domain.project, Dictionary(uniqueKeysWithValues: domain.commits.enumerated().map { ($1, $0) }))
      })
    neighbours = problem.domains.compactMap { domain in
      guard domain.project != project, group.required.contains(ProjectPair(project, domain.project)) else {
        return nil
      }
      return (domain.project, Set(domain.commits))
    }
  }

  mutating func answer(_ problems: GroupProblems) throws -> WhyNotNewer {
    guard let pick = picks[project], let number = table.number(of: Member(project: project, commit: pick))
    else {
      throw WeaveError("\(project) runs on no machine")
    }
    let history = problems.candidates.history(of: project)
    let newer = history.firstIndex(of: number).map { Array(history[..<$0]) } ?? history
    let known = Set(history)
    let unreached = unreachedCommits(known: known.union([number]), problems)
    var refused = unreached.map { WhyNotNewer.Refused(commit: table.commit($0), obstacle: .unreachable) }
    for commit in newer {
      refused.append(
        WhyNotNewer.Refused(commit: table.commit(commit), obstacle: try obstacle(to: commit, problems)))
    }
    let tip = problems.candidates.tips[project]
    return WhyNotNewer(
      machines: group.machines, project: project, commit: pick, tip: tip,
      track: try requirement.isFree ? nil : requirement.track ?? workspace.project(project.text).track,
      behind: try tip.flatMap { try workspace.behind(pick, $0) }, refused: refused,
      remedy: fixing == nil ? remedy(newer, problems) : nil)
  }

  /// The commits of the project that links which count name and the tracked ref does not reach.
  private func unreachedCommits(known: Set<CommitNumber>, _ problems: GroupProblems) -> [CommitNumber] {
    let links = resolver.problem.links.members
    let own = Set(links.filter { table[$0].project == project })
    return own.subtracting(known).sorted { table.commit($0) < table.commit($1) }
  }

  private mutating func obstacle(to commit: CommitNumber, _ problems: GroupProblems) throws -> Obstacle {
    if let fixing { return .fixed(fixing) }
    let member = table[commit]
    if let event = problems.revocations(against: [member], in: group).first {
      return .revoked(try workspace.event(event))
    }
    if let obstacle = try obstacleOfLinks(to: member, problems) { return obstacle }
    return obstacleOfOthers(to: commit)
  }

  /// The cheapest of what one neighbour alone may object.
  private func obstacleOfLinks(to member: Member, _ problems: GroupProblems) throws -> Obstacle? {
    let compatibility = problems.compatibility
    var linked: [ProjectName: [(member: Member, link: CommitSet)]] = [:]
    for link in compatibility.links(naming: member.project, commit: member.commit)
    where compatibility.withdrawals(of: link).isEmpty {
      guard let set = compatibility.members(of: link) else { continue }
      for other in set.members { linked[other.project, default: []].append((other, set)) }
    }
    for neighbour in neighbours where linked[neighbour.project] == nil {
      return .unlinked(to: neighbour.project)
    }
    for neighbour in neighbours {
      let links = linked[neighbour.project] ?? []
      guard !links.contains(where: { compatibility.isLive(CommitPair(member, $0.member)) }),
        let event = links.lazy.compactMap({ compatibility.revocations(against: $0.link).last }).last
      else { continue }
      return .revokedWith(neighbour.project, try workspace.event(event))
    }
    for neighbour in neighbours {
      let isPickable = linked[neighbour.project]?.contains { other in
        compatibility.isLive(CommitPair(member, other.member))
          && table.number(of: other.member).map(neighbour.candidates.contains) ?? false
      }
      if isPickable != true { return .linkedElsewhere(to: neighbour.project) }
    }
    return nil
  }

  /// What it takes the whole problem to find out.
  private mutating func obstacleOfOthers(to commit: CommitNumber) -> Obstacle {
    guard budget > 0 else { return .undecided }
    let (answer, left) = resolver.lexmin(fixing: commit, budget: budget)
    budget = left
    switch answer {
    case .impossible: return .inconsistent
    case .gaveUp: return .undecided
    case .resolved(let other):
      for domain in resolver.problem.domains {
        guard let from = picks[domain.project], let to = other[domain.project], from != table.commit(to),
          let former = table.number(of: Member(project: domain.project, commit: from))
        else { continue }
        let age = ages[domain.project] ?? [:]
        return .putsBack(
          domain.project, from: from, to: table.commit(to), by: age[to, default: 0] - age[former, default: 0])
      }
      return .undecided
    }
  }

  /// What lets the newest commit be picked that fits what the others are at.
  private func remedy(_ newer: [CommitNumber], _ problems: GroupProblems) -> Remedy? {
    var others = picks
    others[project] = nil
    let members = others.map { Member(project: $0.key, commit: $0.value) }
    let newest = newer.first { commit in
      problems.revocations(against: members + [table[commit]], in: group).isEmpty
    }
    guard let newest else { return nil }
    let pairs = neighbours.compactMap { neighbour -> CommitPair? in
      guard let commit = others[neighbour.project] else { return nil }
      return CommitPair(table[newest], Member(project: neighbour.project, commit: commit))
    }
    return Remedy(
      commit: table.commit(newest), newLinks: pairs.filter { !problems.compatibility.isLive($0) }.sorted())
  }
}

extension Workspace {
  /// What fixes the project on the group's machines; nil where nothing does.
  fileprivate func fixing(
    _ project: ProjectName, of group: Group, _ problems: GroupProblems, _ loaded: LoadedConstellation
  ) throws -> Fixing? {
    let author =
      loaded.version == nil ? nil : try store.constellationAuthor(named: loaded.constellation.name)
    for machine in group.machines {
      guard let fixed = problems.fixed[machine]?[project] else { continue }
      let hold = loaded.constellation.machine(machine)?.holds.first { $0.project == project }
      return Fixing(
        reason: fixed.reason, machine: machine, because: hold?.because, until: hold?.until, author: author)
    }
    guard problems.isPinned(project) else { return nil }
    return Fixing(reason: .pin, machine: nil, because: nil, until: nil, author: author)
  }
}
