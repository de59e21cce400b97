import ForeignText
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
  /// Why its tip is not known though all was fetched, or nil.
  public private(set) var unknownTip: Explanation?
  /// The tracked ref; nil for the source's HEAD.
  public let track: String?
  /// Its tip before and after.
  public let before: CommitID?
  public let after: CommitID?
  /// Whether the tip before is not behind the one after: the source's history was rewritten.
  public let isForced: Bool
  /// Whether its source was not asked, as the commit that is wanted is here.
  public let isSkipped: Bool
  /// What else came, and what went.
  public private(set) var changes = RefChanges()
}

extension FetchResult {
  fileprivate init(of record: ProjectRecord, failure: Explanation) {
    self.init(
      project: record.name, failure: failure, track: record.track, before: nil, after: nil, isForced: false,
      isSkipped: false)
  }
}

/// How far a fetch has come.
public struct FetchProgress: Sendable {
  public let total: Int
  public internal(set) var finished = 0
  /// The projects that are being fetched, in the order in which they began.
  public internal(set) var running: [ProjectName] = []
  /// What has just come of one of them; nil where one begins.
  public internal(set) var ended: FetchResult?
}

extension Workspace {
  private static let fetchesAtOnce = 16
  private static let fetchesAtOncePerHost = 4

  /// Fetches the named projects, or all, in parallel; one that fails keeps no other from being fetched. `report` is
  /// told of each beginning and end.
  ///
  /// - Returns: a result for each project, in the order of their names.
  public func fetch(_ names: [String], report: @escaping @Sendable (FetchProgress) -> Void) async throws
    -> [FetchResult]
  {
    try await fetch(
      records: names.isEmpty ? projects() : Set(names).map { try project($0) }.sorted { $0.name < $1.name },
      report: report)
  }

  func fetch(
    records: [ProjectRecord], report: @escaping @Sendable (FetchProgress) -> Void
  ) async throws -> [FetchResult] {
    warn(ofWaiting: records)
    let before = Dictionary(
      uniqueKeysWithValues: records.map { ($0.name, (try? store.tip(of: $0.name, track: $0.track)) ?? nil) })
    for record in records { try store.removeStaleLocks(of: record.name) }
    // A ref that cannot be read is brought anew.
    let known = try? store.fetchedReferences()
    let (git, gitDirectory, warn) = (git, store.repository.gitDirectory, caller.warn)
    let isApart = try store.keepsProjectsApart()
    let guarded = try guardedObjects()
    let urls = Dictionary(
      uniqueKeysWithValues: records.map { record in (record.name, Result { try store.url(of: record) }) })
    let progress = Mutex(FetchProgress(total: records.count))
    var results: [ProjectName: FetchResult] = [:]
    _ = await concurrently(
      records, limit: Self.fetchesAtOnce, group: { Self.host(of: $0.source.text) },
      groupLimit: Self.fetchesAtOncePerHost,
      onEnd: { record, failure in
        // Of what failed nothing is looked at before all others are done: there may be no file descriptor for it.
        let result =
          failure.get().map { FetchResult(of: record, failure: $0) }
          ?? result(
            for: record, before: before[record.name] ?? nil, knowing: known?[record.name], failure: nil)
        results[record.name] = result
        progress.withLock {
          $0.running.removeAll { $0 == record.name }
          $0.finished += 1
          $0.ended = result
          report($0)
          $0.ended = nil
        }
      }
    ) { record -> Explanation? in
      progress.withLock {
        $0.running.append(record.name); report($0)
      }
      do {
        try await Self.fetch(
          record, from: urls[record.name]?.get() ?? record.source,
          knowing: known.map { $0[record.name] ?? [:] },
          through: isApart ? ProjectExchange(for: record.name, of: gitDirectory) : nil,
          into: gitDirectory, besides: guarded.filter { $0.project != record.name }.map(\.objects), git: git,
          warn: warn)
        return nil
      } catch { return Explanation(error) ?? Explanation(WeaveError("\(error)")) }
    }
    // What others recorded may name commits that have only now come.
    try store.keepNamed(of: records.map(\.name), author: .nobody(at: caller.now)) { project, error in
      guard let record = records.first(where: { $0.name == project }), results[project]?.failure == nil,
        let failure = Explanation(error) ?? Explanation(WeaveError("\(error)"))
      else { return }
      results[project] = FetchResult(of: record, failure: failure)
    }
    do { try warnOfStoreInTrees(of: records) } catch {
      caller.warn("whether a branch would take the store's place is not known: \(error)")
    }
    return records.compactMap { record in
      guard let told = results[record.name], let failure = told.failure else { return results[record.name] }
      return result(
        for: record, before: before[record.name] ?? nil, knowing: known?[record.name], failure: failure)
    }
  }

