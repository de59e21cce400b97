// A run of combining marks costs Swift's String the square of its length at each comparison and each hash, as Unicode wants
// canonically equivalent texts to be equal. The Stream-Safe Text Format bounds it (UAX #15, section 13).

/// The longest run of combining marks that the Stream-Safe Text Format allows.
private let mostMarks = 30

extension String {
  /// The text that the bytes, which somebody else wrote, spell in UTF-8: what is not well formed is U+FFFD, and so is what
  /// is longer than 30 combining marks in a row, so that whoever compares or hashes it looks at each a constant number of
  /// times.
  public init(foreign bytes: some Collection<UInt8>) {
    self = String(decoding: bytes, as: UTF8.self)
    guard mayHaveMarks else { return }
    var run = 0
    var limited: String.UnicodeScalarView?
    for index in unicodeScalars.indices {
      let scalar = unicodeScalars[index]
      run = scalar.isCombining ? run + 1 : 0
      if run > mostMarks, limited == nil { limited = .init(unicodeScalars[..<index]) }
      limited?.append(run > mostMarks ? "\u{fffd}" : scalar)
    }
    if let limited { self = String(limited) }
  }

  /// Why a reader of JSON or YAML may not be given the text: it has a longer run of combining marks than the Stream-Safe Text
  /// Format allows, some of which may be escaped. Nil where it has none.
  public var reasonAgainstMarks: String? {
    isStreamSafe ? nil : "it has more than \(mostMarks) combining marks in a row"
  }

  private var isStreamSafe: Bool {
    var run = 0
    var scalars = unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      var combines = scalar.isCombining
      if scalar == "\\" {
        if Self.dropEscapedBreak(&scalars) { continue }
        if let escaped = Self.unescape(&scalars) { combines = escaped.isCombining }
      }
      run = combines ? run + 1 : 0
      if run > mostMarks { return false }
    }
    return true
  }

  /// Those of YAML 1.1, by which libyaml reads.
  private static let lineBreaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]

  /// Whether a line break follows that YAML takes for nothing after a backslash, with the blanks that begin the next line; takes
  /// them.
  private static func dropEscapedBreak(_ scalars: inout Substring.UnicodeScalarView) -> Bool {
    guard let first = scalars.first, lineBreaks.contains(first) else { return false }
    while let blank = scalars.first, lineBreaks.contains(blank) || [" ", "\t"].contains(blank) {
      scalars.removeFirst()
    }
    return true
  }

  /// What the escape, whose backslash is taken, stands for; takes it. Nil where it is none of a number.
  private static func unescape(_ scalars: inout Substring.UnicodeScalarView) -> Unicode.Scalar? {
    let widths: [Unicode.Scalar: Int] = ["x": 2, "u": 4, "U": 8]
    guard let letter = scalars.first, let width = widths[letter],
      let value = number(in: scalars.dropFirst().prefix(width), width)
    else { return nil }
    scalars = scalars.dropFirst(1 + width)
    // The second half of a pair (RFC 8259, section 7).
    let next = scalars.prefix(6)
    guard (0xd800...0xdbff).contains(value), next.starts(with: "\\u".unicodeScalars),
      let second = number(in: next.dropFirst(2), 4), (0xdc00...0xdfff).contains(second)
    else { return Unicode.Scalar(value) }
    scalars = scalars.dropFirst(6)
    return Unicode.Scalar(0x10000 + (value - 0xd800) << 10 + (second - 0xdc00))
  }

  private static func number(in digits: Substring.UnicodeScalarView, _ width: Int) -> UInt32? {
    digits.count == width ? UInt32(String(digits), radix: 16) : nil
  }

  /// No scalar below U+0300 combines.
  private var mayHaveMarks: Bool { utf8.contains { $0 >= 0xcc } }
}

extension Unicode.Scalar {
  fileprivate var isCombining: Bool {
    value >= 0x300 && properties.canonicalCombiningClass != .notReordered
  }
}
