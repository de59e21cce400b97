/// Which commit of each project to run, so that every required pair is live and nothing that meets is unfit:
/// a constraint satisfaction problem whose answer is the lexicographically best of all that fit.
public struct ResolutionProblem: Sendable {
  /// The projects and what each may run, in the order of priority.
  public let domains: [Domain]
  /// The pairs of projects whose picks must be a live pair.
  public let required: Set<ProjectPair>
  /// The pairs of projects whose picks run together; holds every required pair.
  public let meeting: Set<ProjectPair>
  /// The links that count: every two members of one row are compatible.
  public let links: LinkTable
  /// The sets that must not run together.
  public let unfit: [[CommitNumber]]

  /// The problem of those parts. A commit's number is of one domain only.
  ///
  /// A project that a required pair names and that has no domain may run nothing. Of two domains of one
  /// project the first counts. `links` may hold pairs that `unfit` forbids: they are forbidden, and a conflict
  /// can then name the unfit set that forbids them.
  public init(
    domains: [Domain], required: Set<ProjectPair>, meeting: Set<ProjectPair>,
    links: LinkTable, unfit: [[CommitNumber]]
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
    self.links = links
    self.unfit = unfit
  }

  /// The same problem with these pairs linked too.
  public func linking(_ pairs: [NumberPair]) -> ResolutionProblem {
    var links = links
    for pair in pairs { links.append([pair.first, pair.second]) }
    return with(links: links)
  }

  /// The same problem with other parts. What met still does.
  public func with(
    domains: [Domain]? = nil, required: Set<ProjectPair>? = nil, links: LinkTable? = nil,
    unfit: [[CommitNumber]]? = nil
  ) -> ResolutionProblem {
    ResolutionProblem(
      domains: domains ?? self.domains, required: required ?? self.required, meeting: meeting,
      links: links ?? self.links, unfit: unfit ?? self.unfit)
  }
}

/// Two commits, by number, of two projects that must be a live pair.
public struct NumberPair: Hashable, Sendable {
  /// The commit of the project that sorts first by name.
  public let first: CommitNumber
  public let second: CommitNumber

  public init(first: CommitNumber, second: CommitNumber) { (self.first, self.second) = (first, second) }
}
