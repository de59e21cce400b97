import Git
import WeaveModel

// A record that went apart goes on in a commit that is a function of what it joins, so that every clone that joins the
// same two makes the same commit, and the two do not go apart again: by nobody (`weave <>`), at the newer parent's date,
// in UTC, unsigned.
extension Store {
  /// A join that says nothing but what its tree holds.
  func writeJoin(of parents: [ObjectID], tree: ObjectID) throws -> ObjectID {
    try writeJoin(of: parents, tree: tree, message: Array("join\n".utf8))
  }

  /// A join that says what `parent` says.
  func writeJoin(of parents: [ObjectID], sayingAgain parent: ObjectID) throws -> ObjectID {
    let commit = try repository.commit(parent)
    return try writeJoin(of: parents, tree: commit.tree, message: commit.message)
  }

  private func writeJoin(of parents: [ObjectID], tree: ObjectID, message: [UInt8]) throws -> ObjectID {
    let seconds = try parents.map { try repository.commit($0).committer.seconds }.max() ?? 0
    let nobody = Signature.nobody(at: seconds)
    return try repository.writeCommit(
      tree: tree, parents: parents, author: nobody, committer: nobody, message: message)
  }
}

extension Signature {
  /// Who writes what nobody said: `weave <>`, in UTC.
  public static func nobody(at seconds: Int64) -> Signature {
    Signature(name: "weave", email: "", seconds: seconds, offsetMinutes: 0)
  }
}
