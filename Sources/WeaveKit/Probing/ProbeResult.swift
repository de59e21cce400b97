/// What came of asking one machine.
public struct ProbeResult: Sendable {
  public enum Verdict: Sendable, Equatable {
    /// It answered, and something else than before.
    case reported(Int)
    case unchanged(Int)
    /// It did not answer, and why.
    case unreachable(String)
    /// Its answer was not taken, or not all of it, and why; or it was not asked.
    case refused(String)
  }

  public let machine: String
  public let verdict: Verdict
}

/// How machines are asked.
public struct ProbeOptions: Sendable {
  /// How long each is given, in seconds; nil for as long as the constellation says, else ``defaultTimeout``.
  public var timeout: Int?
  /// How many are asked at a time.
  public var limit: Int
  /// Whether a machine without `address:` is reached by its name.
  public var usesNames: Bool
  /// Whether a stored constellation's probe is allowed from now on.
  public var isAllowing: Bool

  public static let defaultTimeout = 10

  public init(timeout: Int? = nil, limit: Int = 16, usesNames: Bool = true, isAllowing: Bool = false) {
    (self.timeout, self.limit) = (timeout, limit)
    (self.usesNames, self.isAllowing) = (usesNames, isAllowing)
  }
}

/// How asking goes.
public enum ProbeNews: Sendable {
  case began(String, of: Int)
  case ended(String)
}
