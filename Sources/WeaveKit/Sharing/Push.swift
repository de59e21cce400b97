import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

/// What pushing to a remote came to.
public struct PushOutcome: Sendable {
  public let remote: Remote
  /// The records that the remote now has as we do, by the names of their refs.
  public internal(set) var sent: Set<String> = []
  /// Whether the remote had lost what it was given before, and was given it again.
  public internal(set) var hadLost = false
  /// How many events of our own ledgers were among them.
  public internal(set) var sentEvents = 0
  /// What was not sent, as what the remote has there is refused.
  public internal(set) var blocked: [RecordRef] = []
  /// What the remote will not have, by the names of the refs, and its words.
  public internal(set) var refused: [RefusedEntry] = []
  /// The shared records that went apart from the remote's, and could not be joined: they wait for `weave pull`.
  public internal(set) var apart: [RecordRef] = []
  /// What came in the other direction first, where the remote had what we didn't.
  public internal(set) var pulled: [PullOutcome] = []
  /// What is broken there, so that it takes nothing.
  public internal(set) var broken: [BrokenRemoteRef] = []
  /// Whether what is broken there was looked for.
  var hasLookedForBroken = false
  /// The own ledgers that were broken there, and were given whole again, by the names of the refs.
  public internal(set) var restored: [String] = []
  /// What was not sent, as it cannot be read here, or may not go there.
  var failures = RecordFailures()
  public var unreadable: [Explanation] { failures.explanations }
  /// The public records that were not sent, as they hold what is private.
  public var leaking: [RefusedEntry] { failures.leaking }
  /// The commits that published links name, and that their projects' sources do not have as last fetched.
  public internal(set) var unpublished: [Member] = []
}

extension Workspace {
  private static let pushAttempts = 20

  /// Gives the remote what is new: our own events, and what of manifest, locks, sets and observations is newer here.
  ///
  /// Where the remote has what we don't, that is pulled and joined first. Nothing is ever forced but the date when a
  /// machine was last seen, and an own ledger that is broken there, or on which somebody put what nobody
  /// takes: it is taken away and given whole.
  ///
  /// - Parameters:
  ///   - withCommits: push the linked commits that a project's source lacks there first, as tags.
  ///   - isWhole: give the own ledgers whole, whatever is there.
  public func push(
    _ name: String?, withCommits: Bool = false, isWhole: Bool = false
  ) async throws -> PushOutcome {
    try await store.readingAnyFormat { try await pushAll(name, withCommits: withCommits, isWhole: isWhole) }
  }

  private func pushAll(_ name: String?, withCommits: Bool, isWhole: Bool) async throws -> PushOutcome {
    let remote = try remote(name)
    let exchange = try store.exchange(for: remote.audience)
    var outcome = PushOutcome(remote: remote)
    let known = try exchange.records(of: remote.name)
    let isKnown = known[RecordRef(.manifest, .public)] != nil
    // Where nothing is known of it, it may be another store's.
    if try !isKnown || store.isBehind(known) {
      let pulled = try await pull(from: remote, through: exchange)
      try requireManifestTaken([pulled], knowing: exchange.records(of: remote.name))
      let reception = pulled.reception
      let isNews =
        !reception.taken.isEmpty || !reception.refused.isEmpty || !pulled.broken.isEmpty
        || !pulled.unreadable.isEmpty
      if !isKnown || isNews { outcome.pulled.append(pulled) }
      try await takeAwayCut(from: remote, through: exchange, &outcome)
    }
    if isWhole {
      let listed = try await git.listRefs(
        Exchange.refspecs(for: remote), of: remote.name.text, at: remote.url,
        from: exchange.repository.gitDirectory)
      try await takeAwayOwn(listed, from: remote, through: exchange, &outcome)
    }
    if withCommits {
      let outgoing = try store.outgoing(
        to: remote, knowing: exchange.records(of: remote.name), now: now, &outcome.failures)
      try await publishCommits(of: outgoing, &outcome.failures)
    }
    var wasBusy = false
    for attempt in 1...Self.pushAttempts {
      let known = try exchange.records(of: remote.name)
      let refused = Set(outcome.refused.map(\.name))
        .union(outcome.pulled.last?.reception.blocking ?? [])
      outcome.blocked = []
      var outgoing = try store.outgoing(to: remote, knowing: known, now: now, &outcome.failures)
      outcome.apart = try store.recordsApart(from: known, of: remote, &outcome.failures)
      if attempt == 1 { tellUnpublished(in: outgoing, &outcome) }
      outgoing.removeAll {
        if refused.contains($0.record.name), $0.tip != $0.former { outcome.blocked.append($0.record) }
        return refused.contains($0.record.name) || outcome.failures.records.contains($0.record)
      }
      guard !outgoing.isEmpty else { return outcome }
      let isBehind = try await send(outgoing, to: remote, through: exchange, &outcome)
      guard let isBehind else { return outcome }
      wasBusy = !isBehind
      if isBehind {
        let pulled = try await pull(from: remote, through: exchange)
        if outcome.hadLost { try requireManifestTaken([pulled], knowing: exchange.records(of: remote.name)) }
        outcome.pulled.append(pulled)
        try await takeAwayCut(from: remote, through: exchange, &outcome)
        if !pulled.broken.isEmpty, !outcome.hasLookedForBroken {
          outcome.hasLookedForBroken = true
          try await takeAwayOwn(
            pulled.broken.map { ($0.name, $0.id) }, from: remote, through: exchange, &outcome)
          outcome.pulled.removeLast()
          outcome.broken += pulled.broken.filter { !outcome.restored.contains($0.name) }
        }
      }
      if attempt > 1 { try? await Task.sleep(for: .milliseconds(Int.random(in: 10...(100 * attempt)))) }
    }
    throw WeaveError(
      "cannot push to \(remote.name): others were first, \(Self.pushAttempts) times in a row",
      hint: "`weave push \(remote.name)` again"
        + (wasBusy
          ? "; if nobody else pushes, a push that was killed there left a `.lock` file beside a ref" : ""))
  }

