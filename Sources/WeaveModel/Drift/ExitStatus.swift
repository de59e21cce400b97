/// What weave exits with.
public enum ExitStatus: Int, Sendable, CaseIterable {
  case success = 0
  /// A usage or an internal error; never says anything about drift.
  case error = 1
  /// Something is to be changed: behind, ahead, unassigned, a hold past its `until`.
  case changesWanted = 2
  /// Reality moved: mixed, diverged, drifted.
  case moved = 3
  /// It cannot be told: stale, unreachable, never, a clock that is ahead; a resolver that gave up.
  case cannotTell = 4
  /// Incompatible, an unfit lock, or no resolution.
  case unfit = 5
  /// Kept for rollouts: a lock is held, or a plan is stale.
  case refused = 6
  /// Kept for rollouts: interrupted, and not rolled back.
  case interrupted = 7
}

/// A word that `--fail-on` takes.
public enum FailOn: String, Sendable, CaseIterable {
  case drifted, diverged, mixed
  case stale, unreachable, never
  /// What the machine said bears a date that is still to come.
  case clockAhead = "clock-ahead"
  /// The resolver gave up.
  case gaveUp = "gave-up"
  case behind, ahead, unassigned
  /// A hold is past its `until`.
  case holdExpired = "hold-expired"
  /// A required pair that runs is not live. Fails only when asked for by this word.
  case untested
  /// Fails whether asked for or not; named alone it leaves nothing else to fail.
  case incompatible

  /// What a process exits with for this word.
  public var status: ExitStatus {
    switch self {
    case .incompatible: .unfit
    case .drifted, .diverged, .mixed: .moved
    case .stale, .unreachable, .never, .clockAhead, .gaveUp: .cannotTell
    case .behind, .ahead, .unassigned, .holdExpired, .untested: .changesWanted
    }
  }
}

extension MachineReport {
  /// Every word of `--fail-on` that is true of this machine; where it is acknowledged, of those only `incompatible`.
  public var findings: Set<FailOn> {
    var words: Set<FailOn> = []
    switch compliance {
    case .incompatible: words.insert(.incompatible)
    case .drifted: words.insert(.drifted)
    case .diverged: words.insert(.diverged)
    case .mixed: words.insert(.mixed)
    case .behind: words.insert(.behind)
    case .ahead: words.insert(.ahead)
    case .unassigned: words.insert(.unassigned)
    case .unobserved: words.insert(.never)
    case .unmanaged, .held, .equivalent, .inSync: break
    }
    switch freshness {
    case .fresh: break
    case .stale: words.insert(.stale)
    case .unreachable: words.insert(.unreachable)
    case .never: words.insert(.never)
    case .clockAhead: words.insert(.clockAhead)
    }
    if hasExpiredHold { words.insert(.holdExpired) }
    if isUntested { words.insert(.untested) }
    return isAcknowledged ? words.intersection([.incompatible]) : words
  }
}

/// What `--exit-code` exits with: the first that applies of 5, 3, 4, 2 and 0.
///
/// `failOn` narrows what gives 2 to 4 to its words, and never hides 5; nil is every word but `untested`.
public func exitCode(
  for machines: some Sequence<MachineReport>, hasUnfitWanted: Bool = false, lacksResolution: Bool = false,
  resolverGaveUp: Bool = false, failOn: Set<FailOn>? = nil
) -> Int {
  var words = machines.reduce(into: Set<FailOn>()) { $0.formUnion($1.findings) }
  if resolverGaveUp { words.insert(.gaveUp) }
  if hasUnfitWanted || lacksResolution || words.contains(.incompatible) { return ExitStatus.unfit.rawValue }
  words.formIntersection(failOn ?? Set(FailOn.allCases).subtracting([.untested]))
  let statuses = Set(words.map(\.status))
  let order: [ExitStatus] = [.moved, .cannotTell, .changesWanted]
  return (order.first(where: statuses.contains) ?? .success).rawValue
}
