/// What is known of the signature on an event.
public struct SignatureVerdict: Hashable, Sendable {
  public enum Finding: String, CaseIterable, Sendable {
    /// It is good, and by a principal whose key this one is known to be.
    case good
    case unsigned
    /// It is none of this content, or none at all, or by an ssh key that is revoked.
    case bad
    /// It is good, but nothing says whose key made it.
    case unknownKey = "unknown-key"
    /// It is good and has expired.
    case expired
    /// It was made with a key that has expired.
    case expiredKey = "expired-key"
    /// It was made with a key that is revoked.
    case revokedKey = "revoked-key"
    /// The key that could verify it is not here.
    case missingKey = "missing-key"
    /// It was not verified: its format, or the settings or programs that it takes, are missing here.
    case unverifiable
  }

  public let finding: Finding
  /// Who signed: of a good one only.
  public let principal: String?
  /// The fingerprint of the key, where it is known.
  public let key: String?

  public init(_ finding: Finding, principal: String? = nil, key: String? = nil) {
    (self.finding, self.principal, self.key) = (finding, finding == .good ? principal : nil, key)
  }

  public static let unsigned = SignatureVerdict(.unsigned)
}
