import Git
import WeaveModel

/// Which of some commits rewritten ones had among their ancestors already. Each history is walked once.
struct FormerAncestors {
  private static let mostVisited = 5_000_000

  private let rewritten: [CommitID]
  private let candidates: Set<ObjectID>
  private let hidden: [ObjectID]
  private let repository: Repository
  /// Those of the candidates that any of the rewritten ones had.
  private var all: Set<ObjectID>?
  private var known: [CommitID: Set<ObjectID>] = [:]
  private var visited = 0
  /// Whether there was more to walk than is walked. What is not known is taken for an ancestor, which is no successor.
  private(set) var isExhausted = false

  init(
    of rewritten: [CommitID], among candidates: [CommitID], hiding hidden: ObjectID?,
    in repository: Repository
  ) {
    (self.rewritten, self.candidates) = (rewritten, Set(candidates.map(\.objectID)))
    (self.hidden, self.repository) = (hidden.map { [$0] } ?? [], repository)
  }

  mutating func has(_ candidate: CommitID, of commit: CommitID) throws -> Bool {
    if all == nil, !isExhausted { all = try ancestors(of: rewritten) }
    if let all, !all.contains(candidate.objectID) { return false }
    if known[commit] == nil, !isExhausted { known[commit] = try ancestors(of: [commit]) }
    return known[commit]?.contains(candidate.objectID) ?? true
  }

  /// Nil where that is too much.
  private mutating func ancestors(of commits: [CommitID]) throws -> Set<ObjectID>? {
    var found: Set<ObjectID> = []
    var walk = try repository.commits(from: commits.map(\.objectID), hiding: hidden)
    while let id = try walk.next() {
      visited += 1
      guard visited <= Self.mostVisited else {
        isExhausted = true
        return nil
      }
      if candidates.contains(id) { found.insert(id) }
    }
    return found
  }
}
