import ForeignText

/// Spans of time as people write them: `90s`, `30m`, `1h`, `2d`.
enum TimeSpan {
  private static let units: [Unicode.Scalar: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]

  /// The seconds that `text` spells, a whole number and a unit. Nil for what is no such span, and for what is not `within` those
  /// seconds.
  static func seconds(_ text: String, within limits: ClosedRange<Int64>) -> Int64? {
    guard let unit = text.unicodeScalars.last.flatMap({ units[$0] }),
      let number = Int64(text.dropLast(bytes: 1))
    else { return nil }
    let (seconds, isTooMuch) = number.multipliedReportingOverflow(by: unit)
    return isTooMuch || !limits.contains(seconds) ? nil : seconds
  }
}
