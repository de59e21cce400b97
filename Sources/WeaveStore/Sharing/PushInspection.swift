import ForeignText
import Git
import WeaveModel

/// A ref that a push is to move, as Git tells a hook.
public struct RefChange: Sendable {
  public let name: String
  /// Nil for a ref that is new.
  public let old: ObjectID?
  /// Nil for one that is to be deleted.
  public let new: ObjectID?

  public init(name: String, old: ObjectID?, new: ObjectID?) {
    (self.name, self.old, self.new) = (name, old, new)
  }
}

/// Whether a hub may take what is pushed to it: what a pull from there would refuse (``Inspection``), it refuses at once.
///
/// Of each record the commits that are new there are looked at, and no others.
public struct PushInspection {
  private let hub: Hub
  private let rules: HubRules
  private let pusher: Pusher?
  private let takesPrivate: Bool

  /// - Parameter pusher: nil where the server does not know who pushes.
  public init(of hub: Hub, by rules: HubRules, from pusher: Pusher?) throws {
    (self.hub, self.rules, self.pusher) = (hub, rules, pusher)
    takesPrivate = try hub.repository.configFlag("weave.private")
  }

  /// What is new in a push that may be taken.
  public struct Outcome: Sendable {
    /// The first ref that is refused, and why.
    public fileprivate(set) var refused: RefusedEntry?
    /// The events that ledgers get, by the names of the refs; where something is refused, not all.
    public fileprivate(set) var events: [(ledger: String, ids: [ObjectID])] = []
  }

  /// Looks at the changes together. Throws where something cannot be read.
  public func outcome(of changes: [RefChange]) throws -> Outcome {
    var outcome = Outcome()
    func refuse(_ change: RefChange, _ reason: String) -> Outcome {
      outcome.refused = RefusedEntry(name: change.name, reason: reason)
      return outcome
    }
    var records: [(record: RecordRef, tip: ObjectID, change: RefChange)] = []
    for change in changes {
      let ref = PushedRef(change.name, among: hub.kinds)
      if let reason = try refusal(of: ref) ?? refusalOfMove(change, ref) { return refuse(change, reason) }
      guard case .record(let record) = ref, let tip = change.new, tip != change.old else { continue }
      records.append((record, tip, change))
    }
    guard !records.isEmpty else { return outcome }
    let store = try hub.store() ?? pushedStore(records.map { ($0.record, $0.tip) })
    let inspection = Inspection(in: hub.repository, for: store)
    let new = Dictionary(
      records.map { record, tip, change in
        (
          record,
          inspection.newCommits(of: tip, besides: record.isReplaced ? [] : [change.old].compactMap { $0 })
        )
      }, uniquingKeysWith: { first, _ in first })
    let excess = NewCommits.excess(among: new)
    for (record, tip, change) in records {
      guard let commits = new[record] else { continue }
      if let reason = excess[record] ?? inspection.refusal(of: record, at: tip, commits) {
        return refuse(change, "no pull would take it: \(reason)")
      }
      let others = records.filter(\.record.isLedger).map(\.tip)
      if let reason = try refusalOfStore(of: record, at: tip, store, besides: others) {
        return refuse(change, reason)
      }
      if record.isLedger { outcome.events.append((change.name, try events(among: commits))) }
    }
    return outcome
  }

  /// Why nobody, or not this pusher, may push a ref of that name.
  private func refusal(of ref: PushedRef) throws -> String? {
    if hub.isStore, hub.isNamespace {
      return "this is a store, and its projects are fetched, not pushed"
    }
    let audience: Audience
    switch ref {
    case .refused(let reason): return reason
    case .other:
      return hub.isStore ? "it is no record; this is a store, and its projects are fetched, not pushed" : nil
    case .unknownKind(let its):
      audience = its
      if rules.contains(.knownOnly) {
        return "it is of a kind that the weave here does not know, and this repository takes no others: "
          + "a newer weave may know it"
      }
    case .record(let record): audience = record.audience
    }
    if audience == .private, !takesPrivate {
      return "it is private, and this repository is not for that: push it to a private remote, "
        + "or set weave.private here"
    }
    return refusalOfPusher(of: ref)
  }