  private func warn(ofWaiting records: [ProjectRecord]) {
    let waiting = records.compactMap { record in record.recordedSource.map { (record, $0) } }
    for (record, recorded) in waiting.prefix(Self.mostNamed) {
      caller.warn(
        "\(record.name) is fetched from \(record.source), and not from \(recorded), which somebody recorded: "
          + "`weave accept project/\(record.name)` uses that")
    }
    if waiting.count > Self.mostNamed {
      caller.warn(
        "so are \(waiting.count - Self.mostNamed) more from what was accepted of them: `weave accept` lists them"
      )
    }
  }

  private static let mostNamed = 10

  /// The machine that Git asks for what is at the URL; nil where it is this one.
  static func host(of url: String) -> String? {
    var rest: Substring
    guard !RepositoryURL.isPath(url) else { return nil }
    if let scheme = url.schemeEnd {
      guard url[..<scheme] != "file" else { return nil }
      // Where the authority ends (RFC 3986, 3.2), which Git takes to be a slash for what it asks without curl.
      let isHTTP = url[..<scheme].lowercasedASCII.begins(with: "http")
      rest = url[scheme...].dropFirst(bytes: 3).prefix(whileScalar: {
        !(isHTTP ? "/?#" : "/").unicodeScalars.contains($0)
      })
      rest = rest.split(atScalar: "@").last ?? ""
    } else {
      // Brackets may stand around a host.
      rest = url.prefix(whileScalar: { $0 != "/" })
      if !rest.begins(with: "["), let at = rest.prefix(whileScalar: { $0 != ":" }).lastIndex(ofScalar: "@") {
        rest = rest[at...].dropFirst(bytes: 1)
      }
    }
    if let inner = rest.dropping(prefix: "[") {
      let inside = inner.prefix(whileScalar: { $0 != "]" }).split(atScalar: "@").last ?? ""
      // An address of IPv6, or a host with its port.
      let isAddress = inside.split(atScalar: ":", keepsEmpty: true).count > 2
      return (isAddress ? inside : inside.prefix(whileScalar: { $0 != ":" })).lowercased()
    }
    let host = rest.prefix(whileScalar: { $0 != ":" })
    return host.isEmpty ? nil : host.lowercased()
  }

  /// Brings what the source has that the namespace has not, or not so. Where there is nothing of the kind, as one question
  /// tells, nothing more is asked.
  private static func fetch(
    _ record: ProjectRecord, from url: RepositoryURL, knowing known: [String: Reference.Target]?,
    through exchange: ProjectExchange?, into gitDirectory: String, besides guarded: [GuardedObjects],
    git: GitProcess,
    warn: @Sendable (String) -> Void
  ) async throws {
    var source = try await git.remoteRefs(of: record.name.text, at: url, gitDirectory: gitDirectory)
    let namespace = RefName.namespace(record.name)
    let omitted = source.removeUnwritable(
      below: namespace, in: [gitDirectory] + (exchange.map { [$0.gitDirectory] } ?? []))
    try tell(ofOmitted: omitted, from: record, warn)
    if try !isHere(source, knowing: known, through: exchange) {
      try await receive(through: exchange, into: gitDirectory, git: git, warn: warn) { place in
        try await git.fetch(
          project: record.name.text, from: url, into: place, besides: guarded, omitting: omitted)
      }
    }
    let head: Reference.Target? =
      switch source.head {
      case .branch(let branch, _): .symbolic(namespace + branch)
      case .detached(let hex): ObjectID(hex: hex).map { .direct($0) }
      case .unborn, .absent: nil
      }
    guard known == nil || known?["HEAD"] != head else { return }
    var answer = source.head
    if case .branch(let branch, _) = answer,
      try Repository.open(at: gitDirectory).reference(namespace + branch) == nil
    {
      // It went between the two questions.
      answer = try await git.remoteHead(of: url, gitDirectory: gitDirectory)
      if case .branch(let branch, let commit) = answer,
        try Repository.open(at: gitDirectory).reference(namespace + branch) == nil
      {
        answer = .detached(commit)
      }
    }
    try await follow(answer, of: record, in: gitDirectory, git: git)
    guard case .detached = answer else { return }
    try await receive(
      isHeadDetached: true, through: exchange, into: gitDirectory, git: git, warn: warn
    ) { place in
      try await git.fetchDetachedHead(
        project: record.name.text, from: url, into: place, besides: guarded)
    }
  }

