import ForeignText

/// What can be told of a `flake.nix` without Nix.
public enum FlakeSource {
  /// The longest flake that is looked at, in bytes.
  public static let longest = 1 << 20

  /// The inputs that the text declares with a URL, by name, in the usual spellings: `inputs.a.url = "…"`,
  /// `inputs.a = { url = "…"; }`, and both within `inputs = { … }`. What is spelled otherwise is passed over; so is a
  /// text of more than ``longest`` bytes.
  ///
  /// Looks at each byte a constant number of times.
  public static func inputs(in text: String) -> [String: String] {
    guard text.utf8.count <= longest else { return [:] }
    var tokens = FlakeTokens(text)
    var inputs: [String: String] = [:]
    // The names before the braces that are open; nil for one that no `name =` stands before.
    var open: [[Substring]?] = []
    var (name, hasEquals): ([Substring]?, Bool) = (nil, false)
    while let token = tokens.next() {
      switch token {
      case .word(let word): (name, hasEquals) = (word.split(atScalar: "."), false)
      case .equals: hasEquals = name != nil
      case .open:
        open.append(hasEquals ? name : nil)
        (name, hasEquals) = (nil, false)
      case .close:
        _ = open.popLast()
        (name, hasEquals) = (nil, false)
      case .string(let url):
        // The first brace is the flake's own. `a.inputs.b.url` is about an input of an input.
        // More braces than three name no input, and are not gone through for each string.
        if hasEquals, open.count <= 3, let name, let input = input(named: open.dropFirst() + [name]) {
          inputs[input] = String(url)
        }
        (name, hasEquals) = (nil, false)
      case .other: (name, hasEquals) = (nil, false)
      }
    }
    return inputs
  }

  /// The `a` of `inputs.a.url`, however it is parted by braces; nil for every other path.
  private static func input(named path: some Collection<[Substring]?>) -> String? {
    guard path.count <= 3 else { return nil }
    var names: [Substring] = []
    for part in path {
      guard let part, names.count + part.count <= 3 else { return nil }
      names += part
    }
    guard names.count == 3, names[0] == "inputs", names[2] == "url" else { return nil }
    return String(names[1])
  }
}

/// The parts of a text in Nix that say where a string stands.
private struct FlakeTokens {
  enum Token {
    /// A name, or several with dots between.
    case word(Substring)
    case string(Substring)
    case equals, open, close, other
  }

  private let text: String
  private let bytes: [UInt8]
  private var position = 0

  init(_ text: String) { (self.text, bytes) = (text, Array(text.utf8)) }

  mutating func next() -> Token? {
    while position < bytes.count {
      let start = position
      position += 1
      switch bytes[start] {
      case 9, 10, 13, 32: continue
      case UInt8(ascii: "#"): skip { $0 != 10 }
      case UInt8(ascii: "/") where at("*"):
        position += 1
        skip(past: "*/")
      case UInt8(ascii: "="):
        if !at("=") { return .equals }
        position += 1
        return .other
      case UInt8(ascii: "{"): return .open
      case UInt8(ascii: "}"): return .close
      case UInt8(ascii: "\""): return string(from: position)
      case UInt8(ascii: "'") where at("'"):
        position += 1
        skip(past: "''")
        return .other
      case let byte where Self.beginsWord(byte):
        skip { Self.isWordByte($0) }
        return .word(slice(start..<position))
      default: return .other
      }
    }
    return nil
  }

  /// A string without an interpolation or an escape; ``Token/other`` for one that has any.
  private mutating func string(from start: Int) -> Token {
    var isPlain = true
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      if bytes[position] == UInt8(ascii: "\\") {
        (isPlain, position) = (false, position + 1)
      } else if bytes[position] == UInt8(ascii: "$") {
        isPlain = false
      }
      position += 1
    }
    let end = min(position, bytes.count)
    position = end + 1
    return isPlain ? .string(slice(start..<end)) : .other
  }

  private func at(_ mark: Unicode.Scalar) -> Bool {
    position < bytes.count && bytes[position] == UInt8(ascii: mark)
  }

  private mutating func skip(while isSkipped: (UInt8) -> Bool) {
    while position < bytes.count, isSkipped(bytes[position]) { position += 1 }
  }

  private mutating func skip(past end: StaticString) {
    let end = UnsafeBufferPointer(start: end.utf8Start, count: end.utf8CodeUnitCount)
    while position < bytes.count, !bytes[position...].starts(with: end) { position += 1 }
    position = min(position + end.count, bytes.count)
  }

  private func slice(_ range: Range<Int>) -> Substring {
    text[
      text.utf8.index(
        text.startIndex, offsetBy: range.lowerBound)..<text.utf8.index(
          text.startIndex, offsetBy: range.upperBound)]
  }

  private static func beginsWord(_ byte: UInt8) -> Bool {
    let scalar = Unicode.Scalar(byte)
    return scalar.isASCIILetter || scalar == "_"
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    Unicode.Scalar(byte).isASCIIAlphanumeric || "_'.-".utf8.contains(byte)
  }
}
