import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

/// What pulling from a remote brought.
public struct PullOutcome: Sendable {
  public typealias Broken = BrokenRemoteRef

  public let remote: Remote
  /// How many events are new, and how many machines said something new.
  public let newEvents: Int
  public let newObservations: Int
  /// The projects and constellations that are new, or not as they were.
  public let changedProjects: [ProjectName]
  public let changedConstellations: [String]
  /// The constellations whose lock is another than before.
  public let changedLocks: [String]
  public internal(set) var reception: Reception
  /// What waits for a yes, from this pull or an earlier one.
  public let pending: [PendingChange]
  /// What is broken there, and was left out.
  public let broken: [BrokenRemoteRef]
  /// What cannot be read here, so that it was not taken, or is not known.
  public let unreadable: [Explanation]
}

extension RecordFailures {
  var explanations: [Explanation] {
    unreadable.compactMap { Explanation($0) } + malformed.map { Explanation(sentence: $0.description) }
  }
}

extension Workspace {
  /// Brings what the remote has: events, manifest, locks, sets and observations. Our own stay; what went apart is
  /// joined. What is lost here of its records is put back. Nothing is sent but the ids of what came from remotes of the same audience.
  ///
  /// - Parameter choices: whose version of an entry of the manifest to take where both sides changed it.
  public func pull(_ name: String?, choices: [String: ManifestSide] = [:]) async throws -> PullOutcome {
    let remote = try remote(name)
    return try await pull(from: remote, through: store.exchange(for: remote.audience), choices: choices)
  }

  func pull(
    from remote: Remote, through exchange: Exchange, choices: [String: ManifestSide] = [:]
  ) async throws -> PullOutcome {
    let before = try exchange.records(of: remote.name)
    if remote.audience == .public {
      try await git.requireOwnObjects(
        at: remote.url, besides: guardedObjects().map(\.objects),
        gitDirectory: store.repository.gitDirectory, "pull from \(remote.name)")
    }
    let broken = try await Self.fetchRecords(of: remote, into: exchange, git: git)
    try await healRecords(of: remote, through: exchange)
    return try await take(from: remote, through: exchange, before: before, broken: broken, choices: choices)
  }

  /// Returns what is broken there, and was left out.
  static func fetchRecords(
    of remote: Remote, into exchange: Exchange, git: GitProcess
  ) async throws -> [BrokenRemoteRef] {
    let broken = try await git.fetchRefs(
      Exchange.refspecs(for: remote), of: remote.name.text, from: remote.url,
      into: exchange.repository.gitDirectory)
    try await SoundParts(of: remote, into: exchange, git: git).take(of: broken)
    try exchange.clearTheWay(of: remote.name)
    return broken
  }

  /// Takes in what has been fetched of the remote into the exchange repository.
  func take(
    from remote: Remote, through exchange: Exchange, before: [RecordRef: ObjectID], broken: [BrokenRemoteRef],
    choices: [String: ManifestSide] = [:]
  ) async throws -> PullOutcome {
    try refuseForeign(remote, in: exchange, knowing: before)
    return try await store.readingAnyFormat {
      let outcome = try await takeAll(
        from: remote, through: exchange, before: before, broken: broken, choices: choices)
      try exchange.forget(broken: broken.map(\.name), of: remote.name)
      if let newer = try store.newerFormat() { caller.warn("\(newer): upgrade weave") }
      return outcome
    }
  }

  /// Another store's remote has nothing that ours could be joined with. Where it was ours before, somebody put another's
  /// manifest there, which is refused as any record is.
  private func refuseForeign(
    _ remote: Remote, in exchange: Exchange, knowing before: [RecordRef: ObjectID]
  ) throws {
    let manifest = RecordRef(.manifest, .public)
    guard before[manifest] == nil, let tip = try exchange.records(of: remote.name)[manifest],
      let other = try exchange.foreignStore(ofManifest: tip, to: store)
    else { return }
    try exchange.remember(before, of: remote.name)
    throw WeaveError(
      "\(remote.name) is the remote of another store, \(other); this one is \(store.id)",
      hint:
        "`weave remote remove \(remote.name)`, or `weave clone \(Quoted.shellWord(remote.url.text))` elsewhere"
    )
  }

  private func takeAll(
    from remote: Remote, through exchange: Exchange, before: [RecordRef: ObjectID], broken: [BrokenRemoteRef],
    choices: [String: ManifestSide]
  ) async throws -> PullOutcome {
    let author = try await author()
    let (manifest, count) = try (store.recordedManifest(), eventCount())
    let former = try store.manifestTips()
    let reception = try store.receive(
      from: remote, in: exchange, before: before, choices: choices, author: author)
    try await acceptWhatNeedsNoYes(since: former, author: author)
    // A pull that was cut off may have left that to the next.
    if try eventCount() != nil, try !reception.taken.isEmpty || !store.notesAreCurrent() {
      try store.keepNamed(author: author)
      bringNotesUpToDate(author: author, after: "the remote's records are here")
    }
    return try outcome(of: reception, from: remote, broken, manifest, events: count)
  }

  /// Nil where a ledger cannot be read: what the remote has may mend it.
  private func eventCount() throws -> Int? {
    do { return try store.ledgers().events.count } catch {
      guard error is UnreadableLedger || error is LostTip else { throw error }
      return nil
    }
  }

  private func outcome(
    of reception: Reception, from remote: Remote, _ broken: [BrokenRemoteRef], _ former: Manifest,
    events: Int?
  ) throws -> PullOutcome {
    let manifest = try store.recordedManifest()
    var (locks, machines): (Set<String>, Set<String>) = ([], [])
    for record in reception.taken {
      if record.kind == .locks { locks.insert(record.component) }
      if record.kind == .observed { machines.insert(record.component) }
    }
    var (count, unreadable) = (events ?? 0, reception.failures.explanations)
    do { count = try store.ledgers().events.count } catch let error as UnreadableLedger {
      unreadable += Explanation(error).map { [$0] } ?? []
    }
    return PullOutcome(
      remote: remote, newEvents: count - (events ?? count), newObservations: machines.count,
      changedProjects: manifest.projects.values.filter { former.projects[$0.name] != $0 }.map(\.name)
        .sorted(),
      changedConstellations: manifest.constellationsChanged(since: former), changedLocks: locks.sorted(),
      reception: reception, pending: try pendingChanges(), broken: broken, unreadable: unreadable)
  }
}
