import Git
import WeaveModel

extension Identifier {
  /// The identifier with the bytes of a libgit2 object id.
  public init(_ id: ObjectID) {
    guard let identifier = Self(bytes: id.bytes) else { preconditionFailure("an object id has 20 bytes") }
    self = identifier
  }

  /// The same 20 bytes as a libgit2 object id.
  public var objectID: ObjectID {
    guard let id = ObjectID(bytes: bytes) else { preconditionFailure("an identifier has 20 bytes") }
    return id
  }
}
