import Git

/// The commits of one record, and which of them are one but for how their signature is spelled.
struct SignedCommits {
  private var parents: [ObjectID: [ObjectID]] = [:]
  private var first: [ObjectID: (id: ObjectID, isNew: Bool)] = [:]
  private var pairs: [(one: ObjectID, copy: ObjectID)] = []

  var hasSigned: Bool { !first.isEmpty }

  mutating func note(_ commit: Commit, isNew: Bool, in repository: Repository) throws {
    guard parents.updateValue(commit.parents, forKey: commit.id) == nil, commit.signatureFormat != nil else {
      return
    }
    let content = try repository.signedCommit(commit.id).contentID()
    guard let other = first[content] else {
      first[content] = (commit.id, isNew)
      return
    }
    pairs.append(isNew && !other.isNew ? (other.id, commit.id) : (commit.id, other.id))
    if !isNew { first[content] = (commit.id, isNew) }
  }

  /// Why one of them is said once more: something goes on from the one, or the other, and not from both. Nil where none is.
  var refusal: String? {
    guard !pairs.isEmpty else { return nil }
    var children: [ObjectID: [ObjectID]] = [:]
    for (id, parents) in parents { for parent in parents { children[parent, default: []].append(id) } }
    func above(_ start: ObjectID) -> Set<ObjectID> {
      var (found, pending) = (Set<ObjectID>(), [start])
      while let id = pending.popLast() {
        pending += (children[id] ?? []).filter { found.insert($0).inserted }
      }
      return found
    }
    let replayed =
      pairs.count > Self.mostPairs ? pairs.first : pairs.first { above($0.one) != above($0.copy) }
    return replayed.map { "\($0.copy): it is \($0.one) once more, with its signature spelled in another way" }
  }

  /// Whether something goes on from one alone is looked up for so many, by a walk for each: nobody has as many.
  private static let mostPairs = 64
}
