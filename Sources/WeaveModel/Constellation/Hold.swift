import ForeignText

/// A project kept at one commit on one machine for a stated reason, and perhaps only for a time.
public struct Hold: Sendable, Hashable {
  public let project: ProjectName
  /// What it is kept at.
  public let at: Pin
  /// Why, as it is recorded.
  @ByBytes private var reason: String
  /// Why, without the secrets of URLs, and of a long reason the beginning; never empty.
  public var because: String { FreeText.shown(reason) }
  /// The first line of ``because``, of a long one the beginning (``FreeText/line(_:)``).
  public var reasonLine: String { FreeText.line(reason) }
  /// ``because`` as a document with many holds has it (``FreeText/listed(_:)``).
  public var listedReason: String { FreeText.listed(reason) }
  /// The day (`yyyy-mm-dd`) or moment (`yyyy-mm-ddThh:mm:ssZ`) it ends, as written; nil: none is set.
  @ByBytes public private(set) var until: String?
  /// Who holds it, by `weave hold`; nil where the constellation itself says so.
  public let author: Author?

  /// A hold of `project` at a commit or tag.
  public init(
    project: ProjectName, at: Pin, because: String, until: String? = nil, author: Author? = nil
  ) {
    (self.project, self.at, reason) = (project, at, because)
    (self.until, self.author) = (until, author)
  }

  /// Whether its `until` is over at `now`, in seconds since 1970.
  public func isPast(at now: Int64) -> Bool {
    until.flatMap { ISODate.end(of: $0) }.map { $0 <= now } ?? false
  }
}

/// The dates that `until:` takes (a part of ISO 8601), without a calendar library.
public enum ISODate {
  /// The moments of the years 1 to 9999, in seconds since 1970: a year has four digits.
  public static let moments: ClosedRange<Int64> = -62_135_596_800...253_402_300_799

  /// Whether `text` is `yyyy-mm-dd`, or that with `Thh:mm`, perhaps `:ss` and a fraction, perhaps a zone.
  public static func isValid(_ text: String) -> Bool { end(of: text) != nil }

  /// When what `text` names is over, in seconds since 1970: the day's end, or the moment; UTC where it says no zone.
  /// Nil for what is no date.
  public static func end(of text: String) -> Int64? {
    var rest = text[...]
    func take(_ mark: Unicode.Scalar) -> Bool {
      guard let after = rest.dropping(prefix: String(mark)) else { return false }
      rest = after
      return true
    }
    func number(_ count: Int) -> Int? {
      let digits = rest.utf8.prefix(count)
      guard digits.count == count, digits.allSatisfy({ Unicode.Scalar($0).isASCIIDigit }) else { return nil }
      rest = rest.dropFirst(bytes: count)
      return digits.reduce(0) { $0 * 10 + Int($1 & 15) }
    }
    guard let year = number(4), take("-"), let month = number(2), take("-"), let day = number(2), year > 0,
      (1...12).contains(month), (1...days(in: month, of: year)).contains(day)
    else { return nil }
    let start = daysSince1970(year, month, day) * 86_400
    if rest.isEmpty { return Int64(start + 86_400) }
    guard take("T") || take(" "), let hour = number(2), take(":"), let minute = number(2), hour < 24,
      minute < 60
    else { return nil }
    var (second, offset) = (0, 0)
    if take(":") {
      guard let seconds = number(2), seconds < 60 else { return nil }
      second = seconds
      if take(".") {
        let digits = rest.prefix(whileScalar: \.isASCIIDigit)
        guard (1...9).contains(digits.utf8.count) else { return nil }
        rest = rest[digits.endIndex...]
      }
    }
    if !rest.isEmpty, !take("Z") {
      let isWest = take("-")
      guard isWest || take("+"), let hours = number(2), hours < 24 else { return nil }
      _ = take(":")
      guard let minutes = number(2), minutes < 60 else { return nil }
      offset = (hours * 60 + minutes) * (isWest ? -60 : 60)
    }
    guard rest.isEmpty else { return nil }
    return Int64(start + hour * 3_600 + minute * 60 + second - offset)
  }

  /// By the days-from-civil algorithm of Howard Hinnant ("chrono-compatible low-level date algorithms"), for years of
  /// our era.
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month <= 2 ? year - 1 : year
    let (era, yearOfEra) = year.quotientAndRemainder(dividingBy: 400)
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
