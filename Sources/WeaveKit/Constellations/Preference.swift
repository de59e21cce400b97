import WeaveModel

/// Which of several commits that fit a resolution takes.
public enum Preference: Sendable, Equatable {
  /// The newest.
  case newest
  /// The one in the lock in force, else the newest: the least movement.
  case locked
  /// The newest of these projects, which come first, and of all others the one in the lock.
  case updating([ProjectName])
  /// The one in the lock, whose commits are taken to be compatible, so that only what a revocation forbids is moved.
  case lockedUnlessRevoked

  /// Whether it asks for a lock.
  var needsLock: Bool { self != .newest }

  /// The projects whose newest commits come first, before all others.
  var updated: [ProjectName] {
    if case .updating(let projects) = self { projects } else { [] }
  }
}
