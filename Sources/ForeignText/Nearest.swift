/// Finds the word that someone probably meant.
public enum Nearest {
  /// The candidate nearest to `text`: the first of those at the least distance, or nil when none is near
  /// enough to be a slip of the fingers. Of very many candidates the first are compared.
  public static func match(_ text: String, among candidates: some Sequence<String>) -> String? {
    let typed = Array(text.lowercased().unicodeScalars.prefix(longest))
    var best: (candidate: String, distance: Int)?
    var compared = 0
    for candidate in candidates {
      let offered = Array(candidate.lowercased().unicodeScalars.prefix(longest))
      let allowed = max(1, max(typed.count, offered.count) / 3)
      guard abs(typed.count - offered.count) <= allowed else { continue }
      compared += typed.count * offered.count
      guard compared <= mostCompared else { break }
      let distance = distance(typed, offered)
      guard distance <= allowed, distance < max(typed.count, offered.count) else { continue }
      if best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// How many insertions, deletions, substitutions and swaps of neighbours make one text of the other
  /// (Damerau–Levenshtein, no part edited twice). Takes time in proportion to the product of the lengths.
  public static func distance(_ one: String, _ other: String) -> Int {
    distance(Array(one.unicodeScalars), Array(other.unicodeScalars))
  }

  private static let longest = 200
  /// How many pairs of scalars are compared before the rest of the candidates are passed over.
  private static let mostCompared = 4_000_000

  private static func distance(_ one: [Unicode.Scalar], _ other: [Unicode.Scalar]) -> Int {
    guard !one.isEmpty, !other.isEmpty else { return max(one.count, other.count) }
    var beforeLast = [Int](repeating: 0, count: other.count + 1)
    var last = Array(0...other.count)
    for row in 1...one.count {
      var current = [row]
      current.reserveCapacity(other.count + 1)
      for column in 1...other.count {
        let same = one[row - 1] == other[column - 1]
        var least = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
        if row > 1, column > 1, one[row - 1] == other[column - 2], one[row - 2] == other[column - 1] {
          least = min(least, beforeLast[column - 2] + 1)
        }
        current.append(least)
      }
      (beforeLast, last) = (last, current)
    }
    return last[other.count]
  }
}
