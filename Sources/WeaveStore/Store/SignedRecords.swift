import Git
import WeaveModel

/// The commit of a lock, a set or a manifest, before it is signed.
public struct RecordDraft: Hashable, Sendable {
  public let tree: ObjectID
  /// Nil for the first of its chain.
  public let parent: ObjectID?
  /// The committer too.
  public let author: Signature
  /// The bytes of the commit's message.
  public let message: [UInt8]
}

/// A commit that must be signed before its ref may move.
private struct UnsignedRecord: Error { let draft: RecordDraft }

extension Store {
  /// How often a commit is signed anew because its ref has moved meanwhile.
  private static let mostSignings = 32

  /// Whether what is recorded now is to be signed.
  var signsRecords: Bool { signedRecords != nil }

  /// The commit of a record that `body` of ``signing(by:_:)`` writes, else an unsigned one.
  func writeRecord(tree: ObjectID, parent: ObjectID?, author: Signature, message: [UInt8]) throws -> ObjectID
  {
    guard let signedRecords else {
      return try repository.writeCommit(
        tree: tree, parents: parent.map { [$0] } ?? [], author: author, committer: author, message: message)
    }
    let draft = RecordDraft(tree: tree, parent: parent, author: author, message: message)
    guard let signed = signedRecords[draft] else { throw UnsignedRecord(draft: draft) }
    return signed
  }

  /// Runs `body`, which records something, with each commit of it signed by `sign`. Where one is to be signed, `body` is left
  /// before anything of that commit is recorded, and run again afterwards: somebody may have to type a passphrase, and the store
  /// is not locked meanwhile.
  ///
  /// Throws ``StoreError`` where `sign` gives another commit than it was asked for, or one that is not signed.
  public func signing<Value>(
    by sign: (RecordDraft) async throws -> ObjectID, _ body: () throws -> Value
  ) async throws -> Value {
    var signed: [RecordDraft: ObjectID] = [:]
    for _ in 0..<Self.mostSignings {
      do {
        signedRecords = signed
        defer { signedRecords = nil }
        return try body()
      } catch let unsigned as UnsignedRecord {
        let draft = unsigned.draft
        let id = try await sign(draft)
        try requireFidelity(of: repository.commit(id), to: draft)
        signed[draft] = id
      }
    }
    throw StoreError("cannot record it: the record moved whenever it had been signed", hint: "try again")
  }

  private func requireFidelity(of commit: Commit, to draft: RecordDraft) throws {
    let isFaithful =
      commit.tree == draft.tree && commit.parents == (draft.parent.map { [$0] } ?? [])
      && commit.message == draft.message && !commit.hasEncodingHeader
      && commit.author.header == draft.author.header && commit.committer.header == draft.author.header
    guard isFaithful else {
      throw StoreError("cannot record it: `git commit-tree` wrote another commit than it was asked for")
    }
    guard commit.signatureFormat != nil else {
      throw StoreError("cannot record it: `git commit-tree -S` did not sign it")
    }
  }
}
