/// That somebody knows what is wrong with a machine, and expects it for a time.
public struct Acknowledgement: Sendable, Hashable {
  public let machine: String
  /// Why; never empty.
  public let because: String
  /// When it ends, in seconds since 1970.
  public let until: Int64
  public let author: Author

  public init(machine: String, because: String, until: Int64, author: Author) {
    (self.machine, self.because, self.until, self.author) = (machine, because, until, author)
  }
}
