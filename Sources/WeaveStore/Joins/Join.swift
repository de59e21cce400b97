import Git
import WeaveModel

/// What a record that went apart goes on with: a function of what it joins, so that every clone that joins the same two
/// makes the same commit, and the two do not go apart again. It is by nobody (`weave <>`), at the newer parent's date, in
/// UTC, unsigned.
struct Join {
  let parents: [ObjectID]
  let tree: ObjectID
  var message = Array("join\n".utf8)
  /// The newer parent's date.
  private let seconds: Int64

  /// One that says nothing but what `tree` holds, or also `message`. Its parents are in `repository`.
  init(of parents: [ObjectID], tree: ObjectID, message: [UInt8]? = nil, in repository: Repository) throws {
    (self.parents, self.tree) = (parents, tree)
    if let message { self.message = message }
    seconds = try parents.map { try repository.commit($0).committer.seconds }.max() ?? 0
  }

  /// The id that the commit has or would have; nothing is stored.
  func id() throws -> ObjectID {
    let nobody = Signature.nobody(at: seconds)
    return try ObjectID.ofCommit(
      tree: tree, parents: parents, author: nobody, committer: nobody, message: message)
  }

  func write(to repository: Repository) throws -> ObjectID {
    let nobody = Signature.nobody(at: seconds)
    return try repository.writeCommit(
      tree: tree, parents: parents, author: nobody, committer: nobody, message: message)
  }
}

extension Repository {
  /// The join of two chains of locks or sets: what `theirs`, the remote's, says is in force.
  func join(of theirs: ObjectID, before ours: ObjectID) throws -> Join {
    try Join(of: [theirs, ours], tree: commit(theirs).tree, in: self)
  }

  /// The join of two chains of observations, which says again what the later of them says.
  func join(ofObservations parents: [ObjectID]) throws -> Join {
    let parents = parents.sorted()
    let newest = try isNewer(parents[0], than: parents[1]) ? parents[0] : parents[1]
    let commit = try commit(newest)
    return try Join(of: parents, tree: commit.tree, message: commit.message, in: self)
  }

  /// Of two observations of a machine, whether `one` is the later: by their numbers, then by their dates, then by their
  /// ids.
  private func isNewer(_ one: ObjectID, than other: ObjectID) throws -> Bool {
    func rank(_ id: ObjectID) throws -> (ReportNumber, Int64, ObjectID) {
      (try reportNumber(at: id), try commit(id).author.seconds, id)
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
