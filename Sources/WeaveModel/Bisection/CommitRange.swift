/// Commits between two points of a history, without what is below them.
struct CommitRange {
  let commits: [CommitID: ProjectHistory.Commit]

  init(_ commits: [ProjectHistory.Commit]) {
    self.commits = Dictionary(commits.map { ($0.id, $0) }) { first, _ in first }
  }

  /// `tip`, and so on the first parent of each that contains `base`, down to `base` itself; nil where `tip` does not
  /// contain it.
  func path(from tip: CommitID, downTo base: CommitID) -> [CommitID]? {
    let containing = descendants(of: base)
    var path = [tip]
    var last = tip
    while last != base {
      guard let next = commits[last]?.parents.first(where: { $0 == base || containing.contains($0) })
      else { return nil }
      path.append(next)
      last = next
    }
    return path
  }

  /// The steps along a path upwards: each brings what no commit below it on the path contains.
  func steps(along path: [CommitID]) -> [HistoryStep] {
    var placed: Set<CommitID> = []
    var latest = Int64.min
    return zip(path, path.dropFirst()).map { from, to in
      latest = max(latest, commits[to]?.seconds ?? latest)
      return HistoryStep(
        from: from, to: to, direction: .forward, brought: ancestry(of: to, placed: &placed), seconds: latest)
    }
  }

  private func descendants(of base: CommitID) -> Set<CommitID> {
    var children: [CommitID: [CommitID]] = [:]
    for commit in commits.values {
      for parent in commit.parents { children[parent, default: []].append(commit.id) }
    }
    var (found, pending): (Set<CommitID>, [CommitID]) = ([], [base])
    while let commit = pending.popLast() {
      for child in children[commit] ?? [] where found.insert(child).inserted { pending.append(child) }
    }
    return found
  }

  /// What `tip` contains of the range and is not `placed` yet, parents before children.
  private func ancestry(of tip: CommitID, placed: inout Set<CommitID>) -> [CommitID] {
    var order: [CommitID] = []
    var pending = [(commit: tip, parentsAreDone: false)]
    while let (commit, parentsAreDone) = pending.popLast() {
      if parentsAreDone {
        order.append(commit)
      } else if placed.insert(commit).inserted, let parents = commits[commit]?.parents {
        pending.append((commit, true))
        for parent in parents.reversed() where commits[parent] != nil { pending.append((parent, false)) }
      }
    }
    return order
  }
}
