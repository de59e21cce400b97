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
  /// First the linked commits that the tracked ref does not reach, by id; then those of `COMMIT..TIP`, newest first.
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
  /// Links tie it to that project, and they are left out: too few who are trusted have signed them.
  case untrusted(to: ProjectName, reason: String)
  /// It is linked to commits of that project only that may not be picked.
  case linkedElsewhere(to: ProjectName)
  /// It is linked to candidates of every neighbour, and no such candidates fit together.
  case inconsistent
  /// What it is linked to fits together but for that revocation.
  case revokedTogether(Event)
  /// A project of higher priority would have to go back.
  case putsBack(ProjectName, from: CommitID, to: CommitID, by: Int)
  /// Not known when the budget was spent.
  case undecided
  /// The pick lacks it, and yet it is no newer: the tracked ref had it before, or merged both at once.
  case older
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
  ) async throws -> (groups: [WhyNotNewer], trust: AppliedTrust?) {
    let project = try projectName(project, in: loaded.constellation)
    let machine = try machine.map { try machineName($0, in: loaded.constellation) }
    if let machine, loaded.constellation.machine(machine)?.projects.contains(project) == false {
      throw WeaveError("\(project) does not run on \(machine)")
    }
    let isFree = loaded.constellation.freeProjects.contains(project)
    let state = try await state(of: loaded)
    let problems = try GroupProblems(
      loaded, state, in: self, includingLocal: includingLocal, reading: isFree ? [] : [project])
    let groups = problems.groups.filter { group in
      group.projects.contains(project) && (machine.map(group.machines.contains) ?? true)
    }
    guard !groups.isEmpty else {
      throw WeaveError("\(project) runs on no machine")
    }
    let budget = SearchBudget(budget)
    let answers = try groups.map { group in
      var inquiry = try Inquiry(project, of: group, problems, loaded, self, budget: budget)
      return try inquiry.answer(problems)
    }
    return (answers, state.trust)
  }
}
