import Git
import GitProcess
import WeaveModel
import WeaveStore

/// What fetching one project came to.
public struct FetchResult: Sendable {
  public let project: ProjectName
  /// Why it failed, or nil.
  public let failure: String?
  /// The tracked ref's tip before and after.
  public let before: CommitID?
  public let after: CommitID?
}

extension Workspace {
  private static let fetchesAtOnce = 8

  /// Fetches the named projects, or all, in parallel; one that fails keeps no other from being fetched.
  ///
  /// - Returns: a result for each project, in the order of their names.
  public func fetch(_ names: [String], progress: @escaping @Sendable (ProjectName) -> Void) async throws
    -> [FetchResult]
  {
    let records = try names.isEmpty ? projects() : names.map { try project($0) }.sorted { $0.name < $1.name }
    let before = try Dictionary(uniqueKeysWithValues: records.map { ($0.name, try store.tip(of: $0.name, track: $0.track)) })
    let (git, gitDirectory) = (git, store.repository.gitDirectory)
    let failures = await concurrently(records, limit: Self.fetchesAtOnce) { record -> String? in
      defer { progress(record.name) }
      do {
        try await git.fetch(project: record.name.text, from: record.source, into: gitDirectory)
        try await Self.follow(
          git.remoteHead(of: record.source), of: record.name, in: gitDirectory, git: git)
        return nil
      } catch { return "\(error)" }
    }
    return try zip(records, failures.map { try $0.get() }).map { record, failure in
      FetchResult(
        project: record.name, failure: failure, before: before[record.name] ?? nil,
        after: try store.tip(of: record.name, track: record.track))
    }
  }

  /// Points the namespace's HEAD where the source's points; a HEAD that would dangle is taken away.
  private static func follow(_ head: RemoteHead, of project: ProjectName, in gitDirectory: String, git: GitProcess)
    async throws
  {
    let namespace = RefName.namespace(project)
    let update: [String]
    switch head {
    case .branch(let branch, _): update = ["symbolic-ref", namespace + "HEAD", namespace + branch]
    case .detached(let hex): update = ["update-ref", "--no-deref", namespace + "HEAD", hex]
    case .unborn, .absent: update = ["symbolic-ref", "--delete", "--quiet", namespace + "HEAD"]
    }
    let isRemoval = update.contains("--delete")
    if isRemoval, try Repository.open(at: gitDirectory).reference(namespace + "HEAD") == nil { return }
    let output = try await git.run(update, gitDirectory: gitDirectory, configuration: ["core.hooksPath=/dev/null"])
    guard output.succeeded else { throw GitProcessError(operation: "follow the HEAD of \(project)", output: output) }
  }
}
