import ForeignText

/// Who recorded an event, and when by their own clock: shown to people, and no part of any state.
public struct Author: Hashable, Sendable {
  /// At most ``FreeText/mostLineBytes`` bytes of the name and of the address, the last character `…` where there are more.
  public let name: String
  public let email: String
  /// Seconds since 1970, in UTC.
  public let seconds: Int64
  /// Minutes that the author's zone is ahead of UTC.
  public let offsetMinutes: Int

  /// An author as a commit's header has it.
  public init(name: String, email: String, seconds: Int64, offsetMinutes: Int) {
    (self.name, self.email) = (FreeText.name(name), FreeText.name(email))
    (self.seconds, self.offsetMinutes) = (seconds, offsetMinutes)
  }
}

/// A link, a revocation or a withdrawal that is recorded: it never changes, and its id is its content's hash.
public struct Event: Hashable, Sendable {
  public let id: EventID
  public let message: EventMessage
  public let author: Author

  /// The event that the commit `id` records.
  public init(id: EventID, message: EventMessage, author: Author) {
    (self.id, self.message, self.author) = (id, message, author)
  }

  /// What it asserts.
  public var claim: Claim { message.claim }
  /// Whether a newer weave wrote it, and said what this one does not know.
  public var isNewer: Bool { message.newer != nil }
  /// The ledger it was written for.
  public var ledger: LedgerID { message.ledger }
  /// The writer's free text, without the secrets of URLs that another writer may have left in it; may be empty. Of a long one
  /// the beginning (``FreeText/shown(_:)``).
  public var text: String { FreeText.shown(message.text) }
  /// What the writer says bears it out, without the secrets of URLs; of what is long the beginning.
  public var evidence: [String] { message.evidence.map(FreeText.shown) }
  /// Whether its words or its evidence have a URL with a secret, which everybody who has the event can read. Looks at no more
  /// of them than is shown.
  public var recordsSecret: Bool {
    ([message.text] + message.evidence).contains { text in
      let shown = text.prefix(bytes: FreeText.mostBytes)
      return !Redaction.text(shown).utf8.elementsEqual(shown.utf8)
    }
  }
  /// The commits that it speaks of; nil for a withdrawal.
  public var members: CommitSet? { message.claim.members }
  /// The first line of the text, of a long one the beginning (``FreeText/line(_:)``).
  public var reasonLine: String { FreeText.line(message.text) }

  /// Of a revocation who revoked what, and why: `Joe revoked laurelin@d0230f1: kernel regression`. Of one by a newer weave
  /// also what to do about it.
  public var revocationSentence: String {
    let verb = message.newer.map {
      $0.kind.utf8.elementsEqual("revoke".utf8) ? "revoked" : "recorded '\($0.kind)' of"
    }
    let sentence = "\(author.name) \(verb ?? "revoked") \(members?.shown ?? "nothing"): \(reasonLine)"
    return isNewer ? "\(sentence) (by a newer weave; upgrade, or `--ignore-newer \(id.short)`)" : sentence
  }
}
