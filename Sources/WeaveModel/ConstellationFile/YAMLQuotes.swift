import CYaml
import ForeignText

/// Where a text's quoted scalars stand, as libyaml's scanner tells it: for what libyaml reads otherwise than people and other
/// programs. Linear in the text.
struct YAMLQuotes {
  /// In the order of the text, by the numbers of their characters, with the quotes.
  private var quoted: [(characters: Range<Int>, isDouble: Bool)] = []

  /// Deeper no document may be (``YAMLOutline``): each token would be looked at once for each level.
  private static let deepest = 1_000

  /// Up to where the scanner stops: whoever reads the text is told why.
  private init(in text: String) {
    var text = Self.withoutPairs(text)
    var parser = yaml_parser_t()
    yaml_parser_initialize(&parser)
    defer { yaml_parser_delete(&parser) }
    text.withUTF8 { bytes in
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      var depth = 0
      while depth <= Self.deepest {
        var token = yaml_token_t()
        guard yaml_parser_scan(&parser, &token) == 1 else { return }
        defer { yaml_token_delete(&token) }
        switch token.type {
        case YAML_STREAM_END_TOKEN: return
        case YAML_FLOW_SEQUENCE_START_TOKEN, YAML_FLOW_MAPPING_START_TOKEN: depth += 1
        case YAML_FLOW_SEQUENCE_END_TOKEN, YAML_FLOW_MAPPING_END_TOKEN: depth -= 1
        case YAML_SCALAR_TOKEN:
          let style = token.data.scalar.style
          guard [YAML_DOUBLE_QUOTED_SCALAR_STYLE, YAML_SINGLE_QUOTED_SCALAR_STYLE].contains(style) else {
            continue
          }
          quoted.append(
            (
              Int(token.start_mark.index)..<Int(token.end_mark.index),
              style == YAML_DOUBLE_QUOTED_SCALAR_STYLE
            ))
        default: continue
        }
      }
    }
  }

  // MARK: surrogate pairs

  /// The text with `\\U0001f600` for each `\\ud83d\\ude00` in a double-quoted scalar: all lines stay, and what no such
  /// scalar holds. Two escapes of JSON that together spell one character beyond U+FFFF (RFC 8259, section 7) YAML spells by
  /// one of its own (YAML 1.2.2, section 5.7), and libyaml reads only so.
  static func joiningSurrogatePairs(in text: String) -> String {
    guard holdsPairs(text) else { return text }
    let ranges = YAMLQuotes(in: text).quoted.filter(\.isDouble).map(\.characters)
    let scalars = Array(text.unicodeScalars)
    var joined = String.UnicodeScalarView()
    var next = 0
    for range in ranges {
      joined.append(contentsOf: scalars[next..<range.lowerBound])
      next = range.lowerBound
      while next < range.upperBound {
        if let scalar = pair(at: next, in: scalars) {
          let digits = String(scalar, radix: 16)
          joined.append(
            contentsOf: ("\\U" + String(repeating: "0", count: 8 - digits.utf8.count) + digits).unicodeScalars
          )
          next += 12
          continue
        }
        // What is escaped is no escape's beginning.
        let count = scalars[next] == "\\" && next + 1 < range.upperBound ? 2 : 1
        joined.append(contentsOf: scalars[next..<(next + count)])
        next += count
      }
    }
    joined.append(contentsOf: scalars[next...])
    return String(joined)
  }

  /// The text with another character in the place of each half of a pair: of the same length, and of the same kind wherever it
  /// stands, so that the scanner goes on.
  private static func withoutPairs(_ text: String) -> String {
    guard holdsPairs(text) else { return text }
    var scalars = Array(text.unicodeScalars)
    var next = 0
    while next + 12 <= scalars.count {
      guard pair(at: next, in: scalars) != nil else {
        next += 1
        continue
      }
      for start in [next, next + 6] {
        scalars.replaceSubrange((start + 2)..<(start + 6), with: "0041".unicodeScalars)
      }
      next += 12
    }
    var plain = String.UnicodeScalarView()
    plain.append(contentsOf: scalars)
    return String(plain)
  }

  private static func holdsPairs(_ text: String) -> Bool {
    text.firstIndex(ofBytes: "\\ud") != nil || text.firstIndex(ofBytes: "\\uD") != nil
  }

  /// The scalar that the two escapes at `index` spell; nil where there are none.
  private static func pair(at index: Int, in scalars: [Unicode.Scalar]) -> UInt32? {
    guard let high = escape(at: index, in: scalars), let low = escape(at: index + 6, in: scalars),
      (0xd800...0xdbff).contains(high), (0xdc00...0xdfff).contains(low)
    else { return nil }
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
  }

  private static func escape(at index: Int, in scalars: [Unicode.Scalar]) -> UInt32? {
    guard index + 6 <= scalars.count, scalars[index] == "\\", scalars[index + 1] == "u" else { return nil }
    let digits = scalars[(index + 2)..<(index + 6)]
    guard digits.allSatisfy(\.isASCIIHexDigit) else { return nil }
    return UInt32(digits.map { String($0) }.joined(), radix: 16)
  }

  // MARK: ends of lines

  struct OddBreak {
    let position: Position
    let scalar: Unicode.Scalar
  }

  /// The first end of a line outside of quotes that is a carriage return alone, U+0085, U+2028 or U+2029: to libyaml what
  /// follows is a line of its own, also behind a comment, and to most other programs and people it is more of the same.
  static func firstOddBreak(in text: String) -> OddBreak? {
    guard text.utf8.contains(where: { [13, 0xc2, 0xe2].contains($0) }) else { return nil }
    let scalars = Array(text.unicodeScalars)
    var ranges = YAMLQuotes(in: text).quoted.map(\.characters)[...]
    var position = Position(line: 1, column: 1)
    for (index, scalar) in scalars.enumerated() {
      while let range = ranges.first, range.upperBound <= index { ranges.removeFirst() }
      let isBreak = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(scalar)
      guard isBreak else {
        position = Position(line: position.line, column: position.column + 1)
        continue
      }
      let isBeforeLineFeed = scalar == "\r" && index + 1 < scalars.count && scalars[index + 1] == "\n"
      if isBeforeLineFeed { continue }
      if scalar != "\n", ranges.first?.contains(index) != true {
        return OddBreak(position: position, scalar: scalar)
      }
      position = Position(line: position.line + 1, column: 1)
    }
    return nil
  }
}
