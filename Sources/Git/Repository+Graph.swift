import CLibgit2

extension Repository {
  /// Whether `ancestor` can be reached from `descendant` through parents; also when they are one commit.
  ///
  /// Throws `.notFound` or `.wrongKind` when one of them is no commit here; an error too when history
  /// between them is missing.
  public func isAncestor(_ ancestor: ObjectID, of descendant: ObjectID) throws(GitError) -> Bool {
    let operation = "ask whether \(ancestor) is an ancestor of \(descendant)"
    try requireCommits([ancestor, descendant], operation)
    if ancestor == descendant { return true }
    var (above, below) = (ancestor.raw, descendant.raw)
    do {
      return try check(operation) {
        git_graph_descendant_of(handle.raw, &below, &above)
      } == 1
    } catch {
      return try isReachable(ancestor, from: [descendant], after: error)
    }
  }

  /// Whether `commit` can be reached from one of `tips`, or is one: one walk for all of them. Throws as `isAncestor`
  /// does.
  public func isReachable(_ commit: ObjectID, from tips: [ObjectID]) throws(GitError) -> Bool {
    let operation = "ask whether \(commit) is reachable"
    try requireCommits([commit] + tips, operation)
    if tips.contains(commit) { return true }
    guard !tips.isEmpty else { return false }
    var raw = commit.raw
    do {
      return try check(operation) {
        git_graph_reachable_from_any(handle.raw, &raw, tips.map(\.raw), tips.count)
      } == 1
    } catch {
      return try isReachable(commit, from: tips, after: error)
    }
  }

  /// Those of `commits` that can be reached from one of `tips`, or are one: one walk, until all are found.
  public func reachable(among commits: Set<ObjectID>, from tips: [ObjectID]) throws(GitError) -> Set<ObjectID>
  {
    var found: Set<ObjectID> = []
    // A walk to one commit leaves out what is older.
    if commits.count <= Self.fewCommits {
      for commit in commits where try isReachable(commit, from: tips) { found.insert(commit) }
      return found
    }
    var (pending, seen) = (tips, Set(tips))
    while let id = pending.popLast(), found.count < commits.count {
      if commits.contains(id) { found.insert(id) }
      for parent in try parents(of: id) where seen.insert(parent).inserted { pending.append(parent) }
    }
    return found
  }

  private static let fewCommits = 16

  /// The same by parents alone, which commits have that libgit2 does not read for their dates or names; throws `error`
  /// where it is of another kind.
  private func isReachable(
    _ commit: ObjectID, from tips: [ObjectID], after error: GitError
  ) throws(GitError) -> Bool {
    guard error.isOfUnreadObject else { throw error }
    var isFound = false
    try ParentWalk.visit(from: tips, in: self) { id in
      isFound = isFound || id == commit
      return !isFound
    }
    return isFound
  }

  /// A best common ancestor of the two commits; nil where their histories have nothing in common.
  public func mergeBase(_ one: ObjectID, _ other: ObjectID) throws(GitError) -> ObjectID? {
    let operation = "find what \(one) and \(other) have in common"
    try requireCommits([one, other], operation)
    var (first, second, base) = (one.raw, other.raw, git_oid())
    do {
      guard try found(operation, { git_merge_base(&base, handle.raw, &first, &second) }) else { return nil }
      return ObjectID(base)
    } catch {
      guard error.isOfUnreadObject else { throw error }
      return try ParentWalk.mergeBase(one, other, in: self)
    }
  }

  /// How many commits `local` has that `upstream` lacks, and the reverse, as
  /// `git rev-list --left-right --count local...upstream` counts.
  ///
  /// 80 ms where 12,000 commits lie between them. Throws as `isAncestor` does.
  public func aheadBehind(
    _ local: ObjectID, _ upstream: ObjectID
  ) throws(GitError) -> (ahead: Int, behind: Int) {
    let operation = "compare \(local) with \(upstream)"
    try requireCommits([local, upstream], operation)
    var (ours, theirs) = (local.raw, upstream.raw)
    var (ahead, behind) = (0, 0)
    do {
      try check(operation) {
        git_graph_ahead_behind(&ahead, &behind, handle.raw, &ours, &theirs)
      }
      return (ahead, behind)
    } catch {
      guard error.isOfUnreadObject else { throw error }
      return try ParentWalk.aheadBehind(local, upstream, in: self)
    }
  }

  /// The commits that `tip` reaches, itself included.
  public func ancestry(of tip: ObjectID) throws(GitError) -> [ObjectID] {
    var cursor = try commits(from: [tip])
    var ancestry: [ObjectID] = []
    while let id = try cursor.next() { ancestry.append(id) }
    return ancestry
  }

