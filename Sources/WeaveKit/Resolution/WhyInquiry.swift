import Git
import WeaveModel
import WeaveStore

/// The search for the reasons of one project on one group.
struct Inquiry {
  private let project: ProjectName
  private let group: Group
  let workspace: Workspace
  private let requirement: ProjectRequirement
  private let resolver: Resolver
  private let picks: [ProjectName: CommitID]
  let table: CommitTable
  private let constellation: Constellation
  /// What fixes the project on the group's machines.
  private let fixing: Fixing?
  /// Numbers that may be picked of each other project that must be linked.
  let neighbours: [(project: ProjectName, candidates: Set<CommitNumber>)]
  /// How old each candidate of each project is.
  private let ages: [ProjectName: [CommitNumber: Int]]
  private let budget: SearchBudget

  init(
    _ project: ProjectName, of group: Group, _ problems: GroupProblems, _ loaded: LoadedConstellation,
    _ workspace: Workspace, budget: SearchBudget
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
    let tip = problems.candidates.tips[project]
    let lacked = try workspace.lacked(by: pick, of: history, tip: tip, table)
    let place = history.firstIndex(of: number) ?? history.endIndex
    let newer = history[..<place].filter { history.endIndex > place || lacked.contains($0) }
    var refused: [WhyNotNewer.Refused] = []
    func refuse(_ commits: some Sequence<CommitNumber>, _ obstacle: (CommitNumber) throws -> Obstacle)
      rethrows
    {
      for commit in commits {
        refused.append(WhyNotNewer.Refused(commit: table.commit(commit), obstacle: try obstacle(commit)))
      }
    }
    refuse(unreachedCommits(known: Set(history).union([number]), problems)) { _ in .unreachable }
    try refuse(newer) { try obstacle(to: $0, problems) }
    refuse(history[place...].filter(lacked.contains)) { _ in fixing.map(Obstacle.fixed) ?? .older }
    return WhyNotNewer(
      machines: group.machines.filter { constellation.machine($0)?.projects.contains(project) ?? false },
      project: project, commit: pick, tip: tip,
      track: try requirement.isFree ? nil : requirement.track ?? workspace.project(project.text).track,
      behind: try tip.flatMap { try workspace.behind(pick, $0) }, refused: refused,
      remedy: fixing == nil ? remedy(newer, problems) : nil)
  }

  /// The commits of the project that links which count name and the tracked ref does not reach.
  private func unreachedCommits(known: Set<CommitNumber>, _ problems: GroupProblems) -> [CommitNumber] {
    // What is free tracks nothing.
    guard !requirement.isFree else { return [] }
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
    return try obstacleOfOthers(to: commit, problems)
  }

  /// What it takes the whole problem to find out.
  private mutating func obstacleOfOthers(to commit: CommitNumber, _ problems: GroupProblems) throws
    -> Obstacle
  {
    guard budget.left > 0 else { return .undecided }
    let (answer, left) = resolver.lexmin(fixing: commit, budget: budget.left)
    budget.spend(downTo: left)
    switch answer {
    case .impossible: return try obstacleOfRevocations(to: commit, problems)
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

  /// Whether what is linked would fit if nothing were revoked, and the revocation that then forbids it.
  private mutating func obstacleOfRevocations(
    to commit: CommitNumber, _ problems: GroupProblems
  ) throws -> Obstacle {
    let problem = resolver.problem
    guard !problem.unfit.isEmpty else { return .inconsistent }
    guard budget.left > 0 else { return .undecided }
    let linked = Resolver(problem.with(unfit: []))
    let (answer, left) = linked.lexmin(fixing: commit, budget: budget.left)
    budget.spend(downTo: left)
    switch answer {
    case .impossible: return .inconsistent
    case .gaveUp: return .undecided
    case .resolved(let others):
      let event = problems.revocations(against: others.values.map { table[$0] }, in: group).last
      return try event.map { .revokedTogether(try workspace.event($0)) } ?? .inconsistent
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
  /// Which commits of the tracked ref's history the pick does not reach: `git rev-list COMMIT..TIP`. None where the store
  /// lacks the pick, as it does what only a checkout has.
  fileprivate func lacked(
    by pick: CommitID, of history: [CommitNumber], tip: CommitID?, _ table: CommitTable
  ) throws -> Set<CommitNumber> {
    guard let tip, !history.isEmpty, try store.repository.kind(of: pick.objectID) == .commit else {
      return []
    }
    var lacked: Set<CommitID> = []
    var walk = try store.repository.commits(from: [tip.objectID], hiding: [pick.objectID])
    while let id = try walk.next() { lacked.insert(CommitID(id)) }
    return Set(history.filter { lacked.contains(table.commit($0)) })
  }
}
