import ForeignText

/// A commit or ref of a ledger that counts for nothing, and why.
public struct RefusedEntry: Sendable, Hashable, CustomStringConvertible {
  public let name: String
  public let reason: String

  /// A reason that quotes a great deal of what was refused is cut short.
  public init(name: String, reason: String) {
    let isLong = reason.utf8.count > Self.mostReasonBytes
    (self.name, self.reason) = (name, isLong ? reason.prefix(bytes: Self.mostReasonBytes) + "…" : reason)
  }

  private static let mostReasonBytes = 1_000

  public var description: String { "\(name): \(reason)" }
}
