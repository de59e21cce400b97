import CLibgit2

extension ObjectID {
  /// The id that libgit2 has put into `raw`.
  init(_ raw: git_oid) {
    self = withUnsafeBytes(of: raw.id) { bytes in
      ObjectID(
        words: (
          UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
          UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
          UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
        ))
    }
  }

  /// A copy for libgit2 to read.
  var raw: git_oid {
    var raw = git_oid()
    withUnsafeMutableBytes(of: &raw.id) { bytes in
      bytes.storeBytes(of: words.high.bigEndian, as: UInt64.self)
      bytes.storeBytes(of: words.middle.bigEndian, toByteOffset: 8, as: UInt64.self)
      bytes.storeBytes(of: words.low.bigEndian, toByteOffset: 16, as: UInt32.self)
    }
    return raw
  }
}
