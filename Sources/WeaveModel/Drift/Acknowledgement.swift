/// That somebody knows what is wrong with a machine, and expects it for a time.
public struct Acknowledgement: Sendable, Hashable {
  public let machine: String
  /// Why, as it is recorded.
  private let reason: String
  /// Why, without the secrets of URLs, and of a long reason the beginning; never empty.
  public var because: String { FreeText.shown(reason) }
  /// The first line of ``because``, of a long one the beginning (``FreeText/line(_:)``).
  public var reasonLine: String { FreeText.line(reason) }
  /// When it ends, in seconds since 1970.
  public let until: Int64
  public let author: Author

  public init(machine: String, because: String, until: Int64, author: Author) {
    (self.machine, reason, self.until, self.author) = (machine, because, until, author)
  }
}
