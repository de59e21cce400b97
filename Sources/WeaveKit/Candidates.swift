import Git
import WeaveModel
import WeaveStore

/// The commits of each project that one resolution may pick, newest first; each history is read once.
struct Candidates {
  /// The tip of each project's tracked ref, of those asked for so far.
  private(set) var tips: [ProjectName: CommitID] = [:]
  private var histories: [ProjectName: [CommitID]] = [:]
  private var local: [ProjectName: Set<CommitID>] = [:]
  private let workspace: Workspace
  private let checkouts: [ProjectName: Checkout]

  /// With `includingLocal`, what only the project's checkout has on the branch of the tracked name comes first.
  init(of workspace: Workspace, includingLocal: Bool) throws {
    self.workspace = workspace
    checkouts = includingLocal ? try workspace.checkouts() : [:]
  }

  /// Whether the commit is in the project's checkout and not behind its tracked ref.
  func isLocal(_ commit: CommitID, of project: ProjectName) -> Bool {
    local[project]?.contains(commit) ?? false
  }

  /// What may be picked: `fixed` alone where given, else the pin, else all that the tracked ref reaches.
  mutating func commits(of requirement: ProjectRequirement, fixed: CommitID?) throws -> [CommitID] {
    let project = requirement.name
    var record: ProjectRecord?
    if !requirement.isFree {
      record = try workspace.project(project.text)
      if let track = requirement.track { record?.track = track }
    }
    if let record, tips[project] == nil { tips[project] = try workspace.tip(of: record) }
    if let fixed { return [fixed] }
    if let pin = requirement.pin {
      return [try workspace.commit(of: pin, in: project, isFree: requirement.isFree)]
    }
    if let history = histories[project] { return history }
    guard let record else { return [] }
    guard let tip = tips[project] else { throw Self.nothingTracked(by: record) }
    let numbers = try workspace.history(of: project, from: tip)
    let tracked = numbers.map(workspace.commits.commit)
    let known = Set(tracked)
    let ahead = try localCommits(of: record).filter { !known.contains($0) }
    local[project] = Set(ahead)
    histories[project] = ahead + tracked
    return ahead + tracked
  }

  private static func nothingTracked(by record: ProjectRecord) -> WeaveError {
    WeaveError(
      record.track.map { "\(record.name) has no branch or tag '\($0)' to track" }
        ?? "\(record.name) has no HEAD to track",
      hint: "`weave fetch \(record.name)`, or track another: in the constellation, or by `weave project set`")
  }

  /// The history of the checkout's branch that has the tracked ref's name; read where it is, copied nowhere.
  private func localCommits(of record: ProjectRecord) throws -> [CommitID] {
    guard let checkout = checkouts[record.name],
      let branch = try record.track ?? workspace.store.defaultBranch(of: record.name)
    else { return [] }
    let repository = try checkout.open()
    let reference = branch.hasPrefix("refs/") ? branch : "refs/heads/" + branch
    guard let tip = try repository.resolve(reference) else { return [] }
    return try History.newestFirst(from: CommitID(repository.peelToCommit(tip)), in: repository)
  }
}

extension Workspace {
  /// Whether resolutions take the checkouts' branches, as the store's `weave.local` says.
  func prefersLocal() throws -> Bool { try store.repository.configFlag("weave.local") }
}
