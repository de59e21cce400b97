import ForeignText

/// Spans of time as people write them: `90s`, `30m`, `1h`, `2d`.
enum TimeSpan {
  enum Unit: Int64 {
    case second = 1
    case minute = 60
    case hour = 3_600
    case day = 86_400

    fileprivate var letter: Unicode.Scalar {
      switch self {
      case .second: "s"
      case .minute: "m"
      case .hour: "h"
      case .day: "d"
      }
    }
  }

  /// The seconds that `text` spells: a whole number and the letter of one of `units`. Nil for what is no such span, and for what is
  /// not `within` those seconds.
  static func seconds(_ text: String, in units: [Unit], within limits: ClosedRange<Int64>) -> Int64? {
    guard let unit = units.first(where: { $0.letter == text.unicodeScalars.last }),
      let number = Int64(text.dropLast(bytes: 1))
    else { return nil }
    let (seconds, isTooMuch) = number.multipliedReportingOverflow(by: unit.rawValue)
    return isTooMuch || !limits.contains(seconds) ? nil : seconds
  }
}
