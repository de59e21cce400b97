import Git

/// A record, or a part of one, that is there and cannot be read: what it says is unknown, and not absent.
///
/// What can be read and is malformed is no such thing: it says nothing, is listed, and is passed over.
public struct UnreadableRecord: Error, Sendable, CustomStringConvertible {
  /// What it is, in words or by its ref's name.
  public let record: String
  public let reason: GitError
  /// What to type to go on without it, where that can be.
  public var wayOut: String?
  /// What to type where nobody has it any more.
  public var lastResort: String?

  public var description: String { "cannot read \(record): \(reason)" }

  /// What to type instead.
  public var hint: String {
    let pass = isLost(reason) ? wayOut.map { "\($0); " } : nil
    return (pass ?? "")
      + "`weave fsck --repair` gets it from where it is whole, and `weave fsck` names all that is damaged"
      + (isLost(reason) ? lastResort.map { "; \($0)" } ?? "" : "")
  }
}

/// Runs `read`, and says of what cannot be read which record it belongs to, and what to type to go on without it.
public func reading<Value>(
  _ record: @autoclosure () -> String, wayOut: @autoclosure () -> String? = nil, _ read: () throws -> Value
) throws -> Value {
  do { return try read() } catch let error as GitError where isUnreadable(error) {
    throw UnreadableRecord(record: record(), reason: error, wayOut: wayOut())
  }
}

/// Whether the error tells of something that is there and cannot be read, so that what it says is unknown: never to be
/// passed over by whoever answers for the whole.
///
/// An object that is malformed, or of another kind than was asked for, can be read: somebody wrote it so. The same goes
/// for text that is no revision.
public func isUnreadable(_ error: any Error) -> Bool {
  if let error = error as? GitError {
    return ![.wrongKind, .malformed, .invalidSpec, .ambiguous, .cannotPeel].contains(error.code)
  }
  return error is UnreadableRecord || error is UnreadableLedger || error is LostTip
}

/// Whether the error tells of something that is lost: gone, or no longer what was written. To look again finds no more,
/// unlike in a file that may not be read, or for which there is no descriptor.
public func isLost(_ error: any Error) -> Bool {
  guard let error = (error as? UnreadableRecord)?.reason ?? error as? GitError else { return false }
  return [.notFound, .corrupt, .hashMismatch].contains(error.code)
}