  /// Sends the records; nil when all were accepted or refused for good, else whether the remote has what we don't.
  private func send(
    _ outgoing: [OutgoingRecord], to remote: Remote, through exchange: Exchange, _ outcome: inout PushOutcome
  ) async throws -> Bool? {
    let outgoing = try store.publish(outgoing, to: remote, through: exchange, &outcome.failures)
    guard !outgoing.isEmpty else { return nil }
    var (isBehind, isBusy, hasLost) = (false, false, false)
    var (locks, blocked): ([String], [String]) = ([], [])
    let hasLookedForBroken = outcome.hasLookedForBroken
    for batch in outgoing.batches(of: 500) {
      let records = Dictionary(uniqueKeysWithValues: batch.map { ($0.record.name, $0) })
      let answers = try await git.push(
        batch.map {
          GitProcess.RefToPush(
            name: $0.record.name, id: $0.tip.description,
            lease: $0.record.isReplaced ? $0.former?.description ?? "" : nil)
        }, to: remote.url, called: remote.name.text, from: exchange.repository.gitDirectory)
      for answer in answers {
        guard let record = records[answer.name] else { continue }
        switch answer.outcome {
        case .moved, .created, .upToDate:
          let isLost = answer.outcome == .created && record.former != nil
          hasLost = hasLost || isLost
          try store.noteSent(record, to: remote, in: exchange)
          guard answer.outcome != .upToDate else { continue }
          outcome.sent.insert(answer.name)
          if record.record.isLedger {
            outcome.sentEvents += try events(in: record, all: isLost, exchange)
          }
        case .behind: isBehind = true
        case .busy(let lock):
          isBusy = true
          if let lock { locks.append(lock) }
        case .refused(let reason) where reason.holds("missing necessary objects") && !hasLookedForBroken:
          blocked.append(reason)
        case .refused(let reason):
          outcome.refused.append(RefusedEntry(name: answer.name, reason: reason))
        }
      }
    }
    if !blocked.isEmpty {
      // Git takes nothing where a ref is broken.
      let restored = outcome.restored.count
      try await look(for: blocked, at: remote, through: exchange, &outcome)
      // Git names the first alone that is broken.
      outcome.hasLookedForBroken = outcome.restored.count == restored
      return false
    }
    if hasLost {
      // It was given this before. What else it has lost is seen when nothing is taken for granted.
      try store.forget(remote, in: exchange)
      outcome.hadLost = true
      return true
    }
    let dead = locks.filter(Self.isLeftBehind)
    guard dead.isEmpty else { throw Self.areInTheWay(dead, at: remote.name.text) }
    return isBehind || isBusy ? isBehind : nil
  }

  private static func isLeftBehind(_ lock: String) -> Bool {
    guard let end = lock.firstIndex(ofBytes: "/refs/") ?? lock.lastIndex(ofScalar: "/") else { return false }
    return StaleGitLocks.isLeftBehind(lock, in: FileSystem.canonical(String(lock[..<end])))
  }

  /// The error where lock files in a directory that is pushed to are those of another push, or of one that was killed.
  static func areInTheWay(_ locks: [String], at remote: String) -> WeaveError {
    let words = Set(locks).sorted().map { Quoted.shellWord($0) }
    return WeaveError(
      "cannot push to \(remote): \(locks[0]) is in the way: another push is at work there, or one was killed",
      hint: "`rm \(words.joined(separator: " "))` when no Git is at work there, then push again")
  }

