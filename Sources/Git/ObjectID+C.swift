import CLibgit2

extension ObjectID {
  /// The id that libgit2 has put into `raw`.
  init(_ raw: git_oid) {
    self = withUnsafeBytes(of: raw.id) { bytes in
      guard let id = ObjectID(bytes: bytes.prefix(20)) else { preconditionFailure("a git_oid has 20 bytes") }
      return id
    }
  }

  /// A copy for libgit2 to read.
  var raw: git_oid {
    var raw = git_oid()
    withUnsafeMutableBytes(of: &raw.id) { $0.copyBytes(from: bytes) }
    return raw
  }
}
