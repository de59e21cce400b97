import ForeignText
import Git
import WeaveModel
import WeaveStore

/// A lock that does not count for a constellation with `trust`.
public struct UntrustedLock: Sendable {
  public let lock: Lock
  /// Why, as `signed by nobody whom emerald-city trusts`.
  public let reason: String
}

/// Why nothing is said of what a machine should run: a hold or a link that it depends on does not count for the constellation.
public struct Distrust: Sendable, Hashable {
  public let reason: String
  /// What to type.
  public let hint: String
}

/// What the `trust` of a constellation leaves of locks and holds.
struct TrustedRecords {
  /// The newest lock that counts.
  let lock: Lock?
  /// Whether enough of the signers signed it.
  let isLockSigned: Bool
  /// Those that are newer, the newest first; where none counts, all.
  let passedOver: [UntrustedLock]
  /// Of machines with a hold that does not count, or lacks one that was taken away by somebody whose word does not count.
  let distrusted: [String: Distrust]
  /// The constellation without the holds that do not count.
  let loaded: LoadedConstellation
  let trust: AppliedTrust
  let links: TrustedLinks

  /// Why nothing is wanted where there are locks, and none counts; nil elsewhere.
  var lackOfLock: Distrust? {
    guard lock == nil, let newest = passedOver.first else { return nil }
    let name = trust.constellation
    let count = passedOver.count == 1 ? "the lock" : "none of the \(passedOver.count) locks"
    return Distrust(
      reason: "\(count) of \(name) \(passedOver.count == 1 ? "does not count" : "counts"): \(newest.reason)",
      hint: "`\(loaded.lockCommand)`"
        + (trust.trust.locks == .signed ? ", \(trust.signedByEnough)," : "") + " adopts today's resolution")
  }
}

/// Links alone: which commits the signers say are linked, whatever is revoked.
final class TrustedLinks {
  private let make: (_ once: Bool) -> Compatibility
  /// By links that nobody withdrew.
  private(set) lazy var standing = make(false)
  /// By any links, also those that were withdrawn since.
  private(set) lazy var once = make(true)

  init(_ make: @escaping (_ once: Bool) -> Compatibility) { self.make = make }
}

extension Workspace {
  /// How many locks are looked at, at first, for signatures.
  private static let locksAtOnce = 16

  /// What `trust` leaves of the constellation's locks and holds; nil where everybody's word counts. Warns once of the locks that
  /// are newer than the one in force. `withLock`: whether which is in force is of interest; where not, none is looked at.
  func trustedRecords(
    of loaded: LoadedConstellation, _ state: State, withLock: Bool = true
  ) async throws -> TrustedRecords? {
    guard let trust = state.trust, let links = state.links else { return nil }
    let (usable, distrusted) = try await trustedHolds(of: loaded, trust)
    let (lock, isSigned, passedOver) =
      try await withLock ? trustedLock(of: usable, trust, links) : (nil, false, [])
    if lock != nil { warn(of: passedOver, trust.constellation) }
    return TrustedRecords(
      lock: lock, isLockSigned: isSigned, passedOver: passedOver, distrusted: distrusted, loaded: usable,
      trust: trust, links: links)
  }

  /// The lock in force: the newest, and where the constellation trusts some signers only, the newest that counts.
  public func lockInForce(_ loaded: LoadedConstellation) async throws
    -> (lock: Lock?, passedOver: [UntrustedLock])
  {
    guard loaded.constellation.trust != nil else {
      return (try store.lock(for: loaded.constellation.name), [])
    }
    let records = try await trustedRecords(of: loaded, state(of: loaded))
    return (records?.lock, records?.passedOver ?? [])
  }

  private func warn(of passedOver: [UntrustedLock], _ constellation: String) {
    let most = 3
    for untrusted in passedOver.prefix(most) where toldLocks.insert(untrusted.lock.id).inserted {
      caller.warn(
        "the lock \(untrusted.lock.id.short) of \(constellation), by \(untrusted.lock.author.name), is newer, and not in "
          + "force: \(untrusted.reason)")
    }
    if passedOver.count > most, toldLocks.insert(passedOver[most].lock.id).inserted {
      caller.warn("so are \(passedOver.count - most) more locks of \(constellation)")
    }
  }

  // MARK: Locks

