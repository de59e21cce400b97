/// A project kept at one commit on one machine for a stated reason, and perhaps only for a time.
public struct Hold: Sendable, Hashable {
  public let project: ProjectName
  /// What it is kept at.
  public let at: Pin
  /// Why; never empty.
  public let because: String
  /// The day (`yyyy-mm-dd`) or moment (`yyyy-mm-ddThh:mm:ssZ`) it ends, as written; nil: none is set.
  public let until: String?

  /// A hold of `project` at a commit or tag.
  public init(project: ProjectName, at: Pin, because: String, until: String? = nil) {
    (self.project, self.at, self.because, self.until) = (project, at, because, until)
  }
}

/// The dates that `until:` takes (a part of ISO 8601), without a calendar library.
enum ISODate {
  /// Whether `text` is `yyyy-mm-dd`, or that with `Thh:mm`, perhaps `:ss` and a fraction, perhaps a zone.
  static func isValid(_ text: String) -> Bool {
    guard
      let match = text.wholeMatch(
        of:
          #/
            ([0-9]{4})-([0-9]{2})-([0-9]{2})
            (?:[T\x20]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?
          /#
      ), let year = Int(match.1), let month = Int(match.2), let day = Int(match.3)
    else { return false }
    guard year > 0, (1...12).contains(month), (1...days(in: month, of: year)).contains(day) else {
      return false
    }
    func number(_ digits: Substring?) -> Int { digits.flatMap { Int($0) } ?? 0 }
    guard number(match.4) < 24, number(match.5) < 60, number(match.6) < 60 else { return false }
    guard let zone = match.7, zone != "Z" else { return true }
    return number(zone.dropFirst().prefix(2)) < 24 && number(zone.suffix(2)) < 60
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
