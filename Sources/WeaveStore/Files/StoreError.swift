/// Why an operation on a store failed: what was attempted, why not, and what to type instead.
public struct StoreError: Error, Sendable, CustomStringConvertible {
  public let message: String
  public let hint: String?

  public init(_ message: String, hint: String? = nil) {
    (self.message, self.hint) = (message, hint)
  }

  public var description: String { message }
}
