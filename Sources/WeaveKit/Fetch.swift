import Git
import GitProcess
import Synchronization
import WeaveModel
import WeaveStore

/// What fetching one project came to.
public struct FetchResult: Sendable {
  public let project: ProjectName
  /// Why it failed, or nil.
  public let failure: Explanation?
  /// The tracked ref; nil for the source's HEAD.
  public let track: String?
  /// Its tip before and after.
  public let before: CommitID?
  public let after: CommitID?
  /// Whether the tip before is not behind the one after: the source's history was rewritten.
  public let isForced: Bool
}

/// How far a fetch has come.
public struct FetchProgress: Sendable {
  public let total: Int
  public internal(set) var finished = 0
  /// The projects that are being fetched, in the order in which they began.
  public internal(set) var running: [ProjectName] = []
}

extension Workspace {
  private static let fetchesAtOnce = 8

  /// Fetches the named projects, or all, in parallel; one that fails keeps no other from being fetched. `report` is
  /// told of each beginning and end.
  ///
  /// - Returns: a result for each project, in the order of their names.
  public func fetch(_ names: [String], report: @escaping @Sendable (FetchProgress) -> Void) async throws
    -> [FetchResult]
  {
    let records =
      try names.isEmpty ? projects() : Set(names).map { try project($0) }.sorted { $0.name < $1.name }
    let before = Dictionary(
      uniqueKeysWithValues: records.map { ($0.name, (try? store.tip(of: $0.name, track: $0.track)) ?? nil) })
    for record in records { try store.removeStaleLocks(of: record.name) }
    let (git, gitDirectory) = (git, store.repository.gitDirectory)
    let progress = Mutex(FetchProgress(total: records.count))
    let failures = await concurrently(records, limit: Self.fetchesAtOnce) { record -> Explanation? in
      progress.withLock {
        $0.running.append(record.name); report($0)
      }
      defer {
        progress.withLock {
          $0.running.removeAll { $0 == record.name }; $0.finished += 1; report($0)
        }
      }
      do {
        try await git.fetch(project: record.name.text, from: record.source, into: gitDirectory)
        try await Self.follow(
          try await git.remoteHead(of: record.source), of: record, in: gitDirectory, git: git)
        return nil
      } catch { return Explanation(error) ?? Explanation(WeaveError("\(error)")) }
    }
    // What others recorded may name commits that have only now come.
    try store.keepNamed(of: records.map(\.name), author: .nobody(at: caller.now))
    return zip(records, failures.map { $0.get() }).map { record, failure in
      result(for: record, before: before[record.name] ?? nil, failure: failure)
    }
  }

  private func result(for record: ProjectRecord, before: CommitID?, failure: Explanation?) -> FetchResult {
    var (after, isForced, failure) = (CommitID?.none, false, failure)
    do {
      after = try store.tip(of: record.name, track: record.track)
      isForced = try self.isForced(from: before, to: after)
    } catch {
      failure = failure ?? Explanation(error)
    }
    return FetchResult(
      project: record.name, failure: failure, track: record.track, before: before, after: after,
      isForced: isForced)
  }

  private func isForced(from before: CommitID?, to after: CommitID?) throws -> Bool {
    guard let before, let after, before != after else { return false }
    return try !store.repository.isAncestor(before.objectID, of: after.objectID)
  }

  /// Makes the namespace's HEAD what the source's is; one that would dangle is taken away.
  private static func follow(
    _ head: RemoteHead, of record: ProjectRecord, in gitDirectory: String, git: GitProcess
  )
    async throws
  {
    let namespace = RefName.namespace(record.name)
    if case .branch(let branch, _) = head {
      return try await run(
        ["symbolic-ref", namespace + "HEAD", namespace + branch], in: gitDirectory, git: git)
    }
    var isDetached = false
    if case .detached = head { isDetached = true }
    switch try Repository.open(at: gitDirectory).reference(namespace + "HEAD")?.target {
    case .symbolic:
      try await run(["symbolic-ref", "--delete", "--quiet", namespace + "HEAD"], in: gitDirectory, git: git)
    case .direct where !isDetached:
      try await run(["update-ref", "-d", namespace + "HEAD"], in: gitDirectory, git: git)
    case .direct, nil: break
    }
    if isDetached {
      try await git.fetchDetachedHead(project: record.name.text, from: record.source, into: gitDirectory)
    }
  }

  private static func run(_ arguments: [String], in gitDirectory: String, git: GitProcess) async throws {
    let output = try await git.runRetrying(arguments, gitDirectory: gitDirectory)
    guard output.succeeded else {
      throw GitProcessError(operation: "follow the source's HEAD", output: output)
    }
  }
}
