import Git
import WeaveModel

extension Store {
  /// Makes every member reachable from its project's keep chain, so that no garbage collection takes it.
  ///
  /// To be called before the record that names the members is written.
  public func keep(_ members: [Member], author: Signature) throws {
    try locked { try keepLocked(members, author: author) }
  }

  func keepLocked(_ members: [Member], author: Signature) throws {
    for (project, members) in Dictionary(grouping: members, by: \.project).sorted(by: { $0.key < $1.key }) {
      let wanted = try members.map(\.commit.objectID).filter { try repository.kind(of: $0) == .commit }
      try advanceLocked(RefName.keep(project), log: "weave: keep") { tip in
        let held = Set(try tip.map { try repository.commit($0).parents } ?? [])
        let new = wanted.filter { !held.contains($0) }
        guard !new.isEmpty else { return nil }
        // The chain's root keeps nothing, so that a first parent is always the chain's own.
        let previous = try tip ?? writeKeep(of: project, parents: [], author: author)
        return try writeKeeps(of: project, new, after: previous, author: author)
      }
    }
  }

  private static let keptAtOnce = 1_000

  /// Goes on from `tip` with commits that keep all of `commits`; returns the last.
  func writeKeeps(
    of project: ProjectName, _ commits: [ObjectID], after tip: ObjectID, author: Signature
  ) throws -> ObjectID {
    var tip = tip
    for start in stride(from: 0, to: commits.count, by: Self.keptAtOnce) {
      let batch = commits[start..<min(start + Self.keptAtOnce, commits.count)]
      tip = try writeKeep(of: project, parents: [tip] + batch, author: author)
    }
    return tip
  }

  func writeKeep(of project: ProjectName, parents: [ObjectID], author: Signature) throws -> ObjectID {
    try repository.writeCommit(
      tree: repository.writeTree([]), parents: parents, author: author, committer: author,
      message: Array("keep \(project)\n".utf8))
  }

  /// Takes away the keep chains that cannot be read, so that ``keepNamed(of:author:)`` makes them anew. Nothing is lost by
  /// it: in a store nothing is pruned.
  public func dropUnreadableKeeps() throws {
    try locked {
      for reference in try repository.references(matching: RefName.keeps + "*") {
        guard case .direct(let tip) = reference.target,
          let project = try? ProjectName(String(reference.name.dropFirst(bytes: RefName.keeps.utf8.count)))
        else { continue }
        do { _ = try keptCommits(of: project) } catch  where isUnreadable(error) {
          try repository.deleteReference(reference.name, expecting: tip)
          warn("what is kept of \(project) could not be read; it is made anew")
        }
      }
    }
  }

  /// The commits that the project's keep chain holds as parents. Linear in the chain's length.
  public func keptCommits(of project: ProjectName) throws -> Set<CommitID> {
    try reading("what is kept of \(project)") { try readKeeps(of: project) }
  }

  private func readKeeps(of project: ProjectName) throws -> Set<CommitID> {
    var kept: Set<CommitID> = []
    var next = try repository.resolve(RefName.keep(project))
    while let id = next {
      let parents = try repository.commit(id).parents
      kept.formUnion(parents.dropFirst().map { CommitID($0) })
      next = parents.first
    }
    return kept
  }
}