  private func trustedLock(
    of loaded: LoadedConstellation, _ trust: AppliedTrust, _ links: TrustedLinks
  ) async throws -> (lock: Lock?, isSigned: Bool, passedOver: [UntrustedLock]) {
    var pinned = PinnedCommits(of: loaded.constellation, in: self)
    let required = RequiredPairs(loaded.constellation, try pinned.placements())
    var reasons: [ResolutionID: String?] = [:]
    func reason(_ lock: Lock) throws -> String? {
      if trust.trust.locks == .signed { return trust.reason }
      if let known = reasons[lock.resolution] { return known }
      let reason = try self.reason(against: lock, loaded, required, trust, links)
      reasons[lock.resolution] = .some(reason)
      return reason
    }
    var most = Self.locksAtOnce
    while true {
      // The newest ones, down to the first that is linked and what else is of the same resolution.
      var (locks, linked, isWhole) = ([Lock](), Int?.none, true)
      try store.searchLocks(of: loaded.constellation.name) { lock in
        if let linked, locks[linked].resolution != lock.resolution { return false }
        guard locks.count < most else {
          isWhole = linked != nil
          return false
        }
        locks.append(lock)
        if try linked == nil && reason(lock) == nil { linked = locks.count - 1 }
        return true
      }
      let signers = try await self.signers(
        of: locks.filter(\.claimsSignature).map { EventID($0.id.objectID) }, trust)
      func isSigned(_ index: Int) -> Bool {
        let run = locks[index...].prefix { $0.resolution == locks[index].resolution }
        return Set(run.compactMap { signers[EventID($0.id.objectID)] }).count >= trust.trust.atLeast
      }
      let found = locks.indices.first { $0 == linked || isSigned($0) }
      guard found != nil || isWhole else {
        most *= 2
        continue
      }
      return (
        found.map { locks[$0] }, found.map(isSigned) ?? false,
        try locks.prefix(found ?? locks.count).map {
          UntrustedLock(lock: $0, reason: try reason($0) ?? trust.reason)
        }
      )
    }
  }

  /// Why the links that count do not speak for the lock; nil where they do.
  private func reason(
    against lock: Lock, _ loaded: LoadedConstellation, _ required: RequiredPairs, _ trust: AppliedTrust,
    _ links: TrustedLinks
  ) throws -> String? {
    let machines: [String: [ProjectName: CommitID]]
    do { machines = try placedCommits(lock, loaded) } catch let error as MalformedRecord {
      return "it is damaged: \(error.reason)"
    }
    if required.isLacking(machines) { return "it wants nothing that is linked, and is \(trust.reason)" }
    if let pair = required.unlinked(machines, links.once.isLive).first?.pair {
      return "\(pair) are \(trust.linkReason), and it is \(trust.reason)"
    }
    let untied = required.untied(machines) {
      !links.once.links(naming: $0.project, commit: $0.commit).isEmpty
    }
    return untied.map { "nothing that it wants beside \($0) is linked to that, and it is \(trust.reason)" }
  }

  /// What the lock has of what the constellation has where: links say nothing of the rest.
  func placedCommits(_ lock: Lock, _ loaded: LoadedConstellation) throws -> [String: [ProjectName: CommitID]]
  {
    let locked = try lockedCommits(lock, loaded)
    return Dictionary(
      uniqueKeysWithValues: loaded.constellation.machines.map { machine in
        (machine.name, (locked[machine.name] ?? [:]).filter { machine.projects.contains($0.key) })
      })
  }

  /// Who signed those commits, verified: of each the signer, where the constellation trusts that one.
  private func signers(of commits: [EventID], _ trust: AppliedTrust) async throws -> [EventID: ExactText] {
    guard !commits.isEmpty else { return [:] }
    let signatures = try await signatures(of: commits)
    warnOfUnverifiable(signatures, trust) { _ in true }
    return signatures.signers(trustedBy: trust.trust)
  }

  // MARK: Holds

  /// The constellation without the holds that do not count, and why nothing is said of the machines concerned.
  private func trustedHolds(
    of loaded: LoadedConstellation, _ trust: AppliedTrust
  ) async throws -> (usable: LoadedConstellation, distrusted: [String: Distrust]) {
    let constellation = loaded.constellation
    let histories = try store.holdHistories(
      of: constellation.projects.map(\.name), on: constellation.machines.map(\.name))
    let signed = Set(histories.flatMap(\.changes).filter(\.claimsSignature).map { EventID($0.id) })
    let signers = try await self.signers(of: signed.sorted(), trust)
    var distrusted: [String: [ProjectName: Distrust]] = [:]
    var trusted: [String: [ProjectName: CommitID]] = [:]
    // What both manifests hold is private.
    let hidden = Set(histories.filter { $0.audience == .private && $0.now != .nothing }.map(\.entry))
    for history in histories where history.audience == .private || !hidden.contains(history.entry) {
      if let distrust = history.distrust(trust, signers) {
        distrusted[history.machine, default: [:]][history.project] = distrust
      } else if case .commit(let commit) = history.now {
        trusted[history.machine, default: [:]][history.project] = commit
      }
    }
    // What is in force, and what the records come to, must be one thing.
    for machine in constellation.machines {
      for hold in machine.holds where hold.author != nil && distrusted[machine.name]?[hold.project] == nil {
        if case .commit(let commit) = hold.at, trusted[machine.name]?[hold.project] == commit { continue }
        distrusted[machine.name, default: [:]][hold.project] = trust.distrust(
          of: .commit(nil), of: hold.project, on: machine.name, by: hold.author?.name)
      }
      for (project, commit) in trusted[machine.name] ?? [:]
      where !machine.holds.contains(where: { $0.project == project && $0.at == .commit(commit) }) {
        distrusted[machine.name, default: [:]][project] = trust.distrust(
          of: .damaged, of: project, on: machine.name, by: nil)
      }
    }
    guard !distrusted.isEmpty else { return (loaded, [:]) }
    // What is built in one closure has its holds in common.
    var reasons: [String: Distrust] = [:]
    for unit in joinedMachines(of: constellation.placements()) {
      let distrust = unit.lazy.compactMap { distrusted[$0]?.min { $0.key < $1.key }?.value }.first
      for machine in unit { reasons[machine] = distrust }
    }
    let usable = constellation.withoutHolds { machine, hold in
      hold.author != nil && distrusted[machine]?[hold.project] != nil
    }
    return (loaded.with(usable), reasons)
  }

