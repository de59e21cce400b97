/// Finds aliases in keys before the parser does: it hashes every key, and a key that aliases have grown
/// exponentially would keep it busy for ever.
enum AliasKeys {
  /// A file with fewer aliases cannot grow by more than a few thousand times.
  static let fewest = 24

  /// The place of the first key that seems to have an alias in it; nil with too few aliases to matter.
  static func firstRisky(in text: String) -> Position? {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return nil }
    var risky: Position?
    var (aliases, anchors) = (0, 0)
    // A line of very many is looked at so often, and then doubted.
    var looks = 2_000_000
    for (index, line) in text.yamlLines.enumerated()
    where line.utf8.contains(where: { "&*?".utf8.contains($0) }) {
      let scalars = Array(line.unicodeScalars)
      for column in scalars.indices where isIndicator(scalars, column) {
        if scalars[column] == "&" {
          anchors += 1
          continue
        }
        if scalars[column] == "*" { aliases += 1 }
        if risky == nil, scalars[column] == "?" || isInKey(scalars[(column + 1)...], &looks) {
          risky = Position(line: index + 1, column: column + 1)
        }
      }
    }
    return aliases >= fewest && anchors > 1 ? risky : nil
  }

  /// Whether an anchor, an alias or an explicit key (`? …`) seems to begin here.
  private static func isIndicator(_ scalars: [Unicode.Scalar], _ column: Int) -> Bool {
    guard "&*?".unicodeScalars.contains(scalars[column]) else { return false }
    if column > 0, !" \t[{,:?-".unicodeScalars.contains(scalars[column - 1]) { return false }
    let next = column + 1 < scalars.count ? scalars[column + 1] : " "
    return scalars[column] == "?"
      ? isBlank(next) : next.properties.isAlphabetic || "0123456789_-".unicodeScalars.contains(next)
  }

  /// Whether a colon follows the alias, or a bracket that closes after it.
  private static func isInKey(_ rest: ArraySlice<Unicode.Scalar>, _ looks: inout Int) -> Bool {
    var last: Unicode.Scalar? = "*"
    for scalar in rest {
      looks -= 1
      if looks < 0 { return true }
      if isBlank(scalar) { continue }
      if scalar == ":", last == "*" || last == "]" || last == "}" { return true }
      if last != "*" || "[]{},".unicodeScalars.contains(scalar) { last = scalar }
    }
    return false
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }
}
