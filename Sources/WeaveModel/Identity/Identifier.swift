/// A Git object name, typed by what it names, so that a commit's id cannot be passed for an event's.
///
/// Ordered as the 40 hexadecimal digits are. Twenty bytes wide: weave reads SHA-1 repositories only.
public struct Identifier<Kind>: Hashable, Comparable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let middle: UInt64
  private let low: UInt32

  /// The number of bytes in an identifier.
  public static var byteCount: Int { 20 }

  /// The identifier whose bytes, most significant first, these words hold.
  public init(words: (high: UInt64, middle: UInt64, low: UInt32)) { (high, middle, low) = words }

  /// The bytes, most significant first, in three words.
  public var words: (high: UInt64, middle: UInt64, low: UInt32) { (high, middle, low) }

  /// The identifier of exactly 20 bytes, most significant first; nil for any other count.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    let bytes = Array(bytes)
    func word(_ range: Range<Int>) -> UInt64 { bytes[range].reduce(0) { $0 << 8 | UInt64($1) } }
    self.init(words: (word(0..<8), word(8..<16), UInt32(word(16..<20))))
  }

  /// The 20 bytes, most significant first.
  public var bytes: [UInt8] {
    withUnsafeBytes(of: (high.bigEndian, middle.bigEndian, low.bigEndian)) {
      Array($0.prefix(Self.byteCount))
    }
  }

  /// The identifier that 40 hexadecimal digits, in either case, spell; nil for anything else.
  public init?(hex: some StringProtocol) { self.init(digits: hex.utf8) }

  /// The identifier that 40 bytes, hexadecimal digits in either case, spell; nil for anything else.
  public init?(digits: some Sequence<UInt8>) {
    var (high, middle, low): (UInt64, UInt64, UInt32) = (0, 0, 0)
    var count = 0
    for digit in digits {
      guard let value = Self.value(ofDigit: digit) else { return nil }
      switch count {
      case 0..<16: high = high << 4 | UInt64(value)
      case 16..<32: middle = middle << 4 | UInt64(value)
      case 32..<40: low = low << 4 | UInt32(value)
      default: return nil
      }
      count += 1
    }
    guard count == 2 * Self.byteCount else { return nil }
    (self.high, self.middle, self.low) = (high, middle, low)
  }

  /// The 40 lower-case hexadecimal digits.
  public var hex: String { digits(40) }

  /// The first seven digits, for people.
  public var short: String { digits(7) }

  public var description: String { hex }

  public static func < (left: Self, right: Self) -> Bool {
    (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
  }

  private func digits(_ count: Int) -> String {
    String(unsafeUninitializedCapacity: count) { text in
      for index in 0..<count {
        let nibble =
          switch index {
          case 0..<16: UInt8(truncatingIfNeeded: high >> (60 - 4 * UInt64(index))) & 15
          case 16..<32: UInt8(truncatingIfNeeded: middle >> (60 - 4 * UInt64(index - 16))) & 15
          default: UInt8(truncatingIfNeeded: low >> (28 - 4 * UInt32(index - 32))) & 15
          }
        text[index] = nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
      }
      return count
    }
  }

  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}

/// Names a commit of a project.
public typealias CommitID = Identifier<CommitIDKind>
/// Names an event: the id of the commit that records it.
public typealias EventID = Identifier<EventIDKind>
/// Names a resolution: the id of its tree.
public typealias ResolutionID = Identifier<ResolutionIDKind>
/// Names a lock: the id of the commit that adopted a resolution.
public typealias LockID = Identifier<LockIDKind>
/// Names all that a commit holds: its tree.
public typealias TreeID = Identifier<TreeIDKind>

public enum CommitIDKind {}
public enum EventIDKind {}
public enum ResolutionIDKind {}
public enum LockIDKind {}
public enum TreeIDKind {}
