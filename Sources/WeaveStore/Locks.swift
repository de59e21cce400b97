import Git
import WeaveModel

/// A resolution that someone adopted as the desired state.
public struct Lock: Sendable {
  public let id: LockID
  public let constellation: String
  public let resolution: ResolutionID
  public let text: String
  public let author: Author
  /// The version of the constellation that it was made from, where it says.
  public let constellationVersion: ObjectID?
  /// The commits that only the adopter's checkouts had then, sorted.
  public let local: [Member]
}

extension Store {
  /// Adopts `resolution` for `constellation`; the commits that it names are kept first. `local` are those of them
  /// that only the adopter's checkouts have.
  public func adopt(
    _ resolution: ResolutionID, for constellation: String, version: ObjectID?, local: [Member] = [],
    text: String, author: Signature
  ) throws -> LockID {
    let members = try commitsByComponent(in: resolution).values.flatMap { commits in
      commits.map { Member(project: $0.key, commit: $0.value) }
    }
    try keep(Array(Set(members)).sorted(), author: author)
    var trailers = [("Weave-Lock", constellation)]
    if let version { trailers.append(("Weave-Constellation", version.description)) }
    trailers += local.sorted().map { ("Weave-Local", "\($0.project) \($0.commit)") }
    let message = try RecordMessage(subject: "lock \(constellation)", text: text, trailers: trailers)
      .encoded()
    let tip = try advance(RefName.locks(constellation), log: "weave: lock") { tip in
      try repository.writeCommit(
        tree: resolution.objectID, parents: tip.map { [$0] } ?? [], author: author, committer: author,
        message: message)
    }
    guard let tip else { preconditionFailure("adopting always writes a lock") }
    return LockID(tip)
  }

  /// The lock in force for the constellation, or nil.
  public func lock(for constellation: String) throws -> Lock? {
    try repository.resolve(RefName.locks(constellation)).map { try lock(at: $0) }
  }

  /// The lock of that id.
  public func lock(_ id: LockID) throws -> Lock { try lock(at: id.objectID) }

  /// Every lock of the constellation, newest first.
  public func locks(for constellation: String) throws -> [Lock] {
    var locks: [Lock] = []
    var next = try repository.resolve(RefName.locks(constellation))
    while let id = next {
      locks.append(try lock(at: id))
      next = try repository.commit(id).parents.first
    }
    return locks
  }

  private func lock(at id: ObjectID) throws -> Lock {
    let commit = try repository.commit(id)
    guard let message = RecordMessage(parsing: commit.message), let constellation = message["Weave-Lock"]
    else {
      throw StoreError("the lock \(id) is damaged: its message has no Weave-Lock", hint: "`weave fsck`")
    }
    return Lock(
      id: LockID(id), constellation: constellation, resolution: ResolutionID(commit.tree), text: message.text,
      author: Author(commit.author),
      constellationVersion: message["Weave-Constellation"].flatMap { ObjectID(hex: $0) },
      local: try message.values(of: "Weave-Local").map(Self.member))
  }

  private static func member(_ text: String) throws -> Member {
    let parts = text.split(separator: " ").map(String.init)
    guard parts.count == 2, let commit = CommitID(hex: parts[1]) else {
      throw StoreError("a lock is damaged: '\(text)' is not `project SHA`", hint: "`weave fsck`")
    }
    return Member(project: try ProjectName(parts[0]), commit: commit)
  }
}
