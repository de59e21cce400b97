import WeaveModel

/// How far a resolution is from every project at its newest.
public struct Outlook: Sendable, Equatable {
  /// How many projects there are, and how many are everywhere at the newest commit that they may run.
  public let projects, newest: Int
  /// The pairs of newest commits that would have to be linked for all to be.
  public let newLinks: [CommitPair]
  /// How many revocations forbid all to be.
  public let revocations: Int

  init(of picks: [[ProjectName: CommitID]], _ problems: GroupProblems) {
    var (projects, older) = (Set<ProjectName>(), Set<ProjectName>())
    var newLinks: Set<CommitPair> = []
    var revocations: Set<EventID> = []
    for (group, picks) in zip(problems.groups, picks) {
      var newest: [Member] = []
      for project in group.projects {
        let commits = problems.newestFirst(project, in: group)
        let table = problems.candidates.commits
        guard let number = commits.first(where: { !problems.compatibility.isUnfit(table[$0]) }) else {
          continue
        }
        let first = table[number]
        newest.append(first)
        projects.insert(project)
        if picks[project] != first.commit { older.insert(project) }
      }
      let commit = Dictionary(uniqueKeysWithValues: newest.map { ($0.project, $0) })
      for pair in group.required {
        guard let first = commit[pair.first], let second = commit[pair.second] else { continue }
        let pair = CommitPair(first, second)
        if problems.compatibility.isUnlinked(pair) { newLinks.insert(pair) }
      }
      revocations.formUnion(problems.revocations(against: newest, in: group))
    }
    (self.projects, self.newest) = (projects.count, projects.subtracting(older).count)
    (self.newLinks, self.revocations) = (newLinks.sorted(), revocations.count)
  }
}
