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

  /// Of two observations of a machine, whether `one` is the later: by their numbers, then by their dates, then by their
  /// ids.
  private func isNewer(_ one: ObjectID, than other: ObjectID) throws -> Bool {
    func rank(_ id: ObjectID) throws -> (ReportNumber, Int64, ObjectID) {
      (try reportNumber(at: id), try commit(id).author.seconds, id)
    }
    return try rank(one) > rank(other)
  }

  /// As ``isNewer(_:than:)``, of two dates at which a machine was seen whose newest observation has the number `newest`: one
  /// of a later report than that is earlier than all others, and one that is still to come, where it is `now`, earlier than
  /// any other of its report.
  func isLaterDate(
    _ one: ObjectID, than other: ObjectID, of newest: ReportNumber, now: Int64
  ) throws -> Bool {
    func rank(_ id: ObjectID) throws -> (ReportNumber, Int64, ObjectID) {
      let (number, seconds) = (try reportNumber(at: id), try commit(id).author.seconds)
      let isAhead = Freshness(seen: seconds, now: now, staleAfter: .max) == .clockAhead
      return (number <= newest ? number : .none, isAhead ? .min : seconds, id)
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
