import ForeignText

/// Spans of time as people write them: `90s`, `30m`, `1h`, `2d`.
public enum Age {
  /// The seconds that `text` spells; nil for what is no such span, or as long as 3,000 years.
  public static func seconds(_ text: String) -> Int64? {
    let units: [Unicode.Scalar: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    guard let unit = text.unicodeScalars.last.flatMap({ units[$0] }),
      let number = Int64(text.dropLast(bytes: 1)),
      (0..<100_000_000_000 / unit).contains(number)
    else { return nil }
    return number * unit
  }
}
