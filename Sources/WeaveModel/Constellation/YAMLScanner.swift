import ForeignText

/// Tells where a double-quoted scalar begins, and where a plain or a block scalar ends, as libyaml's scanner tells it
/// (`yaml_parser_fetch_next_token` in its `scanner.c`): for what libyaml reads otherwise than people and other programs.
struct YAMLScanner {
  private let bytes: [UInt8]
  private var result: [UInt8] = []
  private var next = 0
  /// How many characters of the line come before the next one.
  private var column = 0
  private var flowDepth = 0
  /// The columns of the block collections that are open.
  private var indents: [Int] = []
  /// The column of what is a key if a colon follows.
  private var key: Int?
  private var mayBeKey = true
  private var line = 1
  private var isQuoted = false
  /// Where the first line break stands outside of quotes that is neither a line feed nor one with a carriage return before it.
  private var oddBreak: OddBreak?

  /// The text with `\\U0001f600` for each `\\ud83d\\ude00` in a double-quoted scalar: all lines stay, and what no such
  /// scalar holds. Two escapes of JSON that together spell one character beyond U+FFFF (RFC 8259, section 7) YAML spells by
  /// one of its own (YAML 1.2.2, section 5.7), and libyaml reads only so.
  static func joiningSurrogatePairs(in text: String) -> String {
    guard text.firstIndex(ofBytes: "\\ud") != nil || text.firstIndex(ofBytes: "\\uD") != nil else {
      return text
    }
    var scanner = YAMLScanner(bytes: Array(text.utf8))
    while scanner.next < scanner.bytes.count { scanner.copyToken() }
    return String(decoding: scanner.result, as: UTF8.self)
  }

  struct OddBreak {
    let position: Position
    let scalar: Unicode.Scalar
  }

  /// The first end of a line outside of quotes that is a carriage return alone, U+0085, U+2028 or U+2029: to libyaml what
  /// follows is a line of its own, also behind a comment, and to most other programs and people it is more of the same.
  static func firstOddBreak(in text: String) -> OddBreak? {
    let bytes = Array(text.utf8)
    guard bytes.contains(where: { [13, 0xc2, 0xe2].contains($0) }) else { return nil }
    var scanner = YAMLScanner(bytes: bytes)
    while scanner.next < bytes.count, scanner.oddBreak == nil { scanner.copyToken() }
    return scanner.oddBreak
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
    result.reserveCapacity(bytes.count)
  }

  // MARK: tokens

  private mutating func copyToken() {
    let byte = bytes[next]
    if isEnd(next) { return copy() }
    if next == 0, bytes.starts(with: [0xef, 0xbb, 0xbf]) { return (0..<3).forEach { _ in copy() } }
    if byte == UInt8(ascii: "#") { return copyLine() }
    closeIndents(deeperThan: column)
    if column == 0, byte == UInt8(ascii: "%") { return copyLine() }
    if isDocumentMark {
      closeIndents(deeperThan: -1)
      return copyIndicator(3)
    }
    let isBeforeBlank = isEnd(next + 1)
    switch byte {
    case UInt8(ascii: "["), UInt8(ascii: "{"):
      noteKey()
      flowDepth += 1
      copyIndicator()
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      flowDepth = max(flowDepth - 1, 0)
      copyIndicator(allowsKey: false)
    case UInt8(ascii: ","): copyIndicator()
    case UInt8(ascii: "-") where isBeforeBlank, UInt8(ascii: "?") where flowDepth > 0 || isBeforeBlank:
      openIndent(at: column)
      copyIndicator()
    case UInt8(ascii: ":") where flowDepth > 0 || isBeforeBlank:
      openIndent(at: key ?? column)
      copyIndicator(allowsKey: flowDepth == 0 && key == nil)
    case UInt8(ascii: "*"), UInt8(ascii: "&"), UInt8(ascii: "!"):
      noteKey()
      copyProperty()
    case UInt8(ascii: "|") where flowDepth == 0, UInt8(ascii: ">") where flowDepth == 0: copyBlock()
    case UInt8(ascii: "'"):
      noteKey()
      copySingleQuoted()
    case UInt8(ascii: "\""):
      noteKey()
      copyDoubleQuoted()
    default:
      noteKey()
      copyPlain()
    }
  }

  private mutating func copyIndicator(_ length: Int = 1, allowsKey: Bool = true) {
    for _ in 0..<length { copy() }
    if flowDepth == 0 { key = nil }
    mayBeKey = allowsKey
  }

  private mutating func noteKey() {
    if mayBeKey, flowDepth == 0 { key = column }
    mayBeKey = false
  }

  private mutating func openIndent(at column: Int) {
    if flowDepth == 0, indents.last ?? -1 < column { indents.append(column) }
  }

  private mutating func closeIndents(deeperThan column: Int) {
    while flowDepth == 0, let last = indents.last, last > column { indents.removeLast() }
  }

  // MARK: scalars

  /// An anchor, an alias or a tag.
  private mutating func copyProperty() {
    copy()
    while !isEnd(next), flowDepth == 0 || !",[]{}".utf8.contains(bytes[next]) { copy() }
  }

  private mutating func copySingleQuoted() {
    isQuoted = true
    defer { isQuoted = false }
    copy()
    while next < bytes.count {
      let isQuote = bytes[next] == UInt8(ascii: "'")
      copy()
      guard isQuote else { continue }
      guard next < bytes.count, bytes[next] == UInt8(ascii: "'") else { break }
      copy()
    }
    mayBeKey = false
  }

