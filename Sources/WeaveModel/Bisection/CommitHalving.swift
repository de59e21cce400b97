/// The search for the first bad commit among those that a merge brought: what `git bisect` does
/// (`find_bisection` in git's bisect.c; Couder, "Fighting regressions with git bisect", git-bisect-lk2009).
///
/// Each test of a commit halves the rest as well as may be: the commit is best for which the smaller of two counts is
/// largest, the candidates that it contains and those that it does not.
struct CommitHalving {
  /// Parents before children.
  let commits: [CommitID]
  private let parents: [[Int]]
  private var isCandidate: [Bool]
  private var isSkipped: [Bool]
  private(set) var bad: Int

  /// All of `commits`, of which the last is known to be bad.
  init(_ commits: [CommitID], parents: [CommitID: [CommitID]]) {
    self.commits = commits
    let places = Dictionary(uniqueKeysWithValues: zip(commits, commits.indices))
    self.parents = commits.map { (parents[$0] ?? []).compactMap { places[$0] } }
    isCandidate = commits.map { _ in true }
    isSkipped = commits.map { _ in false }
    bad = commits.count - 1
  }

  var count: Int { isCandidate.count { $0 } }
  /// Those that may be the first bad one.
  var candidates: [CommitID] { commits.indices.filter { isCandidate[$0] }.map { commits[$0] } }

  func place(of commit: CommitID) -> Int? { commits.firstIndex(of: commit) }

  mutating func note(_ verdict: Verdict, of place: Int) {
    switch verdict {
    case .skipped: isSkipped[place] = true
    case .good: for contained in ancestry(of: place) { isCandidate[contained] = false }
    case .bad:
      bad = place
      let contained = Set(ancestry(of: place))
      for other in commits.indices where !contained.contains(other) { isCandidate[other] = false }
    }
  }

  /// Makes all candidates again that the commit at `place`, which is bad, contains.
  mutating func restart(at place: Int) {
    for contained in commits.indices { isCandidate[contained] = false }
    for contained in ancestry(of: place) { isCandidate[contained] = true }
    bad = place
  }

  /// The commit to test next; nil where none but the bad one is left, or only skipped ones.
  func next() -> Int? {
    let (weights, total) = (weights(), count)
    func distance(_ place: Int) -> Int { min(weights[place], total - weights[place]) }
    let others = commits.indices.filter { isCandidate[$0] && $0 != bad }
    guard let best = others.max(by: { distance($0) < distance($1) }) else { return nil }
    guard isSkipped[best] else { return best }
    let ranked = others.filter { !isSkipped[$0] }.sorted { (distance($1), $0) < (distance($0), $1) }
    return ranked.isEmpty ? nil : ranked[SkipAway.index(among: ranked.count)]
  }

  /// Of each candidate how many it contains, itself included. A walk for each merge, as Git's.
  private func weights() -> [Int] {
    var weights = [Int](repeating: 0, count: commits.count)
    var seen = [Int](repeating: -1, count: commits.count)
    for place in commits.indices where isCandidate[place] {
      let own = parents[place].filter { isCandidate[$0] }
      guard own.count > 1 else {
        weights[place] = 1 + (own.first.map { weights[$0] } ?? 0)
        continue
      }
      var pending = [place]
      seen[place] = place
      while let next = pending.popLast() {
        weights[place] += 1
        for parent in parents[next] where isCandidate[parent] && seen[parent] != place {
          seen[parent] = place
          pending.append(parent)
        }
      }
    }
    return weights
  }

  /// The commit and what it contains of all commits, candidates or not.
  private func ancestry(of place: Int) -> [Int] {
    var (found, pending): (Set<Int>, [Int]) = ([place], [place])
    while let next = pending.popLast() {
      for parent in parents[next] where found.insert(parent).inserted { pending.append(parent) }
    }
    return Array(found)
  }
}
