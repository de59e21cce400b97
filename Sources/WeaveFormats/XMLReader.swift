import ForeignText

/// Reads the part of XML that manifests are written in: see ``XMLElement/root(of:file:)``.
struct XMLReader {
  private let bytes: [UInt8]
  private let file: String
  private var next = 0
  private var line = 1
  private var elements = 0

  private static let deepest = 128
  private static let mostElements = 1_000_000

  init(_ text: String, file: String) { (bytes, self.file) = (Array(text.utf8), file) }

  mutating func root() throws(FileFormatError) -> XMLElement {
    var open: [XMLElement] = []
    var root: XMLElement?
    func close(_ element: XMLElement) {
      if open.isEmpty { root = element } else { open[open.count - 1].children.append(element) }
    }
    while next < bytes.count {
      guard bytes[next] == UInt8(ascii: "<") else {
        try skipText(isInside: !open.isEmpty)
        continue
      }
      if skip("<!--") {
        try skipPast("-->")
      } else if skip("<?") {
        try skipPast("?>")
      } else if !open.isEmpty, skip("<![CDATA[") {
        try skipPast("]]>")
      } else if startsWith("<!") {
        throw fail("a document type or an entity is declared, which is not followed: remove it")
      } else if skip("</") {
        let name = try name()
        guard let element = open.popLast(), element.name == name else {
          throw fail("</\(name)> ends nothing that is open")
        }
        skipBlanks()
        guard skip(">") else { throw fail("'>' is missing after </\(name)") }
        close(element)
      } else {
        guard root == nil else { throw fail("there is more than one root element") }
        let (element, isEmpty) = try startTag()
        elements += 1
        guard open.count < Self.deepest else {
          throw fail("elements are nested more than \(Self.deepest) deep")
        }
        guard elements <= Self.mostElements else {
          throw fail("there are more than \(Self.mostElements) elements")
        }
        if isEmpty { close(element) } else { open.append(element) }
      }
    }
    if let element = open.last { throw fail("<\(element.name)> of line \(element.line) does not end") }
    guard let root else { throw fail("there is no element: this is not XML") }
    return root
  }

  private func fail(_ message: String) -> FileFormatError {
    FileFormatError(file: file, line: line, message: message)
  }

  private mutating func skipText(isInside: Bool) throws(FileFormatError) {
    while next < bytes.count, bytes[next] != UInt8(ascii: "<") {
      guard isInside || Self.isBlank(bytes[next]) else {
        throw fail("text stands outside of the root element")
      }
      advance()
    }
  }

  private mutating func startTag() throws(FileFormatError) -> (XMLElement, isEmpty: Bool) {
    let start = line
    next += 1
    let name = try name()
    var attributes: [String: String] = [:]  // Keys: two spellings are refused
    while true {
      let isApart = skipBlanks()
      if skip("/>") { return (XMLElement(name: name, attributes: attributes, line: start), true) }
      if skip(">") { return (XMLElement(name: name, attributes: attributes, line: start), false) }
      guard isApart else { throw fail("<\(name)> is not well-formed") }
      let key = try self.name()
      skipBlanks()
      guard skip("=") else { throw fail("'=' is missing after '\(key)'") }
      skipBlanks()
      let value = try value(of: key)
      guard attributes.updateValue(value, forKey: key) == nil else {
        throw fail("<\(name)> has '\(key)' twice")
      }
    }
  }

  private mutating func name() throws(FileFormatError) -> String {
    let start = next
    while next < bytes.count, Self.isNameByte(bytes[next]) { next += 1 }
    guard next > start else { throw fail("a name is missing: this is not well-formed XML") }
    return String(foreign: bytes[start..<next])
  }

  private mutating func value(of key: String) throws(FileFormatError) -> String {
    guard next < bytes.count, bytes[next] == UInt8(ascii: "\"") || bytes[next] == UInt8(ascii: "'") else {
      throw fail("the value of '\(key)' is not quoted")
    }
    let quote = bytes[next]
    next += 1
    var value: [UInt8] = []
    while next < bytes.count, bytes[next] != quote {
      switch bytes[next] {
      case UInt8(ascii: "<"): throw fail("'<' stands in the value of '\(key)'")
      case UInt8(ascii: "&"): value += try reference().utf8
      case let byte:
        value.append(Self.isBlank(byte) ? UInt8(ascii: " ") : byte)
        advance()
      }
    }
    guard next < bytes.count else { throw fail("the value of '\(key)' does not end") }
    next += 1
    return String(foreign: value)
  }

  /// `&amp;` and its like, `&#65;`, `&#x41;`.
  private mutating func reference() throws(FileFormatError) -> String {
    let end = bytes[next...].prefix(12).firstIndex(of: UInt8(ascii: ";"))
    guard let end else { throw fail("'&' begins no reference; write &amp;") }
    let name = String(foreign: bytes[(next + 1)..<end])
    next = end + 1
    if let text = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'"][name] { return text }
    let digits = name.dropFirst(bytes: 1)
    let number = digits.dropping(prefix: "x").map { UInt32($0, radix: 16) } ?? UInt32(digits)
    guard name.begins(with: "#"), !digits.holds("+"), let number, number > 0,
      let scalar = Unicode.Scalar(number)
    else { throw fail("the entity &\(name); is not known") }
    return String(scalar)
  }

  private mutating func advance() {
    if bytes[next] == UInt8(ascii: "\n") { line += 1 }
    next += 1
  }

  @discardableResult private mutating func skipBlanks() -> Bool {
    let start = next
    while next < bytes.count, Self.isBlank(bytes[next]) { advance() }
    return next > start
  }

  private func startsWith(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard bytes.count - next >= count else { return false }
    return (0..<count).allSatisfy { bytes[next + $0] == text.utf8Start[$0] }
  }

  private mutating func skip(_ text: StaticString) -> Bool {
    guard startsWith(text) else { return false }
    next += text.utf8CodeUnitCount
    return true
  }

  private mutating func skipPast(_ end: StaticString) throws(FileFormatError) {
    while next < bytes.count {
      if skip(end) { return }
      advance()
    }
    throw fail("'\(end)' is missing")
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || (9...10).contains(byte) || byte == 13 }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), 0x80...:
      true
    default: "-_.:".utf8.contains(byte)
    }
  }
}
