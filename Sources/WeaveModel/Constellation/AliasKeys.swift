/// Finds aliases in keys before the parser does: it hashes every key, and a key that aliases have grown
/// exponentially would keep it busy for ever.
enum AliasKeys {
  /// A file that cannot grow by more is read.
  static let mostGrowth = 10_000.0
  /// How many bytes keys may have that are each an alias of a text as long as the file.
  private static let mostHashed = 256 << 20

  /// The place of the first key that seems to have an alias in it; nil with too few aliases and anchors to matter.
  static func firstRisky(in text: String) -> Position? {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return nil }
    var risky: Position?
    var (aliases, anchors) = (0, 0)
    for (index, line) in text.yamlLines.enumerated()
    where line.utf8.contains(where: { "&*?".utf8.contains($0) }) {
      let scalars = Array(line.unicodeScalars)
      let keys = KeyEnds(scalars)
      for column in scalars.indices where isIndicator(scalars, column) {
        if scalars[column] == "&" {
          anchors += 1
          continue
        }
        if scalars[column] == "*" { aliases += 1 }
        if risky == nil, scalars[column] == "?" || keys.end(after: column) {
          risky = Position(line: index + 1, column: column + 1)
        }
      }
    }
    let mayBeLong = aliases.multipliedReportingOverflow(by: text.utf8.count)
    return mayBeLong.overflow || mayBeLong.partialValue > mostHashed
      || (anchors > 1 && mayGrow(aliases: aliases, anchors: anchors)) ? risky : nil
  }

  /// Whether so many can make a value ``mostGrowth`` times as long: each anchor in a chain multiplies the one before by the
  /// aliases that it has, and the product of numbers with a given sum is largest where they are alike, near e.
  static func mayGrow(aliases: Int, anchors: Int) -> Bool {
    let levels = min(anchors, max(1, aliases * 10 / 27))
    var growth = 1.0
    for _ in 0..<levels where growth <= mostGrowth { growth *= Double(aliases) / Double(levels) }
    return growth > mostGrowth
  }

  /// Whether an anchor, an alias or an explicit key (`? …`) seems to begin here.
  private static func isIndicator(_ scalars: [Unicode.Scalar], _ column: Int) -> Bool {
    guard "&*?".unicodeScalars.contains(scalars[column]) else { return false }
    if column > 0, !" \t[{,:?-".unicodeScalars.contains(scalars[column - 1]) { return false }
    let next = column + 1 < scalars.count ? scalars[column + 1] : " "
    return scalars[column] == "?"
      ? isBlank(next) : next.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains(next)
  }

  fileprivate static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
}

/// Where the keys of a line end, found in one pass over it.
private struct KeyEnds {
  /// Of each column the next colon, and the next bracket or comma; the line's length where there is none.
  private var nextColon: [Int], nextMark: [Int]
  /// The last bracket that closes right before a colon.
  private var lastClosing = -1

  init(_ scalars: [Unicode.Scalar]) {
    nextColon = Array(repeating: scalars.count, count: scalars.count + 1)
    nextMark = nextColon
    var last: Int?
    for (column, scalar) in scalars.enumerated() where !AliasKeys.isBlank(scalar) {
      if scalar == ":", let last, scalars[last] == "]" || scalars[last] == "}" { lastClosing = last }
      last = column
    }
    for column in scalars.indices.reversed() {
      nextColon[column] = scalars[column] == ":" ? column : nextColon[column + 1]
      nextMark[column] = "[]{},".unicodeScalars.contains(scalars[column]) ? column : nextMark[column + 1]
    }
  }

  /// Whether a colon follows the alias that begins at `column`, or a bracket that closes after it.
  func end(after column: Int) -> Bool {
    (nextColon[column + 1] < nextMark[column + 1]) || lastClosing > column
  }
}
