import ForeignText
import Git

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension Store {
  /// Runs `body` while no other process that writes the store does.
  func locked<Value>(_ body: () throws -> Value) throws -> Value {
    let lock = try StoreLock(gitDirectory: repository.gitDirectory, warn: warn)
    try closePrivate()
    defer { withExtendedLifetime(lock, writeKnownTips) }
    return try body()
  }

  /// As ``locked(_:)``, for what waits for other programs.
  public func holdingLock<Value>(_ body: () async throws -> Value) async throws -> Value {
    let lock = try StoreLock(gitDirectory: repository.gitDirectory, warn: warn)
    defer { withExtendedLifetime(lock, writeKnownTips) }
    return try await body()
  }

  /// Moves `reference` by one compare-and-swap to what `next` makes of its present tip, again on a lost race.
  ///
  /// - Returns: the new tip; the old one where `next` returned nil.
  @discardableResult
  func advance(
    _ reference: String, log: String, _ next: (_ tip: ObjectID?) throws -> ObjectID?
  ) throws -> ObjectID? {
    try locked { try advanceLocked(reference, log: log, next) }
  }

  /// As ``advance(_:log:_:)``, for a caller that holds the store's lock.
  @discardableResult
  func advanceLocked(
    _ reference: String, log: String, _ next: (_ tip: ObjectID?) throws -> ObjectID?
  ) throws -> ObjectID? {
    let tip = try Chain.advance(reference, of: repository, log: log, warn: warn) { tip in
      guard let new = try next(tip) else { return nil }
      do { try requireKnown(reference, at: tip) } catch is LostTip {
        // What brings it back is taken.
        try requireKnown(reference, at: new)
      }
      return new
    }
    if let tip { noteLocked(reference, at: tip) }
    return tip
  }
}

/// A ref that goes from one commit to the next.
enum Chain {
  /// How long a writer retries on a ref that somebody else has locked or moved.
  private static let patienceInSeconds = 10

  /// Moves `reference` of `repository` by one compare-and-swap to what `next` makes of its present tip, again on a
  /// lost race; removes a lock that a killed process left, and warns of that.
  ///
  /// - Returns: the new tip; the old one where `next` returned nil.
  @discardableResult
  static func advance(
    _ reference: String, of repository: Repository, log: String, warn: (String) -> Void,
    _ next: (_ tip: ObjectID?) throws -> ObjectID?
  ) throws -> ObjectID? {
    let deadline = time(nil) + patienceInSeconds
    while true {
      let tip = try repository.resolve(reference)
      guard let new = try next(tip) else { return tip }
      guard let obstacle = update(reference, of: repository, from: tip, to: new, log: log) else { return new }
      guard obstacle.isPassing, time(nil) < deadline else { throw obstacle }
      let isFreed =
        obstacle.code == .locked
        && StaleLock.remove(reference: reference, gitDirectory: repository.commonDirectory, warn: warn)
      if !isFreed { usleep(UInt32.random(in: 2_000...30_000)) }
    }
  }

  /// What kept the ref from being moved, or nil.
  private static func update(
    _ reference: String, of repository: Repository, from tip: ObjectID?, to new: ObjectID, log: String
  ) -> GitError? {
    do {
      try repository.updateReference(reference, to: new, expecting: tip, log: log)
      return nil
    } catch {
      return error
    }
  }
}

extension GitError {
  /// Whether the next try may succeed: another writer was there first, or is there now.
  ///
  /// `git pack-refs` removes directories that it has emptied, at times just as libgit2 makes a file in one.
  fileprivate var isPassing: Bool {
    [.locked, .modified, .exists].contains(code) || message.holds("No such file or directory")
  }
}