  private func refusalOfPusher(of ref: PushedRef) -> String? {
    let record: RecordRef? = if case .record(let record) = ref { record } else { nil }
    if let record, record.kind.owner == .machine {
      guard rules.contains(.ownMachines) || pusher?.isMachine == true else { return nil }
      guard let pusher else { return Self.unknownPusher(of: "one machine's own") }
      return pusher.speaks(for: record.component)
        ? nil
        : "it is not for \(pusher.name) to say: weave.\(pusher.name).machine here lists the machines that are"
    }
    if let pusher, pusher.isMachine {
      return "\(pusher.name) is a machine here, and pushes what it said and nothing else"
    }
    guard let record, record.kind.owner == .writer, rules.contains(.ownLedgers) else { return nil }
    guard let pusher else { return Self.unknownPusher(of: "one writer's own") }
    return record.writer.map(pusher.owns) == true
      ? nil
      : "it is not the \(record.kind.name) of \(pusher.name): weave.\(pusher.name).writer here lists others that are"
  }

  private static func unknownPusher(of what: String) -> String {
    "nobody knows who pushes, and it is \(what): the server says it in REMOTE_USER, GL_USER or GL_USERNAME"
  }

  /// Why the ref may not go from where it is to where it is to be, whatever that says.
  private func refusalOfMove(_ change: RefChange, _ ref: PushedRef) throws -> String? {
    let isReplaced: Bool
    switch ref {
    case .refused, .other: return nil
    case .unknownKind: isReplaced = false
    case .record(let record): isReplaced = record.isReplaced
    }
    guard let new = change.new else {
      return isReplaced
        ? nil : "it may not be deleted: whoever keeps this repository can, by `git update-ref -d`"
    }
    guard try hub.repository.kind(of: new) == .commit else { return "it would be no commit" }
    guard !isReplaced, let old = change.old, old != new else { return nil }
    guard try hub.repository.kind(of: old) == .commit, try reaches(old, from: new) else {
      return "it only ever grows: pull, then push again"
    }
    return nil
  }

  private func reaches(_ old: ObjectID, from new: ObjectID) throws -> Bool {
    try hub.repository.commits(from: new, downTo: old, atMost: Inspection.fewCommits) != nil
      || hub.repository.isAncestor(old, of: new)
  }

  /// The store that the push says is the hub's, where nothing there does.
  private func pushedStore(_ records: [(record: RecordRef, tip: ObjectID)]) throws -> StoreID? {
    for audience in Audience.allCases {
      guard let manifest = records.first(where: { $0.record == RecordRef(.manifest, audience) }) else {
        continue
      }
      if let store = try hub.store(ofManifest: manifest.tip) { return store }
    }
    return nil
  }

  /// Why the record is not of the store whose hub this is or is to be; `ledgers` are those that come with it.
  private func refusalOfStore(
    of record: RecordRef, at tip: ObjectID, _ store: StoreID?, besides ledgers: [ObjectID]
  ) throws -> String? {
    guard let store else { return nil }
    if record.isLedger {
      guard let other = try hub.store(ofLedger: tip), other != store else { return nil }
      return "it is of another store, \(other), and this repository is of \(store)"
    }
    guard record.kind == .manifest, try hub.store() == nil else { return nil }
    let others = try hub.storesOfLedgers().union(ledgers.compactMap { try hub.store(ofLedger: $0) })
    guard let other = others.min(by: { $0.description < $1.description }), !others.contains(store) else {
      return nil
    }
    return "it is of the store \(store), and the ledgers here are of another store, \(other)"
  }

  private func events(among commits: NewCommits) throws -> [ObjectID] {
    try commits.ids.filter { try hub.repository.parents(of: $0).count < 2 }
  }
}
