import ForeignText

/// Two escapes of JSON that together spell one character beyond U+FFFF (RFC 8259, section 7), which YAML spells by one of
/// its own (YAML 1.2.2, section 5.7) and libyaml reads only so.
struct SurrogatePairs {
  private let bytes: [UInt8]
  private var result: [UInt8] = []
  private var next = 0

  /// The text with `\\U0001f600` for each `\\ud83d\\ude00` in a double-quoted scalar: all lines stay, and what no such
  /// scalar holds.
  static func joined(in text: String) -> String {
    guard text.firstIndex(ofBytes: "\\ud") != nil || text.firstIndex(ofBytes: "\\uD") != nil else {
      return text
    }
    var pairs = SurrogatePairs(bytes: Array(text.utf8))
    pairs.join()
    return String(decoding: pairs.result, as: UTF8.self)
  }

  private init(bytes: [UInt8]) {
    self.bytes = bytes
    result.reserveCapacity(bytes.count)
  }

  private mutating func join() {
    while next < bytes.count {
      switch bytes[next] {
      case UInt8(ascii: "\"") where beginsToken: copyDoubleQuoted()
      case UInt8(ascii: "'") where beginsToken: copySingleQuoted()
      case UInt8(ascii: "#") where next == 0 || Self.isBlank(bytes[next - 1]): copyLine()
      case UInt8(ascii: "|") where opensBlock, UInt8(ascii: ">") where opensBlock: copyBlock()
      default: copy()
      }
    }
  }

  private mutating func copy() {
    result.append(bytes[next])
    next += 1
  }

  private mutating func copyLine() {
    while next < bytes.count, bytes[next] != Self.lineFeed { copy() }
  }

  private mutating func copySingleQuoted() {
    copy()
    while next < bytes.count, bytes[next] != UInt8(ascii: "'") { copy() }
    if next < bytes.count { copy() }
  }

  private mutating func copyDoubleQuoted() {
    copy()
    while next < bytes.count, bytes[next] != UInt8(ascii: "\"") {
      if let scalar = pair(at: next) {
        let digits = String(scalar, radix: 16)
        result += Array(("\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits).utf8)
        next += 12
        continue
      }
      if bytes[next] == UInt8(ascii: "\\"), next + 1 < bytes.count { copy() }
      copy()
    }
    if next < bytes.count { copy() }
  }

  /// A block scalar, whose lines are indented as its first is, or more.
  private mutating func copyBlock() {
    copyLine()
    var indent: Int?
    while next < bytes.count {
      var start = next + 1
      while start < bytes.count, bytes[start] == UInt8(ascii: " ") { start += 1 }
      let isEmpty =
        start >= bytes.count || bytes[start] == Self.lineFeed || bytes[start] == UInt8(ascii: "\r")
      if !isEmpty, start - next - 1 < indent ?? 1 { return }
      if !isEmpty, indent == nil { indent = start - next - 1 }
      copy()
      copyLine()
    }
  }

  private static let lineFeed = UInt8(ascii: "\n")

  private static func isBlank(_ byte: UInt8) -> Bool { [9, 10, 13, 32].contains(byte) }

  /// A quote begins a scalar after a blank or what parts values.
  private var beginsToken: Bool {
    next == 0 || Self.isBlank(bytes[next - 1]) || "[{,:".utf8.contains(bytes[next - 1])
  }

  /// Whether nothing but a header of a block scalar, and a comment, follows on the line.
  private var opensBlock: Bool {
    guard next > 0, Self.isBlank(bytes[next - 1]) else { return false }
    let header = bytes[(next + 1)...].prefix { "+-123456789".utf8.contains($0) }
    var end = header.endIndex
    while end < bytes.count, bytes[end] != Self.lineFeed, Self.isBlank(bytes[end]) { end += 1 }
    return header.count <= 2
      && (end == bytes.count || bytes[end] == Self.lineFeed
        || (bytes[end] == UInt8(ascii: "#") && end > header.endIndex))
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
