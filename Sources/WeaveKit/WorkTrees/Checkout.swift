import ForeignText
import Git
import GitProcess
import Synchronization
import WeaveModel
import WeaveStore

/// What checking out a set came to.
public struct CheckoutOutcome: Sendable {
  public let directory: String
  /// The set's name, or what else it was selected by.
  public let label: String
  /// What was checked out anew, what moved from another commit, and what was there already.
  public internal(set) var made: [Member] = []
  public internal(set) var moved: [Member] = []
  public internal(set) var unchanged: [Member] = []
  /// The projects that are not in the set and whose worktrees were removed; in place, those that are not checked out.
  public internal(set) var others: [ProjectName] = []
  public internal(set) var failures: [Explanation] = []
}

/// How far a checkout has come.
public struct CheckoutProgress: Sendable {
  public let total: Int
  public internal(set) var finished = 0
}

extension Workspace {
  static let worktreesAtOnce = 8

  /// Checks out the exact commits that are selected in `directory`, as detached linked worktrees of the store, each under
  /// its project's name. Asks no network.
  ///
  /// Nil for the directory means one of the set's name where the caller stands. It must not exist, be empty, or be one
  /// that was made so: then its worktrees move, all of which must be clean, or none moves; those of other projects go.
  /// One that is killed leaves what the next completes.
  public func checkOut(
    _ selection: Selection, to directory: String?,
    report: @escaping @Sendable (CheckoutProgress) -> Void
  ) async throws -> CheckoutOutcome {
    let selected = try await commits(of: selection, copying: true)
    try await keepForCheckout(selected.commits)
    try warnOfRevocation(of: selected)
    let directory = try FileSystem.named(
      directory ?? folderName(for: selected.label), from: caller.workingDirectory)
    guard
      !(FileSystem.canonical(directory) + "/").begins(with: FileSystem.canonical(self.directory) + "/.weave/")
    else {
      throw WeaveError("\(directory) is the store's own", hint: "name another directory")
    }
    let folder = try CheckoutFolder.make(
      at: directory, ofStoreAt: store.repository.gitDirectory, git: git)
    var outcome = CheckoutOutcome(directory: directory, label: selected.label)
    let steps = try await steps(to: selected.commits, in: folder)
    let progress = Mutex(CheckoutProgress(total: steps.count))
    let results = await concurrently(steps, limit: Self.worktreesAtOnce) { step in
      try await step.run(in: folder)
      progress.withLock {
        $0.finished += 1
        report($0)
      }
    }
    try Task.checkCancellation()
    for (step, result) in zip(steps, results) {
      if case .failure(let error) = result {
        outcome.failures.append(Explanation(error) ?? Explanation(sentence: "\(error)"))
        continue
      }
      switch step {
      case .add(let member, _): outcome.made.append(member)
      case .move(let member, _, _): outcome.moved.append(member)
      case .none(let member): outcome.unchanged.append(member)
      case .remove(let project): outcome.others.append(project)
      }
    }
    return outcome
  }

  /// Removes the worktrees that a checkout made in `directory`, and the directory where nothing else is in it.
  ///
  /// Refuses, and removes none, where one has changes or a commit that nothing else holds, unless `force`.
  ///
  /// - Returns: the projects.
  public func removeCheckout(_ directory: String, force: Bool) async throws -> [ProjectName] {
    let directory = try FileSystem.named(directory, from: caller.workingDirectory)
    guard CheckoutFolder.isFolder(directory) else {
      throw WeaveError("no `weave checkout` made \(directory)", hint: "name the directory that one made")
    }
    let folder = try CheckoutFolder(at: directory, ofStoreAt: store.repository.gitDirectory, git: git)
    let projects = folder.occupied(among: try projectsThatMayBe(in: folder))
    if !force { try await requireClean(projects, in: folder, hint: "--force removes them all the same") }
    for project in projects { try folder.remove(project) }
    folder.removeIfEmpty()
    return projects
  }

  /// Makes sure that the store has the commits, and that nothing takes them away again.
  func keepForCheckout(_ commits: CommitSet) async throws {
    let absent = try commits.members.filter { try store.repository.kind(of: $0.commit.objectID) != .commit }
    guard absent.isEmpty else {
      let names = listed(absent.map { "\($0)" })
      throw WeaveError(
        "\(names) \(absent.count == 1 ? "is" : "are") not in the store",
        hint: "`weave fetch \(absent.map(\.project.text).joined(separator: " "))`")
    }
    let loose = try commits.members.filter { try !store.has($0.commit, in: $0.project) }
    if !loose.isEmpty { try store.keep(loose, author: await author()) }
  }

  /// Who checks out what was revoked may want to see it fail; who does not know it should.
  func warnOfRevocation(of selected: SelectedCommits) throws {
    guard let revocation = try compatibility().revocations(against: selected.commits).first.map(event) else {
      return
    }
    caller.warn("\(selected.label) is not fit: \(revocation.revocationSentence)")
  }

