import ForeignText
import Git
import WeaveModel

/// The commits that refs of a project lead to. One that cannot be followed is told apart, and keeps nobody from what another
/// one reaches.
public struct ProjectTips: Sendable {
  /// In no order.
  public fileprivate(set) var commits: [ObjectID] = []
  /// What is lost, or cannot be read now. What leads to no commit, as a tag of a tree does, is not among it.
  public fileprivate(set) var unreadable: [UnreadableRecord] = []

  /// All of them; throws where one cannot be followed.
  func all() throws -> [ObjectID] {
    if let failure = unreadable.first { throw failure }
    return commits
  }
}

extension Store {
  /// The commits that every branch and tag of the project's source, and its HEAD, lead to, as last fetched.
  public func sourceTips(of project: ProjectName) throws -> ProjectTips {
    try tips(of: project, under: "refs/*")
  }

  /// The same of its branches and its HEAD. Throws where one cannot be followed.
  public func branchTips(of project: ProjectName) throws -> [ObjectID] {
    try tips(of: project, under: "refs/heads/*").all()
  }

  /// ``sourceTips(of:)``, and what the project's keep chain holds.
  public func tips(of project: ProjectName) throws -> ProjectTips {
    var tips = try sourceTips(of: project)
    tips.commits += try keptCommits(of: project).map(\.objectID).filter {
      try repository.kind(of: $0) == .commit
    }
    return tips
  }

  /// The commits of ``tips(of:)``. Throws where one ref cannot be followed: for what must know all that the project has.
  public func allTips(of project: ProjectName) throws -> [ObjectID] { try tips(of: project).all() }

  /// Of the refs that match `pattern` in the project, and of its HEAD.
  private func tips(of project: ProjectName, under pattern: String) throws -> ProjectTips {
    let namespace = RefName.namespace(project)
    var tips = ProjectTips()
    func follow(_ id: ObjectID, of name: String) throws {
      do {
        if let commit = try commit(at: id, of: name) { tips.commits.append(commit) }
      } catch let error as UnreadableRecord { tips.unreadable.append(error) }
    }
    for reference in try repository.references(matching: namespace + pattern) {
      if case .direct(let id) = reference.target { try follow(id, of: reference.name) }
    }
    switch try repository.reference(namespace + "HEAD")?.target {
    case .direct(let id): try follow(id, of: namespace + "HEAD")
    // Most are a branch, which is among those.
    case .symbolic(let name) where !name.begins(with: namespace + "refs/heads/"):
      if let id = try repository.resolve(name) { try follow(id, of: name) }
    case .symbolic, nil: break
    }
    return tips
  }

  /// The commit that the ref leads to; nil for what leads to none, as a tag of a tree, or one that Git reads no more than weave
  /// does.
  func commit(at id: ObjectID, of reference: String) throws -> ObjectID? {
    do { return try repository.peelToCommit(id) } catch {
      if error.leadsToNoCommit { return nil }
      throw UnreadableRecord(record: "what \(reference) leads to", reason: error)
    }
  }

  /// Whether one of the tips reaches the commit. Throws where none does and one of them cannot be followed.
  public func isReachable(_ commit: ObjectID, from tips: ProjectTips) throws -> Bool {
    if try repository.isReachable(commit, from: tips.commits) { return true }
    if let failure = tips.unreadable.first { throw failure }
    return false
  }

  /// Whether the project has the commit: a branch, a tag or its keep chain reaches it. Lists its refs, and walks at
  /// most its history.
  public func has(_ commit: CommitID, in project: ProjectName) throws -> Bool {
    try has(commit, in: project, tips(of: project))
  }

  /// - Parameter tips: ``tips(of:)`` of the project.
  func has(_ commit: CommitID, in project: ProjectName, _ tips: ProjectTips) throws -> Bool {
    guard try isStored(commit, of: project, tips) else { return false }
    return try isReachable(commit.objectID, from: tips)
  }

  /// Whether the commit is here, of whatever project. Throws where it is not and the project may have had it: its keep chain
  /// names it, or what one of its refs leads to is lost. Lists the project's refs where the commit is not here.
  public func isStored(_ commit: CommitID, of project: ProjectName) throws -> Bool {
    try isStored(commit, of: project, tips(of: project))
  }

  private func isStored(
    _ commit: CommitID, of project: ProjectName, _ tips: @autoclosure () throws -> ProjectTips
  ) throws -> Bool {
    if try repository.kind(of: commit.objectID) == .commit { return true }
    if let failure = try tips().unreadable.first { throw failure }
    guard try !keptCommits(of: project).contains(commit) else { throw Self.lost(commit, of: project) }
    return false
  }

  /// Those of the commits that the project has, as ``has(_:in:)`` tells of one. Lists its refs once, and walks its history
  /// a few times at most.
  public func had(among commits: Set<CommitID>, by project: ProjectName) throws -> Set<CommitID> {
    let present = try storedCommits(among: commits)
    let (kept, tips) = (try keptCommits(of: project), try tips(of: project))
    if let lost = commits.subtracting(present).intersection(kept).min() {
      throw Self.lost(lost, of: project)
    }
    let others = Set(present.subtracting(kept).map(\.objectID))
    let had = try present.intersection(kept).union(
      repository.reachable(among: others, from: tips.commits).map { CommitID($0) })
    if had.count < commits.count, let failure = tips.unreadable.first { throw failure }
    return had
  }

  /// Those of the ids that are of commits that are here, of whatever project.
  func storedCommits(among commits: Set<CommitID>) throws -> Set<CommitID> {
    let stored = try repository.stored(among: commits.map(\.objectID))
    return Set(try stored.filter { try repository.kind(of: $0) == .commit }.map { CommitID($0) })
  }

  private static func lost(_ commit: CommitID, of project: ProjectName) -> StoreError {
    StoreError(
      "\(project)@\(commit) is lost: what fetched or kept it is here, and it is not",
      hint: "`weave fetch \(project)`, or `weave fsck --repair`")
  }

  /// The refs of projects' sources that cannot be followed, in words, with what helps.
  public func unreadableSourceReferences() throws -> [String] {
    let prefix = "refs/namespaces/"
    let names = try Set(
      repository.references(matching: prefix + "*").map { reference in
        String(reference.name.dropFirst(bytes: prefix.utf8.count).prefix(whileScalar: { $0 != "/" }))
      })
    return try names.sorted().compactMap { try? ProjectName($0) }.flatMap { project in
      try sourceTips(of: project).unreadable.map {
        "\($0); `weave fetch \(project)` gets it where its source has it, and `weave fsck --repair` where it is whole"
      }
    }
  }
}
