/// Whom a record is for: everybody, or those alone who may know of the private projects.
///
/// A record is private when it names a private project or a private event.
public enum Audience: String, CaseIterable, Hashable, Sendable, CustomStringConvertible {
  case `public`
  case `private`

  public var description: String { rawValue }
}
