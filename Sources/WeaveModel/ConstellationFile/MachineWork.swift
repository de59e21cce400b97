/// How many values the machines of a file come to, each with all that the file says of it: ranges, roles, claims and guests
/// multiply, so that a few kilobytes could keep a reader busy for hours. A long text counts for several
/// (``YAMLElement/count``).
struct MachineWork {
  static let most = 4_000_000
  static let mostNameBytes = 8 << 20

  private let file: String
  private(set) var values = 0
  private var nameBytes = 0

  init(file: String) { self.file = file }

  /// Counts `more` values, which the machine at `position` brings.
  mutating func add(_ more: Int, at position: Position) throws(ConstellationError) {
    values += more
    guard values <= Self.most else {
      throw position.error(
        "the machines, each with all that the file says of it and of its roles, come to more than 4,000,000 values",
        file: file)
    }
  }
  /// Counts the bytes of a machine's name: a range makes a hundred thousand of one, each checked and compared by Unicode's rules.
  mutating func add(name: String, at position: Position) throws(ConstellationError) {
    nameBytes += name.utf8.count
    guard nameBytes <= Self.mostNameBytes else {
      throw position.error("the names of the machines come to more than 8 MiB", file: file)
    }
  }
}