  /// Whether the release of a hold, which is there no more, is yet to be confirmed for a constellation that trusts some signers
  /// only; and in whose manifest.
  func unconfirmedRelease(
    of project: String, on machine: String, _ loaded: LoadedConstellation
  ) async throws -> (project: ProjectName, audience: Audience)? {
    guard let trust = try await state(of: loaded).trust else { return nil }
    for history in try store.holdHistories(of: loaded.constellation.projects.map(\.name), on: [machine])
    where history.project.text == project && history.now == .nothing {
      let signed = history.changes.filter(\.claimsSignature).map { EventID($0.id) }
      if history.distrust(trust, try await signers(of: signed, trust)) != nil {
        return (history.project, history.audience)
      }
    }
    return nil
  }
}

extension HoldHistory {
  fileprivate var entry: String { "\(project)@\(machine)" }

  /// Why what is recorded now does not count; nil where it does. It is to be what the newest change says that so many of the
  /// signers made, or made again, in a row; before any, that there is no hold.
  fileprivate func distrust(_ trust: AppliedTrust, _ signers: [EventID: ExactText]) -> Distrust? {
    let counting = changes.indices.first { index in
      let run = changes[index...].prefix { $0.hold == changes[index].hold }
      return Set(run.compactMap { signers[EventID($0.id)] }).count >= trust.trust.atLeast
    }
    guard now != counting.map({ changes[$0].hold }) ?? .nothing else { return nil }
    let former: CommitID? =
      if case .commit(let commit)? = counting.map({ changes[$0].hold }) { commit } else { nil }
    let what: AppliedTrust.HoldWords =
      switch now {
      case .nothing: .release(former)
      case .commit(let commit): .commit(commit)
      case .damaged: .damaged
      }
    return trust.distrust(of: what, of: project, on: machine, by: changes.first?.author.name)
  }
}

extension AppliedTrust {
  /// What of a hold does not count.
  fileprivate enum HoldWords {
    case commit(CommitID?)
    case damaged
    case release(CommitID?)
  }

  /// Why no link counts: `linked by nobody whom emerald-city trusts`.
  var linkReason: String {
    trust.atLeast == 1
      ? "linked by nobody whom \(constellation) trusts"
      : "linked by fewer than \(trust.atLeast) whom \(constellation) trusts"
  }

  /// Who is to sign: `signed by 2 of ann@example.org, joe@example.org`.
  var signedByEnough: String {
    let all = listed(trust.signers)
    return trust.signers.count == 1 ? "signed by \(all)" : "signed by \(trust.atLeast) of \(all)"
  }

  fileprivate func distrust(
    of what: HoldWords, of project: ProjectName, on machine: String, by author: String?
  ) -> Distrust {
    let word = Quoted.shellOperand(machine)
    let author = author.map { " by \(FreeText.name($0))" } ?? ""
    let release = "`weave release \(word) \(project)` ends it"
    switch what {
    case .commit(let commit):
      return Distrust(
        reason: "the hold of \(project)\(commit.map { "@\($0.short)" } ?? "")\(author) is \(reason)",
        hint:
          "`weave hold \(word) \(project)@\(commit?.short ?? "REVISION") -m WHY`, \(signedByEnough), counts; \(release)"
      )
    case .damaged:
      return Distrust(
        reason: "the hold of \(project) is damaged",
        hint: "`weave hold \(word) \(project)@REVISION -m WHY`, \(signedByEnough), says it anew; \(release)")
    case .release(let commit):
      return Distrust(
        reason:
          "that \(project)\(commit.map { "@\($0.short)" } ?? "") is held no more,\(author), is \(reason)",
        hint: "`weave release \(word) \(project)`, \(signedByEnough), counts; `weave hold` holds it again")
    }
  }
}