  private mutating func copyDoubleQuoted() {
    isQuoted = true
    defer { isQuoted = false }
    copy()
    while next < bytes.count, bytes[next] != UInt8(ascii: "\"") {
      if let scalar = pair(at: next) {
        let digits = String(scalar, radix: 16)
        result += Array(("\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits).utf8)
        next += 12
        column += 12
        continue
      }
      if bytes[next] == UInt8(ascii: "\\"), next + 1 < bytes.count { copy() }
      copy()
    }
    if next < bytes.count { copy() }
    mayBeKey = false
  }

  private mutating func copyPlain() {
    let least = (indents.last ?? -1) + 1
    repeat {
      if isDocumentMark || bytes[next] == UInt8(ascii: "#") { return }
      while !isEnd(next), !endsPlain {
        copy()
        mayBeKey = false
      }
      guard next < bytes.count, isEnd(next) else { return }
      while next < bytes.count, isBlank(next) || breakLength(at: next) > 0 { copy() }
    } while next < bytes.count && (flowDepth > 0 || column >= least) && bytes[next] != 0
  }

  private var endsPlain: Bool {
    if bytes[next] == UInt8(ascii: ":"), isEnd(next + 1) { return true }
    return flowDepth > 0 && ",[]{}".utf8.contains(bytes[next])
  }

  private mutating func copyBlock() {
    copy()
    var indent = 0
    while next < bytes.count, "+-123456789".utf8.contains(bytes[next]) {
      if bytes[next] > UInt8(ascii: "0") {
        indent = (indents.last ?? 0) + Int(bytes[next] - UInt8(ascii: "0"))
      }
      copy()
    }
    copyLine()
    if next < bytes.count { copy() }
    copyIndent(&indent)
    while next < bytes.count, column == indent {
      copyLine()
      if next < bytes.count { copy() }
      copyIndent(&indent)
    }
    (key, mayBeKey) = (nil, true)
  }

  /// The empty lines before a line of a block scalar, and its indentation, which the first such line sets.
  private mutating func copyIndent(_ indent: inout Int) {
    var most = 0
    while true {
      while next < bytes.count, bytes[next] == UInt8(ascii: " "), indent == 0 || column < indent { copy() }
      most = max(most, column)
      guard breakLength(at: next) > 0 else { break }
      copy()
    }
    if indent == 0 { indent = max(most, (indents.last ?? -1) + 1, 1) }
  }

  // MARK: bytes

  /// Copies a byte, or a line break.
  private mutating func copy() {
    let length = breakLength(at: next)
    guard length == 0 else {
      let isOdd = bytes[next] != 10 && !bytes[next...].starts(with: "\r\n".utf8)
      if isOdd, !isQuoted, oddBreak == nil {
        let text = String(decoding: bytes[next..<(next + length)], as: UTF8.self)
        oddBreak = text.unicodeScalars.first.map {
          OddBreak(position: Position(line: line, column: column + 1), scalar: $0)
        }
      }
      result += bytes[next..<(next + length)]
      next += length
      line += 1
      column = 0
      key = nil
      if flowDepth == 0 { mayBeKey = true }
      return
    }
    if bytes[next] & 0xc0 != 0x80 { column += 1 }
    result.append(bytes[next])
    next += 1
  }

  private mutating func copyLine() {
    while next < bytes.count, breakLength(at: next) == 0 { copy() }
  }

  private func isBlank(_ index: Int) -> Bool {
    bytes[index] == UInt8(ascii: " ") || bytes[index] == UInt8(ascii: "\t")
  }

  /// The end of the text, a blank or a line break.
  private func isEnd(_ index: Int) -> Bool {
    index >= bytes.count || bytes[index] == 0 || isBlank(index) || breakLength(at: index) > 0
  }

  /// How many bytes the line break there has; 0 where there is none. To libyaml these are line feed, carriage return,
  /// both, U+0085, U+2028 and U+2029.
  private func breakLength(at index: Int) -> Int {
    guard index < bytes.count else { return 0 }
    switch bytes[index] {
    case 10: return 1
    case 13: return index + 1 < bytes.count && bytes[index + 1] == 10 ? 2 : 1
    case 0xc2: return index + 1 < bytes.count && bytes[index + 1] == 0x85 ? 2 : 0
    case 0xe2:
      return index + 2 < bytes.count && bytes[index + 1] == 0x80 && [0xa8, 0xa9].contains(bytes[index + 2])
        ? 3 : 0
    default: return 0
    }
  }

  private var isDocumentMark: Bool {
    column == 0 && (bytes[next...].starts(with: "---".utf8) || bytes[next...].starts(with: "...".utf8))
      && isEnd(next + 3)
  }

  /// The scalar that the two escapes at `index` spell; nil where there are none.
  private func pair(at index: Int) -> UInt32? {
    guard let high = escape(at: index), let low = escape(at: index + 6), (0xd800...0xdbff).contains(high),
      (0xdc00...0xdfff).contains(low)
    else { return nil }
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
  }

  private func escape(at index: Int) -> UInt32? {
    guard index + 6 <= bytes.count, bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "u"),
      bytes[(index + 2)..<(index + 6)].allSatisfy({ Unicode.Scalar($0).isASCIIHexDigit })
    else { return nil }
    return UInt32(String(decoding: bytes[(index + 2)..<(index + 6)], as: UTF8.self), radix: 16)
  }
}
