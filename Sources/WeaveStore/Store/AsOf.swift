import Git
import WeaveModel

/// A moment of the past that a store is asked about.
public struct AsOf: Sendable {
  /// In seconds since 1970.
  public let seconds: Int64
  /// The lock that was in force for its constellation then, whatever the dates say.
  public let lock: Lock?

  public init(seconds: Int64, lock: Lock? = nil) { (self.seconds, self.lock) = (seconds, lock) }
}

extension Store {
  /// The store of which manifest, locks, sets, observations, events and tracked refs are those of that moment, as the dates of
  /// their commits have it: of a record that was pulled, not when it came here. Nothing may be written to it.
  ///
  /// A ref of a project has no dates of its own: it is taken to have stood at its newest commit of that moment or before,
  /// along first parents.
  public func at(_ moment: AsOf) -> Store {
    view(asOf: moment, ignoring: ignored)
  }

  /// The commit at which the record stood; where it stands, unless a moment of the past is asked about.
  func recordTip(_ name: String) throws -> ObjectID? {
    let tip = try repository.resolve(name)
    try requireKnown(name, at: tip)
    return try tip.flatMap(past)
  }

  /// The commit at which a record that is now at `tip` stood then; nil where it was not yet there.
  ///
  /// A commit counts as no older than those before it, whatever its date says.
  func past(_ tip: ObjectID) throws -> ObjectID? {
    guard let asOf else { return tip }
    var newestFirst = [try repository.commit(tip)]
    // Of what was joined since, the side that was the newest.
    while let commit = newestFirst.last,
      let next = try commit.parents.map(repository.commit).max(by: {
        $0.committer.seconds < $1.committer.seconds
      })
    {
      newestFirst.append(next)
    }
    let oldestFirst = newestFirst.reversed()
    let isLater = { (commit: Commit) in commit.committer.seconds > asOf.seconds }
    return oldestFirst.prefix { !isLater($0) }.last?.id
  }

  /// The commit at which a ref of a project that is now at `tip` is taken to have stood.
  func pastOnMainline(_ tip: ObjectID) throws -> ObjectID? {
    guard let asOf else { return tip }
    var commit = try repository.commit(tip)
    while commit.committer.seconds > asOf.seconds {
      guard let parent = commit.parents.first else { return nil }
      commit = try repository.commit(parent)
    }
    return commit.id
  }
}
