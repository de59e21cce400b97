import ForeignText

/// What is told of files of others, a line each: up to a number of lines and of bytes, as anybody can have a file say the same
/// endlessly. Of more it is counted how many there were.
public struct ToldLines: Sendable {
  private static let most = 1_000
  private static let mostBytes = 256 << 10

  private var lines: [String] = []
  private var bytes = 0
  /// Those of the lines that are told once.
  private var keys: Set<ExactText> = []
  /// How many there were beyond those.
  private(set) var untold = 0

  /// Whether nothing was to be told.
  public var isEmpty: Bool { lines.isEmpty && untold == 0 }

  /// How many there were, told or not.
  public var count: Int { lines.count + untold }

  /// The first `most` that are told, in the order in which they came.
  public func prefix(_ most: Int) -> ArraySlice<String> { lines.prefix(most) }

  /// All that are told, and a line on how many more there were.
  public var all: [String] { lines + (untold == 0 ? [] : ["and \(untold) more"]) }

  private var hasRoom: Bool { lines.count < Self.most && bytes < Self.mostBytes }

  /// Adds a line, which is not even put together where it would not be told.
  mutating func append(_ line: @autoclosure () -> String) {
    guard hasRoom else { return untold += 1 }
    let line = line()
    lines.append(line)
    bytes += line.utf8.count
  }

  /// Adds a line unless one with that key is told already, and says whether it is told now. Of what is not told nothing is kept, and
  /// it is counted each time.
  @discardableResult
  mutating func append(_ line: @autoclosure () -> String, once key: String) -> Bool {
    let key = ExactText(key)
    guard !keys.contains(key) else { return false }
    let isTold = hasRoom
    if isTold { keys.insert(key) }
    append(line())
    return isTold
  }

  /// Adds so many that are not told.
  mutating func count(_ more: Int) { untold += more }

  static func += (told: inout ToldLines, other: ToldLines) {
    for line in other.lines { told.append(line) }
    told.untold += other.untold
  }
}
