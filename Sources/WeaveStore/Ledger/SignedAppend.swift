import Git
import WeaveModel

/// An event on its way into a ledger, to be signed: what its commit must be.
public struct EventDraft: Sendable {
  /// The tip that the ledger had; nil for a first event.
  public let tip: ObjectID?
  public let author: Signature
  /// The bytes of the commit's message.
  public let message: [UInt8]
  let event: EventMessage
  let reference: String
}

extension Store {
  /// What is to be signed so that the event can be appended, having kept the commits that it names.
  ///
  /// Somebody may have to type a passphrase until it is signed, so the store is not locked meanwhile.
  public func draft(_ message: EventMessage, author: Signature) throws -> EventDraft {
    let bytes = try message.encoded()
    return try locked {
      let reference = RefName.ledger(message.ledger.writer, try audience(of: message.claim))
      try keepLocked(message.claim.members?.members ?? [], author: author)
      _ = try repository.writeTree([])
      return EventDraft(
        tip: try repository.resolve(reference), author: author, message: bytes,
        event: message, reference: reference)
    }
  }

  /// Appends the signed commit that was made of the draft.
  ///
  /// - Returns: the event's id; nil, with nothing recorded, where the ledger has moved since, or the event is no longer
  ///   for the same audience. Throws ``StoreError``
  ///   where the commit is not what the draft says.
  public func append(signed commit: ObjectID, as draft: EventDraft) throws -> EventID? {
    try requireFidelity(of: repository.commit(commit), to: draft)
    let tip: ObjectID? = try locked {
      let event = draft.event
      let reference = RefName.ledger(event.ledger.writer, try audience(of: event.claim))
      guard reference == draft.reference else { return nil }
      return try advanceLocked(reference, log: "weave: event") { $0 == draft.tip ? commit : nil }
    }
    return tip == commit ? EventID(commit) : nil
  }

  private func requireFidelity(of commit: Commit, to draft: EventDraft) throws {
    let isFaithful =
      commit.tree == .emptyTree && commit.parents == (draft.tip.map { [$0] } ?? [])
      && commit.message == draft.message && !commit.hasEncodingHeader
      && commit.author == draft.author && commit.committer == draft.author
    guard isFaithful else {
      throw StoreError(
        "cannot record the event: `git commit-tree` wrote another commit than it was asked for")
    }
    guard commit.signatureFormat != nil else {
      throw StoreError("cannot record the event: `git commit-tree -S` did not sign it")
    }
  }
}
