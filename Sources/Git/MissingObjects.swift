import ForeignText

/// The objects that one repository has and another lacks, in an order in which none comes before what it
/// names: so that a copy that stops anywhere leaves whole objects only.
struct MissingObjects {
  /// An object, and the last component of a path to it, which helps a pack to find similar ones.
  struct Found {
    let id: ObjectID
    let name: [UInt8]
  }

  private(set) var objects: [Found] = []
  private let source: Repository
  private let destination: Repository
  private var seen: Set<ObjectID> = []

  init(source: Repository, destination: Repository) {
    self.source = source
    self.destination = destination
  }

  /// Adds what `tip`, an object of any kind, leads to.
  mutating func collect(_ tip: ObjectID) throws(GitError) {
    switch try explained({ () throws(GitError) in try source.rawObject(tip) }) {
    case (.commit, _): try collectHistory(of: tip)
    case (.tree, _): try collectTree(tip, name: [], besides: [])
    case (.blob, _): collectBlob(tip, name: [])
    case (.tag, let bytes):
      guard !seen.contains(tip) else { return }
      var headers = HeaderReader(bytes)
      guard
        let target = headers.take("object ").flatMap({ ObjectID(hex: String(foreign: $0)) })
      else { throw GitError(.malformed, "read tag \(tip)", "it names no object") }
      try collect(target)
      seen.insert(tip)
      if !destination.containsWithoutRefresh(tip) { objects.append(Found(id: tip, name: [])) }
    }
  }

  /// Adds the tree, and what is below it that none of `bases`, which are complete, has at the same path.
  mutating func collectTree(_ tree: ObjectID, besides bases: [ObjectID]) throws(GitError) {
    try collectTree(tree, name: [], besides: bases)
  }

  /// Depth first with its own stack: history is deeper than a thread's.
  private mutating func collectHistory(of tip: ObjectID) throws(GitError) {
    var stack: [(id: ObjectID, commit: Commit?)] = [(tip, nil)]
    while let (id, commit) = stack.popLast() {
      if let commit {
        var bases: [ObjectID] = []
        for parent in commit.parents { bases.append(try read(parent).tree) }
        try collectTree(commit.tree, name: [], besides: bases)
        objects.append(Found(id: id, name: []))
        continue
      }
      guard !seen.contains(id), !destination.containsWithoutRefresh(id) else { continue }
      seen.insert(id)
      let commit = try read(id)
      stack.append((id, commit))
      for parent in commit.parents.reversed() { stack.append((parent, nil)) }
    }
  }

  /// Adds the tree, and below it what none of `bases` has at the same path: the bases are complete, or
  /// collected already. A tree that merely happens to be there is walked, for it may not be complete.
  private mutating func collectTree(
    _ id: ObjectID, name: [UInt8], besides bases: [ObjectID]
  ) throws(GitError) {
    var stack: [OpenTree] = []
    if let top = try open(id, name: name, besides: bases) { stack.append(top) }
    while var tree = stack.popLast() {
      guard let entry = tree.rest.popLast() else {
        if !destination.containsWithoutRefresh(tree.id) {
          objects.append(Found(id: tree.id, name: tree.name))
        }
        continue
      }
      let there = tree.known[entry.name] ?? []
      stack.append(tree)
      if entry.isGitlink || there.contains(entry.id) { continue }
      if entry.isTree {
        var subtrees: [ObjectID] = []
        for id in there where try source.kind(of: id) == .tree { subtrees.append(id) }
        if let below = try open(entry.id, name: entry.name, besides: subtrees) { stack.append(below) }
      } else {
        collectBlob(entry.id, name: entry.name)
      }
    }
  }

  /// A tree on the way down, the entries still to do, and what the bases have under the same names.
  private struct OpenTree {
    let id: ObjectID
    let name: [UInt8]
    var rest: [RawTreeEntry]
    let known: [[UInt8]: [ObjectID]]
  }

  private mutating func open(
    _ id: ObjectID, name: [UInt8], besides bases: [ObjectID]
  ) throws(GitError) -> OpenTree? {
    guard !bases.contains(id), seen.insert(id).inserted else { return nil }
    var known: [[UInt8]: [ObjectID]] = [:]
    for base in bases {
      for entry in try tree(base) { known[entry.name, default: []].append(entry.id) }
    }
    return OpenTree(id: id, name: name, rest: try tree(id).reversed(), known: known)
  }

  private mutating func collectBlob(_ id: ObjectID, name: [UInt8]) {
    guard seen.insert(id).inserted, !destination.containsWithoutRefresh(id) else { return }
    objects.append(Found(id: id, name: name))
  }

  private func read(_ id: ObjectID) throws(GitError) -> Commit {
    try explained { () throws(GitError) in try source.commit(id) }
  }

  private func tree(_ id: ObjectID) throws(GitError) -> [RawTreeEntry] {
    try explained { () throws(GitError) in try source.rawTree(id) }
  }

  /// What `body` returns; where it misses an object that an incomplete source need not have, why and what to do.
  func explained<Value>(_ body: () throws(GitError) -> Value) throws(GitError) -> Value {
    do { return try body() } catch {
      guard error.code == .notFound else { throw error }
      if source.isShallow {
        throw error.with(
          .unsupported, "\(source.gitDirectory) is shallow; make it whole first: git fetch --unshallow")
      }
      // Git fetches a missing object of such a repository as it goes; libgit2 cannot.
      guard try source.isPartial() else { throw error }
      throw error.with(
        .unsupported,
        "\(source.gitDirectory) is a partial clone; make it whole first: git fetch --refetch --no-filter")
    }
  }
}
