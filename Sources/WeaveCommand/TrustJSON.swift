import WeaveKit

/// Whose word counted, and how much was left out for that (Docs/reference/json.md).
struct TrustJSON: Encodable {
  let signers: [String]
  let atLeast, leftOutLinks, leftOutReinstatements: Int

  init(_ applied: AppliedTrust) {
    (signers, atLeast) = (applied.trust.signers, applied.trust.atLeast)
    (leftOutLinks, leftOutReinstatements) = (applied.leftOutLinks.count, applied.leftOutReinstatements.count)
  }
}

extension Printer {
  /// Says on standard error whose word counted, where not everybody's did.
  static func note(_ trust: AppliedTrust?) {
    if let trust { note("note: \(trust.sentence)") }
  }
}
