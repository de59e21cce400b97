/// A reference as it stands in the repository.
public struct Reference: Hashable, Sendable {
  /// What a reference points at.
  public enum Target: Hashable, Sendable {
    /// An object: a commit, or an annotated tag, or anything else.
    case direct(ObjectID)
    /// Another reference, which may not exist yet.
    case symbolic(String)
  }

  /// The full name: `HEAD`, `refs/heads/main`.
  public let name: String
  public let target: Target

  public init(name: String, target: Target) { (self.name, self.target) = (name, target) }
}
