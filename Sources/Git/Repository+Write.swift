import CLibgit2
import ForeignText

extension Repository {
  /// Stores a blob, and returns its id. Nothing is written when it is there already.
  public func writeBlob(_ bytes: [UInt8]) throws(GitError) -> ObjectID { try write(.blob, bytes) }

  /// Stores a tree, and returns its id. The entries may come in any order.
  ///
  /// Throws `.invalidSpec` for a name that Git forbids or has twice, `.notFound` for an entry whose object
  /// is not stored here; the commit of a submodule need not be, nor, with `canLackEntries`, any other.
  public func writeTree(
    _ entries: [TreeEntry], canLackEntries: Bool = false
  ) throws(GitError) -> ObjectID {
    let operation = "write a tree"
    var names: Set<[UInt8]> = []
    var raw: [RawTreeEntry] = []
    for entry in entries {
      let name = Array(entry.name.utf8)
      if let reason = Self.reasonAgainst(name: name) {
        throw GitError(.invalidSpec, operation, "the name '\(entry.name)' \(reason)")
      }
      guard names.insert(name).inserted else {
        throw GitError(.invalidSpec, operation, "the name '\(entry.name)' comes twice")
      }
      let line = RawTreeEntry(name: name, mode: entry.mode, id: entry.id)
      let isWanting = if line.isGitlink || canLackEntries { false } else { try !contains(entry.id) }
      if isWanting {
        throw GitError(.notFound, operation, "the object \(entry.id) of '\(entry.name)' does not exist")
      }
      raw.append(line)
    }
    return try write(.tree, RawTreeEntry.serialise(raw))
  }

  /// Stores a commit, and returns its id. The message is kept byte for byte; see `Signature` for what is
  /// left out of names. No reference moves.
  ///
  /// Throws `.notFound` when the tree or a parent is not stored here.
  public func writeCommit(
    tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature, message: [UInt8]
  ) throws(GitError) -> ObjectID {
    for (id, wanted) in [(tree, ObjectKind.tree)] + parents.map({ ($0, .commit) }) {
      guard let kind = try kind(of: id) else {
        throw GitError(.notFound, "write a commit", "its \(wanted) \(id) does not exist")
      }
      guard kind == wanted else {
        throw GitError(.wrongKind, "write a commit", "\(id) is a \(kind), not a \(wanted)")
      }
    }
    return try write(
      .commit,
      Commit.bytes(tree: tree, parents: parents, author: author, committer: committer, message: message))
  }

  func write(_ kind: ObjectKind, _ bytes: [UInt8]) throws(GitError) -> ObjectID {
    var id = git_oid()
    try check("write a \(kind)") {
      withAddress(of: bytes) { git_odb_write(&id, database.raw, $0, bytes.count, kind.raw) }
    }
    return ObjectID(id)
  }

  /// Why `git fsck` would refuse the name; nil when it would not.
  private static func reasonAgainst(name: [UInt8]) -> String? {
    if name.isEmpty { return "is empty" }
    if name.contains(0) { return "contains a NUL byte" }
    if name.contains(UInt8(ascii: "/")) { return "contains a slash" }
    let text = String(foreign: name).lowercased()
    return [".", "..", ".git"].contains(text) ? "is reserved" : nil
  }
}
