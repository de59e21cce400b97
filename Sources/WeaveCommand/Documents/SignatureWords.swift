import WeaveModel

/// What a signature is worth as every JSON document has it (Docs/reference/json.md).
struct SignatureJSON: Encodable {
  let verdict: String
  let principal, key: String?

  init(_ verdict: SignatureVerdict) {
    (self.verdict, principal, key) = (verdict.finding.rawValue, verdict.principal, verdict.key)
  }
}

extension SignatureVerdict {
  /// The verdict in a few words.
  var word: String {
    switch finding {
    case .good: "good"
    case .unsigned: "not signed"
    case .bad: "bad"
    case .unknownKey: "key of nobody known"
    case .expired: "expired"
    case .expiredKey: "key expired"
    case .revokedKey: "key revoked"
    case .missingKey: "key missing"
    case .unverifiable: "not verified"
    }
  }

  /// The verdict in words: by whom, with which key, or why it is not good.
  var sentence: String {
    let key = key.map { " \($0)" } ?? ""
    return switch finding {
    case .good: "good signature of \(principal ?? ""), key\(key)"
    case .unsigned: "not signed"
    case .bad: "bad signature: of something else, or with an ssh key that is revoked"
    case .unknownKey: "nothing says whose the key is that signed:\(key)"
    case .expired: "the signature has expired, key\(key)"
    case .expiredKey: "signed with a key that has expired:\(key)"
    case .revokedKey: "signed with a key that is revoked:\(key)"
    case .missingKey: "signed with a key that is not here"
    case .unverifiable: "signed, and not verified: `weave verify` says more"
    }
  }
}
