import CLibgit2

extension ObjectID {
  /// The id that a blob of these bytes has; nothing is stored (git-hash-object(1)).
  public static func ofBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID { try of(.blob, bytes) }

  /// The id that a tree of these entries has; nothing is stored, and no entry need exist.
  public static func ofTree(_ entries: [TreeEntry]) throws(GitError) -> ObjectID {
    let raw = entries.map { RawTreeEntry(name: Array($0.name.utf8), mode: $0.mode, id: $0.id) }
    return try of(.tree, RawTreeEntry.serialise(raw))
  }

  /// The id of the commit that ``Repository/writeCommit(tree:parents:author:committer:message:)`` would store; nothing is
  /// stored, and nothing that it names need exist.
  public static func ofCommit(
    tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: [UInt8]
  ) throws(GitError) -> ObjectID {
    try ofCommit(
      Commit.bytes(tree: tree, parents: parents, author: author, committer: committer, message: message))
  }

  /// The id that a commit of these bytes has; nothing is stored.
  static func ofCommit(_ bytes: [UInt8]) throws(GitError) -> ObjectID { try of(.commit, bytes) }

  private static func of(_ kind: ObjectKind, _ bytes: [UInt8]) throws(GitError) -> ObjectID {
    var id = git_oid()
    try check("hash a \(kind)") {
      withAddress(of: bytes) { git_odb_hash(&id, $0, bytes.count, kind.raw) }
    }
    return ObjectID(id)
  }
}

/// Calls `body` with where the bytes are. An empty array has no address, and libgit2 asserts that there is one.
func withAddress<Value>(of bytes: [UInt8], _ body: (UnsafeRawPointer) -> Value) -> Value {
  bytes.withUnsafeBytes { content in
    withUnsafePointer(to: UInt8(0)) { nothing in body(content.baseAddress ?? UnsafeRawPointer(nothing)) }
  }
}