  /// Notes what is broken at the remote, by the words with which it refused, and takes our own away there.
  private func look(
    for words: [String], at remote: Remote, through exchange: Exchange, _ outcome: inout PushOutcome
  ) async throws {
    let listed = try await git.listRefs(
      Exchange.refspecs(for: remote), of: remote.name.text, at: remote.url,
      from: exchange.repository.gitDirectory)
    let broken = listed.filter { ref in words.contains { $0.holds(ref.name) || $0.holds(ref.id) } }
    let writer = try store.writer()
    let others = broken.filter { RecordRef(name: $0.name)?.writer != writer }
    outcome.broken += others.map {
      BrokenRemoteRef(name: $0.name, id: $0.id, reason: "what it names is gone or damaged")
    }
    // While another is broken there, what is taken away could not be given again.
    if others.isEmpty { try await takeAwayOwn(broken, from: remote, through: exchange, &outcome) }
    if broken.isEmpty {
      outcome.broken.append(BrokenRemoteRef(name: "a ref", id: "", reason: words[0]))
    }
  }

  /// As ``takeAwayOwn(_:from:through:_:)``, of the own ledgers on which somebody put there what nobody takes.
  private func takeAwayCut(
    from remote: Remote, through exchange: Exchange, _ outcome: inout PushOutcome
  ) async throws {
    let writer = try store.writer()
    let own = outcome.pulled.last?.reception.cut.filter { $0.writer == writer }.map(\.name) ?? []
    guard !own.isEmpty else { return }
    let listed = try await git.listRefs(
      Exchange.refspecs(for: remote), of: remote.name.text, at: remote.url,
      from: exchange.repository.gitDirectory)
    try await takeAwayOwn(listed.filter { own.contains($0.name) }, from: remote, through: exchange, &outcome)
    outcome.pulled[outcome.pulled.count - 1].reception.forgive(outcome.restored)
  }

  /// Deletes those of the refs that are ledgers of ours, so that they can be given whole: Git sends nothing that a ref of
  /// the other side reaches, as far as it can tell.
  private func takeAwayOwn(
    _ refs: [(name: String, id: String)], from remote: Remote, through exchange: Exchange,
    _ outcome: inout PushOutcome
  ) async throws {
    let writer = try store.writer()
    let own = refs.filter {
      RecordRef(name: $0.name)?.writer == writer && !outcome.restored.contains($0.name)
    }
    for ref in own {
      guard let record = RecordRef(name: ref.name), let tip = try store.repository.resolve(ref.name) else {
        continue
      }
      // What cannot be given is not taken away.
      let outgoing = OutgoingRecord(record: record, tip: tip, former: nil)
      let given = try store.publish([outgoing], to: remote, through: exchange, &outcome.failures)
      guard !given.isEmpty else { continue }
      if let reason = await refusalToDelete(ref, at: remote, through: exchange) {
        outcome.broken.append(BrokenRemoteRef(name: ref.name, id: ref.id, reason: reason))
      } else {
        try store.noteGone(outgoing, at: remote, in: exchange)
        outcome.restored.append(ref.name)
      }
    }
  }

  private func refusalToDelete(
    _ ref: (name: String, id: String), at remote: Remote, through exchange: Exchange
  ) async -> String? {
    do {
      let answers = try await git.push(
        [GitProcess.RefToPush(name: ref.name, id: "", lease: ref.id)], to: remote.url,
        called: remote.name.text, from: exchange.repository.gitDirectory)
      guard let answer = answers.first, !answer.outcome.isAccepted else { return nil }
      return if case .refused(let reason) = answer.outcome { reason } else {
        "somebody else is pushing there"
      }
    } catch { return error.reason }
  }

  private func events(
    in outgoing: OutgoingRecord, all isAll: Bool, _ exchange: Exchange
  ) throws -> Int {
    let known = isAll ? [] : outgoing.former.map { [$0] } ?? []
    // What was sent is whole there.
    let repository = exchange.repository
    var cursor = try repository.commits(from: [outgoing.tip], hiding: known)
    var count = 0
    while let id = try cursor.next() { count += try repository.parents(of: id).count < 2 ? 1 : 0 }
    return count
  }

  /// Where a project's history is damaged the records go out all the same.
  private func tellUnpublished(in outgoing: [OutgoingRecord], _ outcome: inout PushOutcome) {
    do { outcome.unpublished = try unpublished(in: outgoing, &outcome.failures) } catch {
      caller.warn("whether anybody else can have the linked commits is not known: \(error)")
    }
  }

  /// A remote of which no manifest was ever taken has nothing that ours could be joined with. One of another store the pull
  /// has refused by name.
  private func requireManifestTaken(_ pulled: [PullOutcome], knowing known: [RecordRef: ObjectID]) throws {
    let manifest = RecordRef(.manifest, .public)
    guard known[manifest] == nil else { return }
    for pull in pulled {
      guard let entry = pull.reception.refused.first(where: { $0.name == manifest.name }) else { continue }
      throw WeaveError(
        "cannot push to \(pull.remote.name): its manifest is refused: \(entry.reason)",
        hint: "`weave remote remove \(pull.remote.name)`, or `weave clone` it elsewhere")
    }
  }
}

extension Array {
  fileprivate func batches(of size: Int) -> [ArraySlice<Element>] {
    stride(from: 0, to: count, by: size).map { self[$0..<Swift.min($0 + size, count)] }
  }
}
