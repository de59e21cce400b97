import Git
import WeaveModel

/// A ledger that cannot be read down to its beginning: what it says before that is unknown, revocations among it.
public struct UnreadableLedger: Error, Sendable, CustomStringConvertible {
  public let writer: WriterName
  /// The newest commit that cannot be read.
  public let commit: ObjectID
  /// Why not, as a sentence's part.
  public let reason: String

  public var description: String {
    "cannot read \(commit) in the ledger of \(writer): \(reason); what that ledger says before it is unknown"
  }

  /// What to type instead.
  public var hint: String {
    "`weave fsck` names all that is damaged; where another copy of the store has the object, "
      + "`weave fsck --repair` gets it from there, or `git fetch COPY` of that ledger's ref in the store's Git directory"
  }
}
