import Git
import WeaveModel
import WeaveStore

/// How commits that machines run stand to those that are wanted: worked out once for each pair, since of ten thousand
/// machines most run the same.
struct CommitRelations {
  struct Relation {
    let relation: CommitRelation
    /// Commits that the one run has and the wanted one has not, and the other way round; nil of a foreign one.
    let distance: (ahead: Int, behind: Int)?
  }

  private struct Key: Hashable {
    let project: ProjectName
    let had, wanted: CommitID
  }

  /// The place of each project in the order in which a constellation tells of them.
  let order: [ProjectName: Int]
  private let store: Store
  private var known: [Key: Relation] = [:]
  /// What machines run, and those of it that the project has, by the projects that were asked.
  private let running: [ProjectName: Set<CommitID>]
  private var had: [ProjectName: Set<CommitID>] = [:]
  /// Whether what is wanted is here, by the projects and commits that were asked.
  private var stored: [Member: Bool] = [:]

  init(
    in store: Store, order: [ProjectName], running: some Sequence<[ProjectName: CommitID]>
  ) {
    self.store = store
    self.running = running.reduce(into: [:]) { all, commits in
      for (project, commit) in commits { all[project, default: []].insert(commit) }
    }
    self.order = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
  }

  mutating func relation(of had: CommitID, to wanted: CommitID, in project: ProjectName) throws
    -> (CommitRelation, (ahead: Int, behind: Int)?)
  {
    if had == wanted { return (.same, (0, 0)) }
    let key = Key(project: project, had: had, wanted: wanted)
    if let known = known[key] { return (known.relation, known.distance) }
    let relation = try read(key)
    known[key] = relation
    return (relation.relation, relation.distance)
  }

  private mutating func read(_ key: Key) throws -> Relation {
    let repository = store.repository
    let (had, wanted) = (key.had.objectID, key.wanted.objectID)
    if self.had[key.project] == nil {
      self.had[key.project] = try store.had(among: running[key.project] ?? [], by: key.project)
    }
    guard self.had[key.project]?.contains(key.had) == true, try isStored(key.wanted, of: key.project) else {
      return Relation(relation: .foreign, distance: nil)
    }
    let distance = try repository.aheadBehind(had, wanted)
    if try repository.treeOfCommit(had) == repository.treeOfCommit(wanted) {
      return Relation(relation: .sameTree, distance: distance)
    }
    switch (distance.ahead, distance.behind) {
    case (0, _): return Relation(relation: .behind, distance: distance)
    case (_, 0): return Relation(relation: .ahead, distance: distance)
    default: return Relation(relation: .forked, distance: distance)
    }
  }

  private mutating func isStored(_ commit: CommitID, of project: ProjectName) throws -> Bool {
    let member = Member(project: project, commit: commit)
    if let known = stored[member] { return known }
    let found = try store.isStored(commit, of: project)
    stored[member] = found
    return found
  }
}
