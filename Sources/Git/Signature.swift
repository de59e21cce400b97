import ForeignText

/// Who, and when: the `author` or `committer` of a commit.
public struct Signature: Hashable, Sendable {
  public var name: String
  public var email: String
  /// Seconds since 1970-01-01T00:00:00Z.
  public var seconds: Int64
  /// Minutes east of UTC.
  public var offsetMinutes: Int

  public init(name: String, email: String, seconds: Int64, offsetMinutes: Int) {
    self.name = name
    self.email = email
    self.seconds = seconds
    self.offsetMinutes = offsetMinutes
  }

  /// What a header says after `author ` or `committer `; nil when it has no `<…>`.
  ///
  /// Read as Git reads it (`split_ident_line` in git's `ident.c`): the e-mail ends at the first `>`, the
  /// date begins after the last. A missing or unreadable date is 0. Bytes that are no UTF-8 are replaced.
  public init?(header: some BidirectionalCollection<UInt8>) {
    guard let open = header.firstIndex(of: UInt8(ascii: "<")),
      let close = header[open...].firstIndex(of: UInt8(ascii: ">")),
      let last = header.lastIndex(of: UInt8(ascii: ">"))
    else { return nil }
    let space = UInt8(ascii: " ")
    var name = header[..<open]
    while name.last == space { name.removeLast() }
    let date = header[header.index(after: last)...].split(separator: space)
    self.init(
      name: String(foreign: name),
      email: String(foreign: header[header.index(after: open)..<close]),
      seconds: date.first.flatMap { Int64(String(foreign: $0)) } ?? 0,
      offsetMinutes: date.dropFirst().first.flatMap { Self.minutes(ofZone: Array($0)) } ?? 0)
  }

  /// The header's value, such as `Joe <joe@example.org> 1700000000 +0130`.
  ///
  /// `<`, `>`, line feeds and NUL are left out of name and e-mail, white space at their ends too; a time
  /// before 1970, which Git cannot hold, becomes 0; the zone stays within ±99:59.
  public var header: String {
    "\(Self.clean(name)) <\(Self.clean(email))> \(max(0, seconds)) \(zone)"
  }

  /// The zone as Git writes it, within ±99:59: `+0130`.
  public var zone: String {
    let minutes = min(abs(offsetMinutes), 99 * 60 + 59)
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return (offsetMinutes < 0 ? "-" : "+") + padded(minutes / 60) + padded(minutes % 60)
  }

  private static func clean(_ text: String) -> String {
    let kept = text.unicodeScalars.filter { !["<", ">", "\n", "\r", "\0"].contains($0) }
    func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
    let trimmed = kept.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
    return String(String.UnicodeScalarView(trimmed))
  }

  private static func minutes(ofZone zone: [UInt8]) -> Int? {
    guard zone.count == 5, zone[0] == UInt8(ascii: "+") || zone[0] == UInt8(ascii: "-"),
      let number = Int(String(foreign: zone[1...])), number >= 0
    else { return nil }
    let minutes = number / 100 * 60 + number % 100
    return zone[0] == UInt8(ascii: "-") ? -minutes : minutes
  }
}
