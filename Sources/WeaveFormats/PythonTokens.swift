import ForeignText

/// The tokens of a Python file that assigns literals.
enum PythonToken: Equatable {
  case name(String)
  case string(String)
  case number(String)
  /// A bracket, a comma, a colon, an operator.
  case mark(UInt8)
  /// The end of a statement: a line end outside of brackets, or `;`.
  case end
}

/// Splits a Python file into tokens (https://docs.python.org/3/reference/lexical_analysis.html).
struct PythonTokens {
  private let bytes: [UInt8]
  private let file: String
  private var next = 0
  private var line = 1
  private var depth = 0
  private var tokens: [(token: PythonToken, line: Int)] = []

  static func all(of text: String, file: String) throws(FileFormatError) -> [(token: PythonToken, line: Int)]
  {
    var tokens = PythonTokens(bytes: withLineFeeds(text), file: file)
    try tokens.readAll()
    return tokens.tokens
  }

  /// Python takes a carriage return, with a line feed or without, for the end of a line, in strings, too.
  private static func withLineFeeds(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var follows = false
    for byte in text.utf8 {
      if !(follows && byte == UInt8(ascii: "\n")) {
        bytes.append(byte == UInt8(ascii: "\r") ? UInt8(ascii: "\n") : byte)
      }
      follows = byte == UInt8(ascii: "\r")
    }
    return bytes
  }

  private init(bytes: [UInt8], file: String) { (self.bytes, self.file) = (bytes, file) }

  private func fail(_ message: String, line: Int) -> FileFormatError {
    FileFormatError(file: file, line: line, message: message)
  }

  private mutating func readAll() throws(FileFormatError) {
    while next < bytes.count {
      let byte = bytes[next]
      switch byte {
      case UInt8(ascii: "\n"):
        if depth == 0 { tokens.append((.end, line)) }
        line += 1
        next += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 12: next += 1
      case UInt8(ascii: "#"): while next < bytes.count, bytes[next] != UInt8(ascii: "\n") { next += 1 }
      case UInt8(ascii: "\\"): try readContinuation()
      case UInt8(ascii: "\""), UInt8(ascii: "'"): try readString(isRaw: false)
      case UInt8(ascii: "0")...UInt8(ascii: "9"): tokens.append((.number(readWord()), line))
      case _ where Self.isWordByte(byte): try readName()
      case UInt8(ascii: ";"):
        tokens.append((.end, line))
        next += 1
      default:
        if "([{".utf8.contains(byte) { depth += 1 }
        if ")]}".utf8.contains(byte) { depth = max(0, depth - 1) }
        tokens.append((.mark(byte), line))
        next += 1
      }
    }
    tokens.append((.end, line))
  }

  private mutating func readContinuation() throws(FileFormatError) {
    var end = next + 1
    if end < bytes.count, bytes[end] == UInt8(ascii: "\r") { end += 1 }
    guard end < bytes.count, bytes[end] == UInt8(ascii: "\n") else {
      throw fail("'\\' stands within a line", line: line)
    }
    next = end + 1
    line += 1
  }

  private mutating func readWord() -> String {
    let start = next
    while next < bytes.count, Self.isWordByte(bytes[next]) || bytes[next] == UInt8(ascii: ".") { next += 1 }
    return String(foreign: bytes[start..<next])
  }

  /// A name, or the prefix of a string. A formatted string or bytes are no literal texts.
  private mutating func readName() throws(FileFormatError) {
    let name = readWord()
    let isQuoted =
      next < bytes.count && (bytes[next] == UInt8(ascii: "\"") || bytes[next] == UInt8(ascii: "'"))
    guard isQuoted else { return tokens.append((.name(name), line)) }
    guard ["r", "u"].contains(name.lowercasedASCII) else {
      throw fail("a string with the prefix '\(name.prefix(bytes: 20))' is not read", line: line)
    }
    try readString(isRaw: name.lowercasedASCII == "r")
  }

  private mutating func readString(isRaw: Bool) throws(FileFormatError) {
    let (quote, start) = (bytes[next], line)
    let isLong = next + 2 < bytes.count && bytes[next + 1] == quote && bytes[next + 2] == quote
    next += isLong ? 3 : 1
    var value: [UInt8] = []
    while true {
      guard next < bytes.count, isLong || bytes[next] != UInt8(ascii: "\n") else {
        throw fail("a string does not end", line: start)
      }
      let byte = bytes[next]
      if byte == quote {
        if !isLong {
          next += 1
          break
        }
        if next + 2 < bytes.count, bytes[next + 1] == quote, bytes[next + 2] == quote {
          next += 3
          break
        }
      }
      next += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      if byte == UInt8(ascii: "\\"), next < bytes.count {
        try readEscape(isRaw: isRaw, into: &value)
      } else {
        value.append(byte)
      }
    }
    tokens.append((.string(String(foreign: value)), start))
  }

  /// What follows a backslash ("Escape sequences" there). One that Python does not know stays as written.
  private mutating func readEscape(isRaw: Bool, into value: inout [UInt8]) throws(FileFormatError) {
    let byte = bytes[next]
    next += 1
    if byte == UInt8(ascii: "\n") { line += 1 }
    if isRaw { return value += [UInt8(ascii: "\\"), byte] }
    switch byte {
    case UInt8(ascii: "\n"): break
    case UInt8(ascii: "a"): value.append(7)
    case UInt8(ascii: "b"): value.append(8)
    case UInt8(ascii: "t"): value.append(9)
    case UInt8(ascii: "n"): value.append(10)
    case UInt8(ascii: "v"): value.append(11)
    case UInt8(ascii: "f"): value.append(12)
    case UInt8(ascii: "r"): value.append(13)
    case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "'"): value.append(byte)
    case UInt8(ascii: "0")...UInt8(ascii: "7"):
      next -= 1
      value += try readNumber(digits: 1...3, radix: 8)
    case UInt8(ascii: "x"): value += try readNumber(digits: 2...2, radix: 16)
    case UInt8(ascii: "u"): value += try readNumber(digits: 4...4, radix: 16)
    case UInt8(ascii: "U"): value += try readNumber(digits: 8...8, radix: 16)
    case UInt8(ascii: "N"): throw fail("a string has the escape '\\N', which is not read", line: line)
    default: value += [UInt8(ascii: "\\"), byte]
    }
  }

  /// The character whose number follows, as UTF-8. U+0000 and surrogates, which Python's strings may hold, are in no text
  /// that is a path, a URL or a revision.
  private mutating func readNumber(
    digits: ClosedRange<Int>, radix: UInt32
  ) throws(FileFormatError) -> [UInt8] {
    var number: UInt32 = 0
    var count = 0
    while count < digits.upperBound, next < bytes.count, let digit = Self.digit(bytes[next]), digit < radix {
      number = number * radix + digit
      count += 1
      next += 1
    }
    guard count >= digits.lowerBound, number > 0, let scalar = Unicode.Scalar(number) else {
      throw fail("a string has an escape by number that is no character", line: line)
    }
    return Array(UTF8.encode(scalar)!)
  }

  private static func digit(_ byte: UInt8) -> UInt32? {
    guard Unicode.Scalar(byte).isASCIIHexDigit else { return nil }
    return UInt32(byte < 0x40 ? byte - 0x30 : (byte | 0x20) - 0x57)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
