/// A checksum of 64 bits against what happens to files: any one changed word changes it. Not against an enemy.
///
/// Four lanes, each of which takes every fourth word by a step that is a bijection of the lane and of the word.
struct IndexChecksum {
  private var lanes: (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)

  /// How many bytes are taken at once; what is missing at the end counts as zeros.
  static var blockSize: Int { 32 }

  /// The checksum of the bytes, in hexadecimal.
  static func hex(of bytes: ArraySlice<UInt8>) -> String {
    var checksum = IndexChecksum()
    bytes.withUnsafeBytes { checksum.add($0) }
    return String(checksum.value, radix: 16)
  }

  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    let whole = bytes.count / Self.blockSize * Self.blockSize
    var (a, b, c, d) = lanes
    for offset in stride(from: 0, to: whole, by: Self.blockSize) {
      a = Self.step(a, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      b = Self.step(b, bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
      c = Self.step(c, bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self))
      d = Self.step(d, bytes.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self))
    }
    lanes = (a, b, c, d)
    guard whole < bytes.count else { return }
    var last = [UInt8](repeating: 0, count: Self.blockSize)
    for offset in whole..<bytes.count { last[offset - whole] = bytes[offset] }
    last.withUnsafeBytes { add($0) }
  }

  var value: UInt64 {
    Self.step(Self.step(Self.step(lanes.0, lanes.1), lanes.2), lanes.3)
  }

  @inline(__always)
  private static func step(_ lane: UInt64, _ word: UInt64) -> UInt64 {
    let product = (lane ^ word) &* 0x9e37_79b9_7f4a_7c15
    return product << 29 | product >> 35
  }
}
