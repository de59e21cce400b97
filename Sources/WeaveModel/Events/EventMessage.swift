/// What an event asserts.
public enum Claim: Hashable, Sendable {
  /// Every pair of these commits is compatible.
  case link(CommitSet)
  /// These commits are not fit to run together. `given` is the link they were named by, if they were; it
  /// plays no part in the state.
  case revoke(CommitSet, given: EventID?)
  /// The link or revocation of this id was a mistake.
  case withdraw(EventID)

  /// The commits that a link or a revocation speaks of; nil for a withdrawal.
  public var members: CommitSet? {
    switch self {
    case .link(let set), .revoke(let set, given: _): set
    case .withdraw: nil
    }
  }
}

/// All that a writer says in an event: the message of the commit that records it.
public struct EventMessage: Hashable, Sendable {
  /// The most commits that one event may name.
  public static let mostMembers = 1_000

  public var claim: Claim
  /// The ledger that it was written for, the only one in which it counts.
  public var ledger: LedgerID
  /// Free text: why. May be empty.
  public var text: String
  /// What bears it out: URLs, or any other text of one line.
  public var evidence: [String]
  /// What a newer weave said in it that this one does not know; nil where all is known.
  public internal(set) var newer: NewerWords?

  /// A message as given: whether it can be written is for `encoded()` to say.
  public init(claim: Claim, ledger: LedgerID, text: String = "", evidence: [String] = []) {
    (self.claim, self.ledger, self.text, self.evidence) = (claim, ledger, text, evidence)
  }
}

/// What an event of a newer weave says and this one does not know. It is read on the safe side: its claim is a link or a
/// withdrawal where it calls itself so, and else a revocation of the commits that it names, which may be none.
public struct NewerWords: Hashable, Sendable {
  /// The event's kind, in its own word.
  public let kind: String
  /// The keys that are not known here, in their order, each once.
  public let keys: [String]
}

/// Why a commit is no event, in plain words. Such a commit counts for nothing and stops no command.
public struct MalformedEvent: Error, Hashable, CustomStringConvertible {
  public let reason: String

  /// A commit that is no event because of `reason`.
  public init(reason: String) { self.reason = reason }

  public var description: String { "not an event: \(reason)" }
}

/// Why a message cannot be written as an event, in plain words.
public struct UnwritableEvent: Error, Hashable, CustomStringConvertible {
  public let reason: String

  /// A message that cannot be written because of `reason`.
  public init(reason: String) { self.reason = reason }

  public var description: String { "cannot be recorded: \(reason)" }
}

/// The keys of the trailers that an event's block may hold.
enum TrailerKey: String, CaseIterable {
  case event = "Weave-Event"
  case ledger = "Weave-Ledger"
  case member = "Weave-Member"
  case revokes = "Weave-Revokes"
  case withdraws = "Weave-Withdraws"
  case evidence = "Weave-Evidence"
}

/// The values of `Weave-Event`.
enum EventKind: String {
  case link, revoke, withdraw
}
