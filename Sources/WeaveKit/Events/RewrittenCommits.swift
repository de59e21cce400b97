import ForeignText
import Git
import GitProcess
import WeaveFormats
import WeaveModel
import WeaveStore

/// What of a project was rewritten: commits that events name and that no branch has.
struct RewrittenCommits {
  var commits: [CommitID] = []
  var successors: [CommitID: Successor] = [:]

  /// Writing out what commits change costs a ms for each. Of more than so many only those are compared that have the date of
  /// an author that a rewritten one has, which a rebase and a cherry-pick leave as it is.
  private static let mostCompared = 1_000

  /// Those among `named`, and their successors in what the branches of the checkout and of the source have and they had
  /// not. Walks the project's history down to the oldest of `named`, then to where what was rewritten forked off.
  init(of project: ProjectName, named: Set<CommitID>, checkout: Checkout?, in workspace: Workspace)
    async throws
  {
    let store = workspace.store
    var tips = try store.branchTips(of: project)
    var view = store.repository
    if let checkout {
      view = try checkout.open()
      tips += try view.references(matching: "refs/heads/*").compactMap { $0.directTarget }
      if let head = try view.resolve("HEAD") { tips.append(head) }
      try view.borrowObjects(from: store.repository.objectsDirectory)
    }
    guard !tips.isEmpty else { return }
    var missing = try named.filter { try view.kind(of: $0.objectID) == .commit }
    var cursor = try view.commits(from: tips, order: .time)
    while !missing.isEmpty, let id = try cursor.next() { missing.remove(CommitID(id)) }
    commits = missing.sorted()
    guard let first = commits.first else { return }

    var common: ObjectID? = first.objectID
    for other in commits.dropFirst() {
      common = try common.flatMap { try view.mergeBase($0, other.objectID) }
    }
    var reader = TraitsReader(repository: view)
    var newer: [CommitTraits] = []
    var walk = try view.commits(from: tips, hiding: common.map { [$0] } ?? [], order: .topological)
    while let id = try walk.next() { newer.append(try reader.traits(of: id)) }
    newer.reverse()
    let rewritten = try commits.map { try reader.traits(of: $0.objectID) }
    var ancestors = FormerAncestors(of: commits, among: newer.map(\.commit), hiding: common, in: view)
    successors = try Self.successors(of: rewritten, among: newer, &ancestors) { $0.proof.isCertain }
    let unmatched = rewritten.filter { successors[$0.commit] == nil && $0.parentTrees.count < 2 }
    guard !unmatched.isEmpty, !newer.isEmpty else { return }
    var candidates = newer.filter { $0.parentTrees.count < 2 }
    let dates = Set(unmatched.compactMap { reader.authored[$0.commit] })
    func isDatedAlike(_ traits: CommitTraits) -> Bool {
      reader.authored[traits.commit].map(dates.contains) ?? false
    }
    candidates =
      candidates.filter(isDatedAlike)
      + (candidates.count > Self.mostCompared ? [] : candidates.filter { !isDatedAlike($0) })
    let compared = try Self.cheap(unmatched + candidates, of: project, in: view, warn: workspace.caller.warn)
    let ids = try await workspace.git.patchIDs(
      of: compared.map(\.hex), gitDirectory: store.repository.gitDirectory,
      besides: checkout == nil ? nil : view.objectsDirectory)
    func withPatchID(_ traits: CommitTraits) -> CommitTraits {
      var traits = traits
      traits.patchID = ids[traits.commit.hex]
      return traits
    }
    successors.merge(
      try Self.successors(
        of: rewritten.filter { successors[$0.commit] == nil }.map(withPatchID), among: newer.map(withPatchID),
        &ancestors
      ) { _ in true }
    ) { known, _ in known }
    if ancestors.isExhausted {
      workspace.caller.warn(
        "not all of what was rewritten of \(project) is compared: there is too much of it")
    }
  }

  /// Those of `commits` whose changes are small enough to be written out, the first first; warns of the others.
  private static func cheap(
    _ commits: [CommitTraits], of project: ProjectName, in view: Repository, warn: (String) -> Void
  ) throws -> [CommitID] {
    var sizes = ChangeSizes(in: view)
    let chosen = try commits.filter { try sizes.take($0) }.map(\.commit)
    if chosen.count < commits.count {
      warn(
        "\(commits.count - chosen.count) commits of \(project) are not compared by what they change: "
          + "that is more than \(ChangeSizes.most >> 20) MiB")
    }
    return chosen
  }

  private static func successors(
    of rewritten: [CommitTraits], among newer: [CommitTraits], _ ancestors: inout FormerAncestors,
    where isWanted: (Successor) -> Bool
  ) throws -> [CommitID: Successor] {
    let successors = Successors(among: newer)
    var found: [CommitID: Successor] = [:]
    for commit in rewritten {
      let successor = try successors.successor(of: commit) { try ancestors.has($0, of: commit.commit) }
      if let successor, isWanted(successor) { found[commit.commit] = successor }
    }
    return found
  }
}

/// Reads what tells successors, each tree once.
private struct TraitsReader {
  let repository: Repository
  private var trees: [ObjectID: TreeID] = [:]
  /// When the author says to have made each commit that was read.
  private(set) var authored: [CommitID: Int64] = [:]

  init(repository: Repository) { self.repository = repository }

  mutating func traits(of id: ObjectID) throws -> CommitTraits {
    let commit = try repository.commitByAnybody(id)
    trees[id] = TreeID(commit.tree)
    authored[CommitID(id)] = commit.author.seconds
    var parentTrees: [TreeID] = []
    for parent in commit.parents {
      let tree = try trees[parent] ?? TreeID(repository.treeOfCommit(parent))
      trees[parent] = tree
      parentTrees.append(tree)
    }
    return CommitTraits(
      commit: CommitID(id), tree: TreeID(commit.tree), parentTrees: parentTrees,
      changeID: commit.message.count <= CommitTrailers.longestMessage
        ? CommitTraits.changeID(in: String(foreign: commit.message)) : nil)
  }
}

extension Reference {
  /// The object that it holds; nil for a symbolic one.
  fileprivate var directTarget: ObjectID? {
    if case .direct(let id) = target { id } else { nil }
  }
}
