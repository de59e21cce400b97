/// A Git object name, typed by what it names, so that a commit's id cannot be passed for an event's.
///
/// Ordered as the 40 hexadecimal digits are. Twenty bytes wide: weave reads SHA-1 repositories only.
public struct Identifier<Kind>: Hashable, Comparable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let middle: UInt64
  private let low: UInt32

  /// The number of bytes in an identifier.
  public static var byteCount: Int { 20 }

  /// The identifier of exactly 20 bytes; nil for any other count.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    var high: UInt64 = 0
    var middle: UInt64 = 0
    var low: UInt32 = 0
    for (offset, byte) in bytes.enumerated() {
      switch offset {
      case 0..<8: high = high << 8 | UInt64(byte)
      case 8..<16: middle = middle << 8 | UInt64(byte)
      default: low = low << 8 | UInt32(byte)
      }
    }
    (self.high, self.middle, self.low) = (high, middle, low)
  }

  /// The identifier that 40 hexadecimal digits, in either case, spell; nil for anything else.
  public init?(hex: some StringProtocol) {
    let digits = Array(hex.utf8)
    guard digits.count == 2 * Self.byteCount else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    for index in stride(from: 0, to: digits.count, by: 2) {
      guard let upper = Self.value(ofDigit: digits[index]), let lower = Self.value(ofDigit: digits[index + 1])
      else { return nil }
      bytes.append(upper << 4 | lower)
    }
    self.init(bytes: bytes)
  }

  /// The 20 bytes, most significant first.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.byteCount)
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: high >> shift))
    }
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: middle >> shift))
    }
    for shift in stride(from: 24, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: low >> shift))
    }
    return bytes
  }

  /// The 40 lower-case hexadecimal digits.
  public var hex: String {
    String(
      decoding: bytes.flatMap { byte in
        [Self.digits[Int(byte >> 4)], Self.digits[Int(byte & 15)]]
      }, as: UTF8.self)
  }

  /// The first seven digits, for people.
  public var short: String { String(hex.prefix(7)) }

  public var description: String { hex }

  public static func < (left: Self, right: Self) -> Bool {
    (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
  }

  private static var digits: [UInt8] { Array("0123456789abcdef".utf8) }

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

public enum CommitIDKind {}
public enum EventIDKind {}
public enum ResolutionIDKind {}
public enum LockIDKind {}
