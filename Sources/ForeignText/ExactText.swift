/// A text that is equal to another only where they have the same bytes: the key for names that somebody else chose.
///
/// To `String` two spellings of one character, composed and decomposed, are one key, and to Git, west or a file system two.
public struct ExactText: Hashable, Comparable, Sendable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  public let text: String

  public init(_ text: some StringProtocol) { self.text = String(text) }

  public init(stringLiteral text: String) { self.text = text }

  public var description: String { text }

  public static func == (one: ExactText, other: ExactText) -> Bool {
    one.text.utf8.elementsEqual(other.text.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }

  public static func < (one: ExactText, other: ExactText) -> Bool {
    one.text.utf8.lexicographicallyPrecedes(other.text.utf8)
  }
}

extension StringProtocol {
  /// Whether both have the same bytes; to `==` two spellings of one character are one.
  public func isExactly(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}
