import ForeignText
import Foundation
import WeaveModel

/// Reads JSON as a type, with a reason in words where it is none.
enum JSONText {
  /// The value that `text` spells. An error begins with `what` it was taken for. Throws where an object has two keys that are
  /// spellings of the same characters: Foundation makes one key of them.
  static func decode<Value: Decodable>(
    _ text: String, file: String, what: String
  ) throws(FileFormatError) -> Value {
    if let reason = text.reasonAgainstMarks { throw FileFormatError(file: file, message: reason) }
    if let key = repeatedKey(in: text) {
      throw FileFormatError(
        file: file, message: "it is no \(what): it has the key '\(FreeText.name(key))' twice")
    }
    do { return try JSONDecoder().decode(Value.self, from: Data(text.utf8)) } catch {
      throw FileFormatError(file: file, message: "it is no \(what): " + reason(error))
    }
  }

  /// The first key that one object has twice, or in two spellings; nil where there is none: of these one reader takes the
  /// first, and another the last (RFC 8259, section 4). Takes for strings and objects what looks so, as whether it is JSON
  /// is told by who decodes it.
  private static func repeatedKey(in text: String) -> String? {
    let bytes = Array(text.utf8)
    // Of each object that is open its keys; nil for a list.
    var open: [Set<String>?] = []  // Keys: two spellings are what is looked for
    var isKeyNext = false
    var index = 0
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "{"):
        open.append([])
        isKeyNext = true
      case UInt8(ascii: "["):
        open.append(nil)
        isKeyNext = false
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        _ = open.popLast()
        isKeyNext = false
      case UInt8(ascii: ","): isKeyNext = open.last.map { $0 != nil } ?? false
      case UInt8(ascii: "\""):
        let start = index
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
          index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard isKeyNext, index < bytes.count, let key = string(bytes[start...index]) else { break }
        isKeyNext = false
        if open[open.count - 1]?.insert(key).inserted == false { return key }
      default: break
      }
      index += 1
    }
    return nil
  }

  /// What the string with its quotes spells.
  private static func string(_ quoted: ArraySlice<UInt8>) -> String? {
    guard quoted.contains(UInt8(ascii: "\\")) else {
      return String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
    }
    var rest = quoted.dropFirst().dropLast()
    var spelled: [UInt8] = []
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        spelled.append(byte)
        continue
      }
      switch rest.popFirst() {
      case UInt8(ascii: "b"): spelled.append(8)
      case UInt8(ascii: "t"): spelled.append(9)
      case UInt8(ascii: "n"): spelled.append(10)
      case UInt8(ascii: "f"): spelled.append(12)
      case UInt8(ascii: "r"): spelled.append(13)
      case UInt8(ascii: "u"):
        guard let scalar = scalar(escapedIn: &rest) else { return nil }
        spelled += Array(String(scalar).utf8)
      // Another letter is an error, which is told by who decodes the text.
      case let byte?: spelled.append(byte)
      case nil: return nil
      }
    }
    return String(decoding: spelled, as: UTF8.self)
  }

  /// What the digits after `\u` stand for, with those of the second half of a pair (RFC 8259, section 7); takes them. Nil
  /// where they are no scalar's.
  private static func scalar(escapedIn rest: inout ArraySlice<UInt8>) -> Unicode.Scalar? {
    guard let unit = unit(in: rest.prefix(4)) else { return nil }
    rest = rest.dropFirst(4)
    guard (0xd800...0xdbff).contains(unit) else { return Unicode.Scalar(unit) }
    guard rest.starts(with: "\\u".utf8), let second = self.unit(in: rest.dropFirst(2).prefix(4)),
      (0xdc00...0xdfff).contains(second)
    else { return nil }
    rest = rest.dropFirst(6)
    return Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (second - 0xdc00))
  }

  private static func unit(in digits: ArraySlice<UInt8>) -> UInt32? {
    guard digits.count == 4 else { return nil }
    var unit: UInt32 = 0
    for digit in digits {
      guard Unicode.Scalar(digit).isASCIIHexDigit else { return nil }
      unit = unit << 4 | UInt32(digit < 0x40 ? digit - 0x30 : (digit | 0x20) - 0x57)
    }
    return unit
  }

  private static func reason(_ error: any Error) -> String {
    func place(_ context: DecodingError.Context) -> String {
      context.codingPath.isEmpty
        ? "" : " in " + context.codingPath.map { FreeText.name($0.stringValue) }.joined(separator: ".")
    }
    return switch error as? DecodingError {
    case .keyNotFound(let key, let context): "'\(FreeText.name(key.stringValue))' is missing" + place(context)
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      "a value of another type was expected" + place(context)
    case .dataCorrupted(let context) where !context.codingPath.isEmpty: "a value is wrong" + place(context)
    default: "it is not JSON"
    }
  }
}