  /// What no source of another project, and no public remote, may give as its own, beside a private project: all that is here,
  /// and what private projects have at sources that are paths and in their checkouts, and private remotes that are paths. With the
  /// project of which it is; nil for what is of none.
  func guardedObjects() throws -> [(project: ProjectName?, objects: GuardedObjects)] {
    let secret = try store.privateProjects()
    guard !secret.isEmpty else { return [] }
    let remotes = try store.remotes().filter { $0.audience == .private }
    let checkouts = try checkouts().values.filter { secret.contains($0.project) }
      .sorted { $0.project < $1.project }
    let sources = try store.manifest().projects.values.filter { secret.contains($0.name) }
      .sorted { $0.name < $1.name }
    return [(nil, GuardedObjects(owner: "this store", place: .directory(store.repository.gitDirectory)))]
      + remotes.map { (nil, GuardedObjects(owner: "the private remote \($0.name)", place: .source($0.url))) }
      + checkouts.map {
        (
          $0.project,
          GuardedObjects(
            owner: "the checkout of the private project \($0.project)", place: .checkout($0.path))
        )
      }
      + sources.map { record in
        (
          record.name,
          GuardedObjects(
            owner: "the private project \(record.name)",
            // Of one whose secret cannot be read the source is no path.
            place: .source((try? store.url(of: record)) ?? record.source))
        )
      }
  }

  /// Each is an argument of Git's program, of which there may not be more than a system allows (execve(2)).
  private static let mostOmittedBytes = 256 << 10

  private static func tell(
    ofOmitted names: [String], from record: ProjectRecord, _ warn: (String) -> Void
  ) throws {
    guard let first = names.first else { return }
    let shown = first.utf8.count > 60 ? first.prefix(bytes: 60) + "…" : first
    let words =
      names.count == 1
      ? "\(shown) of \(record.name), whose name has \(first.utf8.count) bytes, is"
      : "\(shown) and \(names.count - 1) other refs of \(record.name), whose names are too long or have too many parts, are"
    guard names.reduce(0, { $0 + $1.utf8.count }) <= mostOmittedBytes else {
      throw WeaveError(
        "\(words) too many to be left out", hint: "whoever keeps the source can delete them there")
    }
    warn("\(words) left out: there can be no file of that name here")
  }

  /// Whether the branches and tags of the source are known to be here, and to have come through `exchange`.
  private static func isHere(
    _ source: RemoteRefs, knowing known: [String: Reference.Target]?, through exchange: ProjectExchange?
  ) throws -> Bool {
    let references = source.branchesAndTags.compactMapValues { ObjectID(hex: $0) }
    guard source.areNamesDistinct,
      known?.filter({ $0.key != "HEAD" }) == references.mapValues({ .direct($0) })
    else { return false }
    return try exchange?.has(
      exactly: Dictionary(uniqueKeysWithValues: references.map { (ExactText($0.key), $0.value) })) ?? true
  }

  /// Runs `fetch` with the Git directory that what comes of a project is to be fetched into: the store's, or that of the
  /// project's exchange repository, from which the store then gets it.
  static func receive(
    isHeadDetached: Bool = false, through exchange: ProjectExchange?, into gitDirectory: String,
    git: GitProcess,
    warn: @Sendable (String) -> Void, _ fetch: (_ gitDirectory: String) async throws -> Void
  ) async throws {
    guard let exchange else { return try await fetch(gitDirectory) }
    try await exchange.receive(
      isHeadDetached: isHeadDetached, git: git, warn: warn, fetch)
  }

  private func result(
    for record: ProjectRecord, before: CommitID?, knowing known: [String: Reference.Target]?,
    failure: Explanation?
  ) -> FetchResult {
    var (after, isForced, failure, unknownTip) = (CommitID?.none, false, failure, Explanation?.none)
    var changes = RefChanges()
    do {
      if let problem = record.trackProblem { throw WeaveError(problem) }
      after = try store.tip(of: record.name, track: record.track)
      isForced = try self.isForced(from: before, to: after)
      if let known { changes = try store.changes(of: record.name, since: known) }
    } catch let error as AmbiguousTrack {
      unknownTip = Explanation(error)
    } catch {
      failure = failure ?? Explanation(error)
    }
    return FetchResult(
      project: record.name, failure: failure, unknownTip: unknownTip, track: record.track, before: before,
      after: after, isForced: isForced, isSkipped: false, changes: changes)
  }

  private func isForced(from before: CommitID?, to after: CommitID?) throws -> Bool {
    guard let before, let after, before != after else { return false }
    return try !store.repository.isAncestor(before.objectID, of: after.objectID)
  }

  /// Makes the namespace's HEAD what the source's is, or room for the commit at which that is detached; one that would dangle
  /// is taken away.
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
  }

  private static func run(_ arguments: [String], in gitDirectory: String, git: GitProcess) async throws {
    let output = try await git.runRetrying(arguments, at: .repository(gitDirectory))
    guard output.succeeded else {
      throw GitProcessError(operation: "follow the source's HEAD", output: output)
    }
  }
}
