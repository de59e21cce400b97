import WeaveModel

/// The new links worth testing on one group of machines.
public struct GroupProposals: Sendable {
  public struct Step: Sendable {
    /// The links to be tested, in order.
    public let newLinks: [CommitPair]
    /// What the machines could run then.
    public let members: [Member]
    /// How far that is behind, in all.
    public let behind: Int
    /// Whether as many other links cannot do better; else it is the best found.
    public let isProvedBest: Bool
  }

  public let machines: [String]
  /// How many commits what they should run is behind the newest, of all projects together: each counted in the order of
  /// newest first.
  public let behind: Int
  /// By one link, by two, and so on, where that is better than by fewer.
  public let steps: [Step]
}

extension Workspace {
  /// The links worth testing next, up to `count`, by how much they move each group's whole set forward.
  ///
  /// Throws ``NoResolution`` where nothing fits yet.
  public func proposals(
    upTo count: Int, machine: String?, _ loaded: LoadedConstellation, includingLocal: Bool? = nil,
    budget: Int = ResolutionProblem.defaultBudget
  ) async throws -> (groups: [GroupProposals], trust: AppliedTrust?) {
    let machine = try machine.map { try machineName($0, in: loaded.constellation) }
    let state = try await state(of: loaded)
    let problems = try GroupProblems(loaded, state, in: self, includingLocal: includingLocal)
    let budget = SearchBudget(budget)
    var proposals: [GroupProposals] = []
    for group in problems.groups where machine.map(group.machines.contains) ?? true {
      let resolver = Resolver(problems.problem(of: group))
      let commits = try picks(of: resolver, on: group, problems, loaded, budget: budget)
      let table = problems.candidates.commits
      let picks = Dictionary(
        uniqueKeysWithValues: commits.compactMap { project, commit in
          table.number(of: Member(project: project, commit: commit)).map { (project, $0) }
        })
      let found = resolver.proposalsAndSteps(upTo: count, from: picks, budget: budget.aside)
      budget.spend(downTo: budget.left - found.steps)
      let steps = found.proposals.compactMap { step(of: $0, resolver, table, budget: budget) }
      proposals.append(
        GroupProposals(machines: group.machines, behind: resolver.age(of: picks), steps: steps))
    }
    return (proposals, state.trust)
  }

  /// What recording the proposed links comes to, which may be newer still for an earlier project than was proposed; nil
  /// where that is not known.
  private func step(
    of proposal: Proposal, _ resolver: Resolver, _ table: CommitTable, budget: SearchBudget
  ) -> GroupProposals.Step? {
    let problem = resolver.problem.linking(proposal.newLinks)
    guard case .resolved(let picks) = Resolver(problem).lexmin(spending: budget) else { return nil }
    return GroupProposals.Step(
      newLinks: proposal.newLinks.map { CommitPair(table[$0.first], table[$0.second]) },
      members: problem.domains.compactMap { picks[$0.project].map { table[$0] } },
      behind: resolver.age(of: picks), isProvedBest: proposal.isProvedBest && picks == proposal.picks)
  }
}
