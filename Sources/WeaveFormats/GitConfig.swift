import ForeignText

/// The syntax of Git's configuration files, as Git itself reads it (config.c, git-config(1)).
struct GitConfig {
  /// `key = value` under `[section "subsection"]`.
  struct Entry: Equatable {
    let section: String
    let subsection: String?
    let key: String
    /// Nil for a key that stands alone, which means true.
    let value: String?
    let line: Int
  }

  private let bytes: [UInt8]
  private let file: String
  private var next = 0
  private var line = 1
  private var section: [UInt8]?
  private var entries: [Entry] = []
  private var namedBytes = 0

  private static let mostNamedBytes = 64 << 20

  /// The entries in the order of the file; an error where Git would stop with "bad config line".
  static func entries(of text: String, file: String) throws(FileFormatError) -> [Entry] {
    var config = GitConfig(text, file: file)
    try config.readAll()
    return config.entries
  }

  private init(_ text: String, file: String) { (bytes, self.file) = (Array(text.utf8), file) }

  private static let lineFeed = UInt8(ascii: "\n")

  /// The next byte: CR LF is one line feed, and one follows the last byte.
  private mutating func take() -> UInt8 {
    guard next < bytes.count else { return Self.lineFeed }
    if bytes[next] == UInt8(ascii: "\r"), next + 1 < bytes.count, bytes[next + 1] == Self.lineFeed {
      next += 1
    }
    defer { next += 1 }
    if bytes[next] == Self.lineFeed { line += 1 }
    return bytes[next]
  }

  private func fail(_ message: String, line: Int) -> FileFormatError {
    FileFormatError(file: file, line: line, message: message + "; `git config -f` refuses it too")
  }

  private mutating func readAll() throws(FileFormatError) {
    while next < bytes.count {
      let start = line
      let byte = take()
      if Self.isBlank(byte) { continue }
      switch byte {
      case UInt8(ascii: "#"), UInt8(ascii: ";"): while take() != Self.lineFeed {}
      case UInt8(ascii: "["): section = try readSection(line: start)
      default:
        guard Self.isLetter(byte) else { throw fail("neither a section nor a key begins here", line: start) }
        try readEntry(first: byte, line: start)
      }
    }
  }

  /// What stands between `[` and `]`: `section`, `section.sub` or `section "sub"`, the dot between them.
  private mutating func readSection(line start: Int) throws(FileFormatError) -> [UInt8] {
    var name: [UInt8] = []
    while true {
      let byte = take()
      if byte == UInt8(ascii: "]") { return name }
      if Self.isBlank(byte) {
        name.append(UInt8(ascii: "."))
        return try name + readSubsection(after: byte, line: start)
      }
      guard Self.isKeyByte(byte) || byte == UInt8(ascii: ".") else {
        throw fail("the name of a section has letters, digits, '-' and '.' only", line: start)
      }
      name.append(Self.lowercased(byte))
    }
  }

  private mutating func readSubsection(after blank: UInt8, line start: Int) throws(FileFormatError) -> [UInt8]
  {
    var byte = blank
    while Self.isBlank(byte), byte != Self.lineFeed { byte = take() }
    guard byte == UInt8(ascii: "\"") else {
      throw fail("'\"' or ']' is missing in a section's head", line: start)
    }
    var name: [UInt8] = []
    while true {
      byte = take()
      if byte == UInt8(ascii: "\"") { break }
      if byte == UInt8(ascii: "\\") { byte = take() }
      guard byte != Self.lineFeed else {
        throw fail("a section's head does not end on its line", line: start)
      }
      name.append(byte)
    }
    guard take() == UInt8(ascii: "]") else {
      throw fail("']' is missing after a section's name", line: start)
    }
    return name
  }

  private mutating func readEntry(first: UInt8, line start: Int) throws(FileFormatError) {
    var key = [Self.lowercased(first)]
    var byte = take()
    while Self.isKeyByte(byte) {
      key.append(Self.lowercased(byte))
      byte = take()
    }
    while byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { byte = take() }
    var value: [UInt8]?
    if byte != Self.lineFeed {
      guard byte == UInt8(ascii: "=") else { throw fail("'=' is missing after a key", line: start) }
      value = try readValue(line: start)
    }
    guard let section else { throw fail("a key stands before the first section", line: start) }
    let dot = section.firstIndex(of: UInt8(ascii: "."))
    // Each entry has its section's name, which may be as long as the file.
    namedBytes += section.count
    guard namedBytes <= Self.mostNamedBytes else {
      throw FileFormatError(
        file: file, line: start, message: "its sections have names that are too long for so many keys")
    }
    entries.append(
      Entry(
        section: Self.text(section[..<(dot ?? section.endIndex)]),
        subsection: dot.map { Self.text(section[($0 + 1)...]) }, key: Self.text(key[...]),
        value: value.map { Self.text($0[...]) }, line: start))
  }

  private mutating func readValue(line start: Int) throws(FileFormatError) -> [UInt8] {
    var value: [UInt8] = []
    var (blanks, isQuoted, isComment) = (0, false, false)
    while true {
      var byte = take()
      if byte == Self.lineFeed {
        guard !isQuoted else { throw fail("a quoted value does not end on its line", line: start) }
        return value
      }
      if isComment { continue }
      if !isQuoted, Self.isBlank(byte) {
        if !value.isEmpty { blanks += 1 }
        continue
      }
      if !isQuoted, byte == UInt8(ascii: ";") || byte == UInt8(ascii: "#") {
        isComment = true
        continue
      }
      value += repeatElement(UInt8(ascii: " "), count: blanks)
      blanks = 0
      if byte == UInt8(ascii: "\"") {
        isQuoted.toggle()
        continue
      }
      if byte == UInt8(ascii: "\\") {
        byte = take()
        switch byte {
        case Self.lineFeed: continue
        case UInt8(ascii: "t"): byte = UInt8(ascii: "\t")
        case UInt8(ascii: "b"): byte = 8
        case UInt8(ascii: "n"): byte = Self.lineFeed
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): break
        default: throw fail("a value has an escape other than \\\\, \\\", \\n, \\t and \\b", line: start)
        }
      }
      value.append(byte)
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(foreign: bytes) }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 10 || byte == 13 }
  private static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
  }
  private static func isKeyByte(_ byte: UInt8) -> Bool {
    isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
  }
  private static func lowercased(_ byte: UInt8) -> UInt8 { isLetter(byte) ? byte | 0x20 : byte }
}
