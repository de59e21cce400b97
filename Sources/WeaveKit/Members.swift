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
    guard let at = argument.firstIndex(of: "@"), at != argument.startIndex,
      argument.index(after: at) != argument.endIndex
    else {
      throw WeaveError(
        "'\(argument)' is not of the form PROJECT@REVISION", hint: "for example `telperion@main`")
    }
    let record = try project(String(argument[..<at]))
    let revision = String(argument[argument.index(after: at)...])
    if CommitID(hex: revision) != nil, let commit = try store.commit(named: revision, in: record.name) {
      return Member(project: record.name, commit: commit)
    }
    if let checkout = checkouts[record.name],
      let hex = try await git.revParse(revision, in: checkout.path), let commit = CommitID(hex: hex)
    {
      let repository = try checkout.open()
      if copying { _ = try store.repository.copyObjects(reachableFrom: [commit.objectID], from: repository) }
      return Member(project: record.name, commit: commit)
    }
    if let commit = try store.commit(named: revision, in: record.name) {
      return Member(project: record.name, commit: commit)
    }
    let neverFetched = try store.allTips(of: record.name).isEmpty
    throw WeaveError(
      "\(record.name) has no commit '\(revision)'",
      hint: neverFetched
        ? "`weave fetch \(record.name)` has not been run yet"
        : "`weave fetch \(record.name)` gets what is new")
  }
}
