import ForeignText
import WeaveModel

/// The assignments at the top of a Python file.
struct PythonAssignments {
  private let file: String
  private let tokens: [(token: PythonToken, line: Int)]
  private var next = 0

  private static let deepest = 64
  /// What `+` and `%` copy; a chain of many copies its beginning for each.
  private static let mostCopied = 64 << 20
  private var copied = 0

  /// What is assigned to each name, the last of two. Statements that assign no literal are told and passed over.
  static func read(
    _ text: String, file: String, into reading: inout Reading
  ) throws(FileFormatError) -> [String: PythonLiteral] {  // Keys: identifiers
    var parser = PythonAssignments(file: file, tokens: try PythonTokens.all(of: text, file: file))
    var values: [String: PythonLiteral] = [:]  // Keys: identifiers
    while parser.next < parser.tokens.count {
      if parser.take(.end) { continue }
      let line = parser.line
      // Python reads a name that is not ASCII by its compatibility form: to it `ｄeps` is `deps`.
      guard case .name(let name) = parser.token, name.utf8.allSatisfy({ $0 < 0x80 }),
        parser.tokens[safe: parser.next + 1]?.token == .mark(equals)
      else {
        reading.report(
          "this statement is no assignment to a name of ASCII: passed over", file: file, line: line)
        parser.skipStatement()
        continue
      }
      parser.next += 2
      values[name] = try parser.value(depth: 0)
      guard parser.take(.end) else {
        throw parser.fail("the value of '\(FreeText.name(name))' does not end here")
      }
    }
    return values
  }

  private static let equals = UInt8(ascii: "=")

  private init(file: String, tokens: [(token: PythonToken, line: Int)]) {
    (self.file, self.tokens) = (file, tokens)
  }

  private var token: PythonToken { tokens[safe: next]?.token ?? .end }
  private var line: Int { tokens[safe: next]?.line ?? tokens.last?.line ?? 1 }

  private func fail(_ message: String) -> FileFormatError {
    FileFormatError(file: file, line: line, message: message)
  }

  private mutating func take(_ wanted: PythonToken) -> Bool {
    guard next < tokens.count, token == wanted else { return false }
    next += 1
    return true
  }

  private mutating func take(_ mark: Unicode.Scalar) -> Bool { take(.mark(UInt8(ascii: mark))) }

  private mutating func skipStatement() { while next < tokens.count, !take(.end) { next += 1 } }

  /// A value, and what `+` and `%` add to it.
  private mutating func value(depth: Int) throws(FileFormatError) -> PythonLiteral {
    guard depth < Self.deepest else { throw fail("values are nested more than \(Self.deepest) deep") }
    var value = try operand(depth: depth)
    var isJoined = false
    while true {
      if take("+") {
        let right = try operand(depth: depth)
        value = try sum(value, right)
      } else if take("%") {
        value = try formatted(value, operand(depth: depth))
      } else {
        // Each part was stream-safe by itself.
        guard isJoined, case .text(let text) = value else { return value }
        return .text(String(foreign: text.utf8))
      }
      isJoined = true
    }
  }

  private mutating func sum(
    _ left: PythonLiteral, _ right: PythonLiteral
  ) throws(FileFormatError) -> PythonLiteral {
    switch left {
    case .text(let text): copied += text.utf8.count
    case .list(let list): copied += list.count * MemoryLayout<PythonLiteral>.stride
    default: break
    }
    try checkCopied("+")
    return switch (left, right) {
    case (.text(let left), .text(let right)): .text(left + right)
    case (.list(let left), .list(let right)): .list(left + right)
    default: throw fail("'+' joins two texts or two lists only")
    }
  }

  private func checkCopied(_ mark: String) throws(FileFormatError) {
    guard copied <= Self.mostCopied else { throw fail("'\(mark)' joins too much") }
  }

