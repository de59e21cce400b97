import ForeignText
import Git
import WeaveModel
import WeaveStore

/// The commits of each project that one resolution may pick, newest first, and the numbers of all of them.
struct Candidates {
  /// The tip of each project's tracked ref, where it has one.
  private(set) var tips: [ProjectName: CommitID] = [:]
  private var histories: [ProjectName: [CommitNumber]] = [:]
  private var local: [ProjectName: Set<CommitNumber>] = [:]
  private let workspace: Workspace

  /// Reads the histories of the projects in `reading`, and the tips of all that are not free.
  ///
  /// With `includingLocal`, what only a project's checkout has on the branch of the tracked name comes first.
  init(
    _ requirements: [ProjectRequirement], reading: Set<ProjectName>, of workspace: Workspace,
    includingLocal: Bool
  ) throws {
    self.workspace = workspace
    let known = try workspace.store.manifest().projects
    var records: [ProjectName: ProjectRecord] = [:]
    for requirement in requirements where !requirement.isFree {
      var record = try known[requirement.name] ?? workspace.project(requirement.name.text)
      if let track = requirement.track { record.track = track }
      records[record.name] = record
      do { tips[record.name] = try workspace.tip(of: record) } catch let error as AmbiguousTrack {
        // Of the others it is only told how far the tip is.
        guard !reading.contains(record.name) else { throw error }
      }
      guard reading.contains(record.name) else { continue }
      guard let tip = tips[record.name] else {
        if workspace.store.asOf != nil { throw WeaveError("\(record.name) had no commit yet at that time") }
        throw Self.nothingTracked(by: record)
      }
      histories[record.name] = try workspace.history(of: record.name, from: tip)
    }
    guard includingLocal else { return }
    let checkouts = try workspace.checkouts()
    for (project, record) in records {
      guard let tracked = histories[project], let checkout = checkouts[project] else { continue }
      let known = Set(tracked)
      let own = try Self.history(of: record, in: checkout, workspace)
      let ahead = workspace.store.numbers(of: own, in: project).filter { !known.contains($0) }
      local[project] = Set(ahead)
      histories[project] = ahead + tracked
    }
  }

  /// The numbers of the commits; those in a ``WeaveModel/Compatibility`` are the same.
  var commits: CommitTable { workspace.commits }

  /// Whether the commit is in the project's checkout and not behind its tracked ref.
  func isLocal(_ commit: CommitID, of project: ProjectName) -> Bool {
    commits.number(of: Member(project: project, commit: commit)).map { local[project]?.contains($0) ?? false }
      ?? false
  }

  /// What the tracked ref reaches, where that was read.
  func history(of project: ProjectName) -> [CommitNumber] { histories[project] ?? [] }

  /// The number of a commit, which need not be a candidate.
  func number(of commit: CommitID, in project: ProjectName) -> CommitNumber {
    workspace.store.numbers(of: [commit], in: project)[0]
  }

  private static func nothingTracked(by record: ProjectRecord) -> WeaveError {
    WeaveError(
      record.track.map { "\(record.name) has no branch or tag '\($0)' to track" }
        ?? "\(record.name) has no HEAD to track",
      hint: "`weave fetch \(record.name)`, or track another: in the constellation, or by `weave project set`")
  }

  /// The history of the checkout's branch that has the tracked ref's name; read where it is, copied nowhere.
  private static func history(of record: ProjectRecord, in checkout: Checkout, _ workspace: Workspace) throws
    -> [CommitID]
  {
    let reference = try workspace.store.trackedReference(of: record.name, track: record.track)
    guard let branch = reference?.dropping(prefix: RefName.namespace(record.name)),
      branch.begins(with: "refs/heads/")
    else { return [] }
    let repository = try checkout.open()
    guard let tip = try repository.resolve(String(branch)) else { return [] }
    return try History.newestFirst(from: CommitID(repository.peelToCommit(tip)), in: repository)
  }
}

extension Workspace {
  /// Whether resolutions take the checkouts' branches, as the store's `weave.local` says.
  func prefersLocal() throws -> Bool { try store.repository.configFlag("weave.local") }
}
