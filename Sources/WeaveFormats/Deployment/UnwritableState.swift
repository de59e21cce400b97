/// Why a format cannot say what the machines should run, and what to do about it.
public struct UnwritableState: Error, Sendable, Equatable, CustomStringConvertible {
  public let message: String
  public let hint: String?

  public init(_ message: String, hint: String? = nil) { (self.message, self.hint) = (message, hint) }

  public var description: String { message }
}