  /// The commits that `tip` reaches and `base` does not, in no order, where each way down from `tip` leads to `base` and they
  /// are at most `most`; else nil. Reads no others, whatever their dates are.
  public func commits(
    from tip: ObjectID, downTo base: ObjectID, atMost most: Int
  ) throws(GitError) -> [ObjectID]? {
    var (pending, seen) = ([tip], Set([base, tip]))
    var ids: [ObjectID] = []
    if tip == base { return ids }
    while let id = pending.popLast() {
      let parents = try parents(of: id)
      guard !parents.isEmpty, ids.count < most else { return nil }
      ids.append(id)
      for parent in parents where seen.insert(parent).inserted { pending.append(parent) }
    }
    return ids
  }

  /// The commits that can be reached from `tips` and not from any of `hiding`, each once.
  ///
  /// Throws when a tip is missing or leads to no commit; a later missing parent throws from `next()`.
  public func commits(
    from tips: [ObjectID], hiding: [ObjectID] = [], order: WalkOrder = .any
  ) throws(GitError) -> CommitCursor {
    try CommitCursor(Walk(repository: self, tips: tips, hiding: hiding, order: order))
  }

  /// libgit2's graph calls answer only "error" for an id that is absent, or none of a commit.
  private func requireCommits(_ ids: [ObjectID], _ operation: String) throws(GitError) {
    for id in ids {
      guard let kind = try kind(of: id) else {
        throw GitError(.notFound, operation, "there is no object \(id)")
      }
      guard kind == .commit else { throw GitError(.wrongKind, operation, "\(id) is a \(kind), not a commit") }
    }
  }
}

/// In what order a walk gives commits.
public enum WalkOrder: Sendable {
  /// The cheapest order there is; the tips come in no order that may be relied on.
  case any
  /// The newest committer date first.
  case time
  /// No parent before its children, else the newest first. Reads all history before the first commit.
  case topological
  /// Each tip's first parents only.
  case firstParent

  var sorting: UInt32 {
    switch self {
    case .any, .firstParent: GIT_SORT_NONE.rawValue
    case .time: GIT_SORT_TIME.rawValue
    case .topological: GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_TIME.rawValue
    }
  }
}

/// What a walk is of.
struct Walk {
  let repository: Repository
  let tips, hiding: [ObjectID]
  let order: WalkOrder

  /// libgit2's walk of it, at its beginning.
  func begun() throws(GitError) -> Owned {
    let walk = try Owned("walk history", free: { git_revwalk_free($0) }) {
      git_revwalk_new(&$0, repository.handle.raw)
    }
    try check("walk history") { git_revwalk_sorting(walk.raw, order.sorting) }
    if order == .firstParent {
      try check("walk first parents") { git_revwalk_simplify_first_parent(walk.raw) }
    }
    for tip in tips {
      var raw = tip.raw
      try check("walk history from \(tip)") { git_revwalk_push(walk.raw, &raw) }
    }
    for base in hiding {
      var raw = base.raw
      try check("walk history without \(base)") { git_revwalk_hide(walk.raw, &raw) }
    }
    return walk
  }

  /// The next commit of `walk`; nil at its end.
  static func next(of walk: borrowing Owned) throws(GitError) -> ObjectID? {
    var (id, over) = (git_oid(), false)
    try check("walk history") {
      let code = git_revwalk_next(&id, walk.raw)
      over = code == GIT_ITEROVER.rawValue
      return over ? 0 : code
    }
    return over ? nil : ObjectID(id)
  }
}

/// A walk through history, one commit for each call. Keeps its repository open.
///
/// It is libgit2's walk, and from a commit on that libgit2 does not read one by parents.
public struct CommitCursor: ~Copyable {
  private let walk: Walk
  private let theirs: Owned?
  private var ours: ParentWalk?
  private var given = 0

  init(_ walk: Walk) throws(GitError) {
    let begun = try Self.begun(walk)
    let ours = begun == nil ? try ParentWalk(walk) : nil
    (self.walk, self.ours) = (walk, ours)
    theirs = begun
  }

  /// Nil where libgit2 does not read what the walk is of.
  private static func begun(_ walk: Walk) throws(GitError) -> Owned? {
    do { return try walk.begun() } catch {
      guard error.isOfUnreadObject else { throw error }
      return nil
    }
  }

  /// The next commit; nil at the end, and from then on.
  public mutating func next() throws(GitError) -> ObjectID? {
    if ours == nil {
      do {
        let id = try theirNext()
        given += 1
        return id
      } catch {
        guard error.isOfUnreadObject else { throw error }
        ours = try ParentWalk(walk, besides: alreadyGiven())
      }
    }
    return try ours?.next()
  }

  private borrowing func theirNext() throws(GitError) -> ObjectID? {
    switch theirs {
    case .some(let theirs): try Walk.next(of: theirs)
    case .none: nil
    }
  }

  /// What libgit2 gave until now, which the walk gives once more: nobody else has to remember it.
  private borrowing func alreadyGiven() throws(GitError) -> Set<ObjectID> {
    guard given > 0 else { return [] }
    let again = try walk.begun()
    var ids: Set<ObjectID> = []
    while ids.count < given, let id = try Walk.next(of: again) { ids.insert(id) }
    return ids
  }
}
