/// What a user asked for and cannot have: why, and what to type instead.
public struct WeaveError: Error, Sendable, CustomStringConvertible {
  /// What kind of "no" this is, for the exit code.
  public enum Kind: Sendable {
    /// Wrong input, or something failed: exit 1.
    case usage
    /// The commits do not fit together: exit 5.
    case incompatible
    /// The resolver gave up: exit 4.
    case undecided
  }

  public let kind: Kind
  public let message: String
  public let hint: String?

  public init(_ message: String, kind: Kind = .usage, hint: String? = nil) {
    (self.message, self.kind, self.hint) = (message, kind, hint)
  }

  public var description: String { message }
}
