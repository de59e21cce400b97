/// Which commit of each project to run, so that every required pair is live and nothing that meets is unfit:
/// a constraint satisfaction problem whose answer is the lexicographically newest of all that fit.
public struct ResolutionProblem: Sendable {
  /// The projects and what each may run, in the order of priority.
  public let domains: [Domain]
  /// The pairs of projects whose picks must be a live pair.
  public let required: Set<ProjectPair>
  /// The pairs of projects whose picks run together; holds every required pair.
  public let meeting: Set<ProjectPair>
  /// The pairs of commits of required projects that hold.
  public let live: Set<CommitPair>
  /// The sets that must not run together.
  public let unfit: [CommitSet]

  /// The problem of those parts.
  ///
  /// A project that a required pair names and that has no domain may run nothing. Of two domains of one
  /// project the first counts. `live` may hold pairs that `unfit` forbids: they are forbidden, and a conflict
  /// can then name the unfit set that forbids them.
  public init(
    domains: [Domain], required: Set<ProjectPair>, meeting: Set<ProjectPair>,
    live: some Sequence<CommitPair>, unfit: [CommitSet]
  ) {
    var seen: Set<ProjectName> = []
    var kept = domains.filter { seen.insert($0.project).inserted }
    for pair in required.sorted() {
      for project in [pair.first, pair.second] where seen.insert(project).inserted {
        kept.append(Domain(project: project, commits: []))
      }
    }
    self.domains = kept
    self.required = required
    self.meeting = meeting.union(required)
    self.live = Set(live.lazy.filter { required.contains(ProjectPair($0.first.project, $0.second.project)) })
    self.unfit = unfit
  }

  /// Whether `picks` gives every project of the problem, and no other, a commit of its domain so that every
  /// required pair is live and nothing that meets is unfit. Linear in the problem's size.
  public func isFit(_ picks: [ProjectName: CommitID]) -> Bool {
    guard picks.count == domains.count else { return false }
    for domain in domains {
      guard let pick = picks[domain.project], domain.commits.contains(pick) else { return false }
    }
    for pair in required {
      guard let first = picks[pair.first], let second = picks[pair.second],
        live.contains(
          CommitPair(Member(project: pair.first, commit: first), Member(project: pair.second, commit: second))
        )
      else { return false }
    }
    return !unfit.contains { set in
      isInForce(set) && set.members.allSatisfy { picks[$0.project] == $0.commit }
    }
  }

  /// Whether the projects of `set` all meet each other, so that it forbids anything at all.
  func isInForce(_ set: CommitSet) -> Bool {
    let members = set.members
    guard !members.isEmpty else { return false }
    return members.indices.allSatisfy { left in
      members[(left + 1)...].allSatisfy { meeting.contains(ProjectPair(members[left].project, $0.project)) }
    }
  }
}