  /// `'https://%s/x' % Var('host')`, for texts only.
  private mutating func formatted(_ left: PythonLiteral, _ right: PythonLiteral) throws(FileFormatError)
    -> PythonLiteral
  {
    let values = if case .list(let list) = right { list } else { [right] }
    copied += left.text?.utf8.count ?? 0
    try checkCopied("%")
    guard let parts = left.text?.split(atBytes: "%s"),
      parts.count == values.count + 1, case let texts = values.compactMap(\.text), texts.count == values.count
    else { throw fail("'%' is read with %s and texts only") }
    return .text(zip(parts, texts + [""]).map { $0 + $1 }.joined())
  }

  private mutating func operand(depth: Int) throws(FileFormatError) -> PythonLiteral {
    defer { next += 1 }
    switch token {
    case .string(var text):
      // Strings that follow each other are one.
      while case .string(let more)? = tokens[safe: next + 1]?.token {
        text += more
        next += 1
      }
      return .text(String(foreign: text.utf8))
    case .number(let number): return .other(number)
    case .name(let name): return try named(name, depth: depth)
    case .mark(UInt8(ascii: "-")):
      next += 1
      guard case .number(let number) = token else { throw fail("a value is missing") }
      return .other("-" + number)
    case .mark(UInt8(ascii: "[")): return .list(try list(until: "]", depth: depth).values)
    case .mark(UInt8(ascii: "(")):
      let (values, isTuple) = try list(until: ")", depth: depth)
      if !isTuple, let only = values.first { return only }
      return .list(values)
    case .mark(UInt8(ascii: "{")): return .dictionary(try dictionary(depth: depth))
    default: throw fail("a value is missing, or is none of a literal, Var() and Str()")
    }
  }

  /// `True`, or a call. Ends at the call's last token.
  private mutating func named(_ name: String, depth: Int) throws(FileFormatError) -> PythonLiteral {
    guard tokens[safe: next + 1]?.token == .mark(UInt8(ascii: "(")) else { return .other(name) }
    next += 1
    let arguments = try list(until: ")", depth: depth).values
    switch (name, arguments.first?.text) {
    case ("Var", let variable?): return .text("{" + variable + "}")
    case ("Str", let text?): return .text(text)
    // From(), of old files, names another repository's DEPS.
    default: return .other(name + "(…)")
    }
  }

  /// The values up to a closing bracket, at which it ends, and whether a comma stands among them.
  private mutating func list(
    until end: Unicode.Scalar, depth: Int
  ) throws(FileFormatError) -> (values: [PythonLiteral], hasComma: Bool) {
    var values: [PythonLiteral] = []
    var hasComma = false
    next += 1
    while true {
      if token == .mark(UInt8(ascii: end)) { return (values, hasComma) }
      values.append(try value(depth: depth + 1))
      if take(",") {
        hasComma = true
      } else if token != .mark(UInt8(ascii: end)) {
        throw fail("',' or '\(end)' is missing")
      }
    }
  }

  /// Of a key that is given twice the last value counts, where the first stood.
  private mutating func dictionary(depth: Int) throws(FileFormatError) -> [PythonLiteral.Entry] {
    var entries: [PythonLiteral.Entry] = []
    var places: [ExactText: Int] = [:]
    next += 1
    while token != .mark(UInt8(ascii: "}")) {
      let line = line
      let key = try value(depth: depth + 1)
      guard take(":") else { throw fail("':' is missing after a key") }
      let value = try value(depth: depth + 1)
      // A key that is no text names no path.
      if let key = key.text {
        let entry = PythonLiteral.Entry(key: key, value: value, line: line)
        if let place = places[ExactText(key)] {
          entries[place] = entry
        } else {
          places[ExactText(key)] = entries.count
          entries.append(entry)
        }
      }
      guard take(",") || token == .mark(UInt8(ascii: "}")) else { throw fail("',' or '}' is missing") }
    }
    return entries
  }
}

extension Array {
  fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
