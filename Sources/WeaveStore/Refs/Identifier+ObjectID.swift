import Git
import WeaveModel

extension Identifier {
  /// The identifier with the bytes of a libgit2 object id.
  public init(_ id: ObjectID) { self.init(words: id.words) }

  /// The same 20 bytes as a libgit2 object id.
  public var objectID: ObjectID { ObjectID(words: words) }
}
