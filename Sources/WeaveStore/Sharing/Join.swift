import Git
import WeaveModel

// A record that went apart goes on in a commit that is a function of what it joins, so that every clone that joins the
// same two makes the same commit, and the two do not go apart again: by nobody (`weave <>`), at the newer parent's date,
// in UTC, unsigned.
extension Repository {
  /// A join that says nothing but what its tree holds.
  func writeJoin(of parents: [ObjectID], tree: ObjectID) throws -> ObjectID {
    try writeJoin(of: parents, tree: tree, message: Array("join\n".utf8))
  }

  /// The join of two chains of locks or sets: what `theirs`, the remote's, says is in force.
  func writeJoin(of theirs: ObjectID, before ours: ObjectID) throws -> ObjectID {
    try writeJoin(of: [theirs, ours], tree: commit(theirs).tree)
  }

  /// The join of two chains of observations, which says again what the later of them says.
  func writeJoin(ofObservations parents: [ObjectID]) throws -> ObjectID {
    let parents = parents.sorted()
    let newest = try isNewer(parents[0], than: parents[1]) ? parents[0] : parents[1]
    let commit = try commit(newest)
    return try writeJoin(of: parents, tree: commit.tree, message: commit.message)
  }

  private func writeJoin(of parents: [ObjectID], tree: ObjectID, message: [UInt8]) throws -> ObjectID {
    let seconds = try parents.map { try commit($0).committer.seconds }.max() ?? 0
    let nobody = Signature.nobody(at: seconds)
    return try writeCommit(
      tree: tree, parents: parents, author: nobody, committer: nobody, message: message)
  }

  /// Of two things that a machine said, whether `one` is the later: by their numbers, then by their dates, then by their
  /// ids. Where it is `now`, a date that is still to come is earlier than any other.
  func isNewer(_ one: ObjectID, than other: ObjectID, now: Int64? = nil) throws -> Bool {
    func rank(_ id: ObjectID) throws -> (Int, Int64, ObjectID) {
      let commit = try commit(id)
      let sequence = RecordMessage(parsing: commit.message)?.sequence
      let seconds = commit.author.seconds
      let isAhead = now.map { Freshness(seen: seconds, now: $0, staleAfter: .max) == .clockAhead } ?? false
      return (sequence ?? 0, isAhead ? .min : seconds, id)
    }
    return try rank(one) > rank(other)
  }
}

extension Signature {
  /// Who writes what nobody said: `weave <>`, in UTC.
  public static func nobody(at seconds: Int64) -> Signature {
    Signature(name: "weave", email: "", seconds: seconds, offsetMinutes: 0)
  }
}
