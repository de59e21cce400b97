import WeaveKit

/// Whose word counted, and how much was left out for that (Docs/reference/json.md).
struct TrustJSON: Encodable {
  let signers: [String]
  let locks: String
  let atLeast, leftOutLinks, leftOutReinstatements: Int

  init(_ applied: AppliedTrust) {
    (signers, atLeast, locks) = (applied.trust.signers, applied.trust.atLeast, applied.trust.locks.rawValue)
    (leftOutLinks, leftOutReinstatements) = (applied.leftOutLinks.count, applied.leftOutReinstatements.count)
  }
}

/// A lock that is newer than the one in force, and does not count.
struct PassedOverJSON: Encodable {
  let lock, author, reason: String
  let time: Int64

  /// Nil for none, so that it is left out. Of very many the first hundred.
  static func list(_ locks: [UntrustedLock]) -> [PassedOverJSON]? {
    locks.isEmpty
      ? nil
      : locks.prefix(100).map {
        PassedOverJSON(
          lock: $0.lock.id.hex, author: $0.lock.author.name, reason: $0.reason, time: $0.lock.author.seconds)
      }
  }
}

extension Printer {
  /// Says on standard error whose word counted, where not everybody's did.
  func note(_ trust: AppliedTrust?) {
    if let trust { note("note: \(trust.sentence)") }
  }
}
