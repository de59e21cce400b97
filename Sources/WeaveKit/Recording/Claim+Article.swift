import WeaveModel

extension Claim {
  /// "a link", "a revocation" or "a withdrawal".
  public var article: String {
    switch self {
    case .link: "a link"
    case .revoke: "a revocation"
    case .withdraw: "a withdrawal"
    }
  }
}
