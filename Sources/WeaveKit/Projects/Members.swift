import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

extension Workspace {
  /// The set that `project@revision` arguments name. Commits that only a checkout has are copied into the store
  /// where `copying` says so; a reading command leaves them where they are.
  func commitSet(_ arguments: [String], copying: Bool) async throws -> CommitSet {
    var members: [Member] = []
    let checkouts = try checkouts()
    for argument in arguments {
      members.append(try await member(argument, checkouts: checkouts, copying: copying))
    }
    return try commitSet(of: members)
  }

  func commitSet(of members: [Member]) throws -> CommitSet {
    do {
      return try CommitSet(members)
    } catch {
      throw WeaveError(
        "two members are of one project, \(error.project)", hint: "name one commit of each project")
    }
  }

  /// The commit that one `project@revision` argument names: in the project's checkout first, as `git rev-parse`
  /// there would have it, then as last fetched. A full id is looked up the other way round.
  func member(_ argument: String, checkouts: [ProjectName: Checkout], copying: Bool) async throws -> Member {
    guard let at = argument.firstIndex(ofScalar: "@"), at != argument.startIndex,
      argument.unicodeScalars.index(after: at) != argument.endIndex
    else {
      throw WeaveError(
        "'\(argument)' is not of the form PROJECT@REVISION", hint: "for example `telperion@main`")
    }
    let record = try project(String(argument[..<at]))
    let revision = String(argument[at...].dropFirst(bytes: 1))
    if CommitID(hex: revision) != nil, let commit = try store.commit(named: revision, in: record.name) {
      return Member(project: record.name, commit: commit)
    }
    if let checkout = checkouts[record.name],
      let hex = try await git.revParse(revision, in: checkout.path), let commit = CommitID(hex: hex)
    {
      let repository = try checkout.open()
      try requireOneMeaning(of: revision, in: repository, of: record.name)
      try warnOfDifference(of: revision, commit, checkout)
      if copying { _ = try store.repository.copyObjects(reachableFrom: [commit.objectID], from: repository) }
      return Member(project: record.name, commit: commit)
    }
    if let commit = try store.commit(named: revision, in: record.name) {
      return Member(project: record.name, commit: commit)
    }
    let known = try store.branchesAndTags(of: record.name)
    throw WeaveError(
      "\(record.name) has no commit '\(revision)'",
      hint: Nearest.match(revision, among: known).map { "did you mean '\(record.name)@\($0)'?" }
        ?? "`weave fetch \(record.name)` gets what its source has")
  }

  /// Throws where the word that the revision begins with names two refs of the checkout, or one and the short id of another
  /// commit, or abbreviates two ids, be they there or in the store: what its owner fetches brings tags that others chose.
  private func requireOneMeaning(
    of revision: String, in repository: Repository, of project: ProjectName
  ) throws {
    let base = revision.prefix(whileScalar: { !"^~:".unicodeScalars.contains($0) })
    let name = String(base[..<(base.firstIndex(ofBytes: "@{") ?? base.endIndex)])
    guard name != "HEAD", !name.begins(with: "refs/"), ObjectID(hex: name) == nil else { return }
    // In Git's own order (gitrevisions(7)).
    let places = ["refs/", "refs/tags/", "refs/heads/", "refs/remotes/"].map { $0 + name }
    let candidates = places + ["refs/remotes/\(name)/HEAD"]
    var meanings = try candidates.filter(Repository.isValidReferenceName).compactMap { candidate in
      try repository.resolve(candidate).map { (words: candidate, commit: try repository.peelIfCommit($0)) }
    }
    if Store.mayAbbreviate(name) {
      meanings += try repository.commits(withPrefix: name.lowercased()).map { ("\($0)", $0) }
    }
    try store.requireOneMeaning(of: name, meanings, in: project)
  }

  /// A branch or tag of the checkout may stand elsewhere than the one that was fetched under its name.
  private func warnOfDifference(of revision: String, _ commit: CommitID, _ checkout: Checkout) throws {
    // Most revisions are no name of a branch or tag, and some no name at all.
    guard !revision.begins(with: "refs/"), Repository.isValidReferenceName("refs/heads/\(revision)"),
      try store.hasReference(trackedAs: revision, of: checkout.project),
      let fetched = try store.commit(named: revision, in: checkout.project), fetched != commit
    else { return }
    caller.warn(
      "\(checkout.project)@\(revision) is \(commit.short) in the checkout \(checkout.path), which is taken, and "
        + "\(fetched.short) as fetched")
  }
}
