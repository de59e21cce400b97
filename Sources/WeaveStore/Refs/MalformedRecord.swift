/// A record that can be read and is none: it was written so, by hand or by an older weave, and says nothing.
public struct MalformedRecord: Error, Sendable, CustomStringConvertible {
  /// What it is, in words.
  public let record: String
  public let reason: String
  /// What to type to go on without it.
  public var wayOut: String?

  public var description: String { "\(record) is damaged: \(reason)" }

  public var hint: String { wayOut ?? "`weave fsck` names all that is damaged" }
}

/// Whether the error tells of a record that no second look makes readable, so that a new one may go past it.
public func isUnusable(_ error: any Error) -> Bool { isLost(error) || error is MalformedRecord }