  private func folderName(for label: String) throws -> String {
    guard !label.holds("/"), !label.holds("@"), !label.begins(with: "."), !label.isEmpty else {
      throw WeaveError("name the directory to check out in", hint: "`weave checkout SET DIRECTORY`")
    }
    return label
  }

  /// Also a project that was removed since has its worktree there.
  private func projectsThatMayBe(in folder: CheckoutFolder) throws -> [ProjectName] {
    FileSystem.contents(of: folder.directory).compactMap { try? ProjectName($0) }
  }
}

// MARK: what is to be done in a folder

extension Workspace {
  enum CheckoutStep: Sendable {
    case none(Member)
    /// A new worktree, in the place of one that was cut off in the making where there is one.
    case add(Member, replacing: Bool)
    case move(Member, from: CommitID, WorkTreeMove)
    case remove(ProjectName)

    func run(in folder: CheckoutFolder) async throws {
      switch self {
      case .none: return
      case .add(let member, let isReplacing):
        if isReplacing { try folder.remove(member.project) }
        try await folder.add(member)
      case .move(let member, let from, let move): try await move.move(from: from, to: member.commit)
      case .remove(let project): try folder.remove(project)
      }
    }
  }

  /// Throws where something is in the way, so that all is checked before the first moves.
  private func steps(to commits: CommitSet, in folder: CheckoutFolder) async throws -> [CheckoutStep] {
    var steps: [CheckoutStep] = []
    var (moving, foreign): ([Member], [String]) = ([], [])
    for member in commits.members {
      switch folder.occupant(of: member.project) {
      case .nothing: steps.append(.add(member, replacing: false))
      case .unfinished: steps.append(.add(member, replacing: true))
      case .worktree: moving.append(member)
      case .foreign(let reason): foreign.append(reason)
      }
    }
    if let reason = foreign.first {
      throw WeaveError("cannot check out in \(folder.directory): \(reason)", hint: "move it away")
    }
    let others = folder.occupied(among: try projectsThatMayBe(in: folder)).filter { commits[$0] == nil }
    try await completeCutOff(moving.map(\.project) + others, in: folder)
    let heads = try await heads(of: moving.map(\.project), in: folder)
    let leaving = moving.filter { heads[$0.project] != $0.commit }
    try await requireClean(
      leaving.map(\.project) + others, in: folder,
      hint: "commit the changes to a branch, or `git restore .`; nothing was moved")
    for member in moving {
      guard let from = heads[member.project], from != member.commit,
        case .worktree(let administration) = folder.occupant(of: member.project)
      else {
        steps.append(.none(member))
        continue
      }
      let move = WorkTreeMove(
        path: folder.path(of: member.project), gitDirectory: administration, git: git, isOwn: false)
      try await move.requireWayFree(from: from, to: member.commit)
      steps.append(.move(member, from: from, move))
    }
    return steps + others.map { .remove($0) }
  }

  private func completeCutOff(_ projects: [ProjectName], in folder: CheckoutFolder) async throws {
    for project in projects {
      guard case .worktree(let administration) = folder.occupant(of: project) else { continue }
      let move = WorkTreeMove(
        path: folder.path(of: project), gitDirectory: administration, git: git, isOwn: false)
      try await move.completeIfCutOff(warn: caller.warn)
    }
  }

  private func heads(
    of projects: [ProjectName], in folder: CheckoutFolder
  ) async throws -> [ProjectName: CommitID] {
    var heads: [ProjectName: CommitID] = [:]
    for project in projects {
      let head = try Repository.open(at: folder.path(of: project)).resolve("HEAD")
      heads[project] = head.map { CommitID($0) }
    }
    return heads
  }

  /// Throws where one of the worktrees has changes, or is detached at a commit that neither a ref nor the project has.
  private func requireClean(_ projects: [ProjectName], in folder: CheckoutFolder, hint: String) async throws {
    let git = git
    let finished = projects.filter { if case .worktree = folder.occupant(of: $0) { true } else { false } }
    let results = await concurrently(finished, limit: Self.worktreesAtOnce) { project in
      try await git.status(of: folder.path(of: project))
    }
    for (project, result) in zip(finished, results) {
      let status = try result.get()
      let path = folder.path(of: project)
      guard status.isClean else {
        throw WeaveError(
          "\(path) has changes that no commit holds: \(listed(status.changedPaths))", hint: hint)
      }
      guard let head = status.head.flatMap({ CommitID(hex: $0) }), status.branch == nil else { continue }
      let branches = try store.repository.references(matching: "refs/heads/*").compactMap(\.commit)
      guard try store.has(head, in: project) || store.repository.isReachable(head.objectID, from: branches)
      else { throw Self.wouldBeLost(head, at: path) }
    }
  }

  static func wouldBeLost(_ commit: CommitID, at path: String) -> WeaveError {
    WeaveError(
      "no branch or tag holds \(commit.short), which \(path) is at: it would be lost",
      hint: "`git -C \(Quoted.shellWord(path)) branch NAME \(commit)` saves it; nothing was moved")
  }
}

extension Reference {
  fileprivate var commit: ObjectID? {
    if case .direct(let id) = target { id } else { nil }
  }
}
