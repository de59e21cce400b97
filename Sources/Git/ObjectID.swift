/// The name of a Git object: its SHA-1, twenty bytes.
///
/// Ordered as the 40 hexadecimal digits are.
public struct ObjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
  private let high: UInt64
  private let middle: UInt64
  private let low: UInt32

  /// Twenty zero bytes: names no object.
  public static let zero = ObjectID(high: 0, middle: 0, low: 0)

  /// The name of the blob that holds nothing: what Git gives it, whether or not it is there.
  public static let emptyBlob = ObjectID(
    high: 0xe69d_e29b_b2d1_d643, middle: 0x4b8b_29ae_775a_d8c2, low: 0xe48c_5391)

  /// The tree without entries, `4b825dc642cb6eb9a060e54bf8d69288fbee4904`.
  public static let emptyTree = ObjectID(
    high: 0x4b82_5dc6_42cb_6eb9, middle: 0xa060_e54b_f8d6_9288, low: 0xfbee_4904)

  private init(high: UInt64, middle: UInt64, low: UInt32) {
    (self.high, self.middle, self.low) = (high, middle, low)
  }

  /// The id whose bytes, most significant first, these words hold.
  public init(words: (high: UInt64, middle: UInt64, low: UInt32)) { (high, middle, low) = words }

  /// The bytes, most significant first, in three words.
  public var words: (high: UInt64, middle: UInt64, low: UInt32) { (high, middle, low) }

  /// The id of exactly 20 bytes; nil for any other count.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 20 else { return nil }
    var (high, middle, low): (UInt64, UInt64, UInt32) = (0, 0, 0)
    var offset = 0
    for byte in bytes {
      switch offset {
      case 0..<8: high = high << 8 | UInt64(byte)
      case 8..<16: middle = middle << 8 | UInt64(byte)
      default: low = low << 8 | UInt32(byte)
      }
      offset += 1
    }
    self.init(high: high, middle: middle, low: low)
  }

  /// The id that exactly 40 hexadecimal digits, in either case, spell; nil for anything else.
  public init?(hex: some StringProtocol) { self.init(digits: hex.utf8) }

  /// The id that exactly 40 bytes, hexadecimal digits in either case, spell; nil for anything else.
  init?(digits: some Sequence<UInt8>) {
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
    guard count == 40 else { return nil }
    self.init(high: high, middle: middle, low: low)
  }

  /// The 20 bytes, most significant first.
  public var bytes: [UInt8] {
    withUnsafeBytes(of: (high.bigEndian, middle.bigEndian, low.bigEndian)) { Array($0.prefix(20)) }
  }

  /// The 40 lower-case hexadecimal digits.
  public var description: String {
    let digits = StaticString("0123456789abcdef")
    return String(unsafeUninitializedCapacity: 40) { text in
      for (offset, byte) in bytes.enumerated() {
        text[2 * offset] = digits.utf8Start[Int(byte >> 4)]
        text[2 * offset + 1] = digits.utf8Start[Int(byte & 15)]
      }
      return 40
    }
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
  }

  static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
