// Swift's own `hasPrefix`, `contains`, `split` and `firstIndex(of:)` compare Characters: a quote after a letter that
// Unicode prepends to it, or before a combining mark, is no quote to them. To every program that reads the text it is.

extension StringProtocol {
  /// Whether its bytes begin with those of `prefix`.
  public func begins(with prefix: some StringProtocol) -> Bool { utf8.starts(with: prefix.utf8) }

  /// Whether its bytes end with those of `suffix`.
  public func ends(with suffix: some StringProtocol) -> Bool {
    utf8.count >= suffix.utf8.count
      && utf8[utf8.index(startIndex, offsetBy: utf8.count - suffix.utf8.count)...].elementsEqual(suffix.utf8)
  }

  /// Whether the bytes of `part` stand in it. Takes time proportional to the product of both lengths at worst.
  public func holds(_ part: some StringProtocol) -> Bool { firstIndex(ofBytes: part) != nil }

  /// Whether one of its scalars is among `scalars`.
  public func holds(anyOf scalars: String.UnicodeScalarView) -> Bool {
    unicodeScalars.contains { scalars.contains($0) }
  }

  /// What follows `prefix`; nil where it does not begin with its bytes.
  public func dropping(prefix: some StringProtocol) -> SubSequence? {
    guard begins(with: prefix) else { return nil }
    return self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...]
  }

  /// What stands before `suffix`; nil where it does not end with its bytes.
  public func dropping(suffix: some StringProtocol) -> SubSequence? {
    guard ends(with: suffix) else { return nil }
    return self[..<utf8.index(endIndex, offsetBy: -suffix.utf8.count)]
  }

  /// What follows its first `bytes` bytes, which end with a scalar; nothing where it is shorter.
  public func dropFirst(bytes: Int) -> SubSequence {
    self[(utf8.index(startIndex, offsetBy: bytes, limitedBy: endIndex) ?? endIndex)...]
  }

  /// What stands before its last `bytes` bytes, which begin with a scalar; nothing where it is shorter.
  public func dropLast(bytes: Int) -> SubSequence {
    self[..<(utf8.index(endIndex, offsetBy: -bytes, limitedBy: startIndex) ?? startIndex)]
  }

  /// Its longest beginning of at most `bytes` bytes that ends with a scalar.
  public func prefix(bytes: Int) -> SubSequence {
    guard utf8.count > bytes else { return self[...] }
    // As many bytes of the scalar that reaches over the limit stand before it.
    let over = utf8.prefix(bytes + 1).reversed().prefix { UTF8.isContinuation($0) }.count
    return self[..<utf8.index(startIndex, offsetBy: bytes - over)]
  }

  /// Where `scalar` first stands; nil where it does not.
  public func firstIndex(ofScalar scalar: Unicode.Scalar) -> Index? {
    unicodeScalars.firstIndex(of: scalar)
  }

  /// Where `scalar` last stands; nil where it does not.
  public func lastIndex(ofScalar scalar: Unicode.Scalar) -> Index? {
    unicodeScalars.lastIndex(of: scalar)
  }

  /// Where the bytes of `part` first begin; nil where they do not stand in it.
  public func firstIndex(ofBytes part: some StringProtocol) -> Index? {
    let part = Array(part.utf8)
    guard let first = part.first else { return startIndex }
    var rest = utf8[...]
    while let start = rest.firstIndex(of: first) {
      if rest[start...].starts(with: part) { return start }
      rest = rest[utf8.index(after: start)...]
    }
    return nil
  }

  /// The text before the first `separator` and that after it; nil where there is none.
  public func cut(at separator: Unicode.Scalar) -> (before: SubSequence, after: SubSequence)? {
    guard let index = firstIndex(ofScalar: separator) else { return nil }
    return (self[..<index], self[unicodeScalars.index(after: index)...])
  }

  /// The parts between one `separator` and the next, at most `maxSplits` + 1; empty ones only where `keepsEmpty` says so.
  public func split(
    atScalar separator: Unicode.Scalar, maxSplits: Int = .max, keepsEmpty: Bool = false
  ) -> [SubSequence] {
    unicodeScalars.split(separator: separator, maxSplits: maxSplits, omittingEmptySubsequences: !keepsEmpty)
      .map { self[$0.startIndex..<$0.endIndex] }
  }

  /// The parts between one `separator`, which is not empty, and the next; empty ones too.
  public func split(atBytes separator: String) -> [SubSequence] {
    var parts: [SubSequence] = []
    var rest = self[...]
    while let index = rest.firstIndex(ofBytes: separator) {
      parts.append(rest[..<index])
      rest = rest[index...].dropFirst(bytes: separator.utf8.count)
    }
    return parts + [rest]
  }

  /// The lines, without what ends them: a line feed, with or without a carriage return before it. Of nothing but what a
  /// last line feed ends there is no line after it.
  public var lines: [SubSequence] {
    var lines = split(atScalar: "\n", keepsEmpty: true)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.dropping(suffix: "\r") ?? $0 }
  }

  /// The words between spaces, tabs and ends of lines.
  public var words: [SubSequence] {
    unicodeScalars.split { $0.isASCIISpace }.map { self[$0.startIndex..<$0.endIndex] }
  }

  /// The text without spaces, tabs and ends of lines at its sides.
  public var trimmed: SubSequence {
    let scalars = unicodeScalars
    guard let first = scalars.firstIndex(where: { !$0.isASCIISpace }),
      let last = scalars.lastIndex(where: { !$0.isASCIISpace })
    else { return self[startIndex..<startIndex] }
    return self[first..<scalars.index(after: last)]
  }

  /// The longest beginning whose scalars all are as `isIncluded` wants.
  public func prefix(whileScalar isIncluded: (Unicode.Scalar) -> Bool) -> SubSequence {
    self[..<(unicodeScalars.firstIndex { !isIncluded($0) } ?? endIndex)]
  }

  /// What follows the longest beginning whose scalars all are as `isDropped` wants.
  public func drop(whileScalar isDropped: (Unicode.Scalar) -> Bool) -> SubSequence {
    self[(unicodeScalars.firstIndex { !isDropped($0) } ?? endIndex)...]
  }

  /// The text with what `replacement` gives in the place of each scalar; a scalar that it gives nil for stays.
  public func mapScalars(_ replacement: (Unicode.Scalar) -> String?) -> String {
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      if let replacement = replacement(scalar) {
        text.append(contentsOf: replacement.unicodeScalars)
      } else {
        text.append(scalar)
      }
    }
    return String(text)
  }

  /// The text with ASCII's capitals as small letters, all else as it is.
  public var lowercasedASCII: String {
    String(decoding: utf8.map { (0x41...0x5a).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}

extension Unicode.Scalar {
  /// A space, a tab, or what ends a line: U+0009 to U+000D, U+0020.
  public var isASCIISpace: Bool { value == 32 || (9...13).contains(value) }
  public var isASCIIDigit: Bool { (48...57).contains(value) }
  public var isASCIIHexDigit: Bool { isASCIIDigit || (isASCII && (97...102).contains(value | 0x20)) }
  public var isASCIILetter: Bool { isASCII && (97...122).contains(value | 0x20) }
  public var isASCIIAlphanumeric: Bool { isASCIILetter || isASCIIDigit }
  /// One of ``!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~``.
  public var isASCIIPunctuation: Bool { (33...126).contains(value) && !isASCIIAlphanumeric }

  /// Whether a terminal obeys it, or shows nothing for it, or takes it for the end of a line: control and format
  /// characters, line and paragraph separators, and what Unicode keeps for no character.
  public var isUnseen: Bool {
    if isASCII { return value < 32 || value == 127 }
    return switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    // U+FFFE, U+FFFF and their like (The Unicode Standard, 23.7).
    default: value & 0xfffe == 0xfffe || (0xfdd0...0xfdef).contains(value)
    }
  }
}
