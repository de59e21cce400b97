/// How far a machine's last word about itself can be relied on; never part of its compliance.
public enum Freshness: String, Sendable, CaseIterable {
  case fresh
  /// Older than allowed; kept, and shown with its age.
  case stale
  /// Said at a date that is still to come, by more than clocks differ: when it was said nobody knows.
  case clockAhead = "clock-ahead"
  /// Asked just now, and silent.
  case unreachable
  /// It never said anything.
  case never
}

extension Freshness {
  /// By how many seconds a date may be ahead of this clock: five minutes, as Kerberos allows (RFC 4120, 5.9.1).
  public static let mostClockSkew: Int64 = 300

  /// Of what was said at `seen`, where it is `now`, and `age` seconds are the most that is fresh.
  public init(seen: Int64, now: Int64, staleAfter age: Int64) {
    self =
      if seen > now.addingClamped(Self.mostClockSkew) {
        .clockAhead
      } else if now.subtractingClamped(seen) > age {
        .stale
      } else { .fresh }
  }
}

extension Int64 {
  fileprivate func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  fileprivate func subtractingClamped(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (self < 0 ? .min : .max) : difference
  }
}

/// All that a machine's status is told from.
public struct MachineReport: Sendable, Equatable {
  /// The most that a machine may say at once, in bytes.
  public static let mostBytes = 1 << 20
  /// The greatest number that a machine may give a report itself: the greatest whole number that every reader of JSON takes
  /// for itself (RFC 8259, section 6).
  public static let greatestSequence = (1 << 53) - 1

  public let machine: String
  public let freshness: Freshness
  /// Whether its observed set is unfit, or is so together with what the machines run that it is coupled to.
  public let isUnfit: Bool
  public let isInStoredConstellation: Bool
  /// Whether a required pair of its observed set is not live.
  public let isUntested: Bool
  /// Whether a hold on it is past its `until`; it stays in force.
  public let hasExpiredHold: Bool
  /// Whether somebody knows of what is wrong, and expects it: then it fails nothing, unless it is incompatible.
  public let isAcknowledged: Bool
  public let comparisons: [ProjectComparison]
  /// Whether anything at all is wanted of it.
  public let wantsAnything: Bool
  /// Whether it ever said what it runs.
  public let isObserved: Bool
  /// The first word that applies.
  public let compliance: Compliance

  /// The report of those facts. Unless said otherwise, something is wanted when a comparison wants a commit, and
  /// the machine was observed unless its freshness is `never`.
  public init(
    machine: String, freshness: Freshness, isUnfit: Bool = false, isInStoredConstellation: Bool = true,
    wantsAnything: Bool? = nil, isObserved: Bool? = nil, isUntested: Bool = false,
    hasExpiredHold: Bool = false, isAcknowledged: Bool = false, comparisons: [ProjectComparison]
  ) {
    (self.machine, self.freshness, self.comparisons) = (machine, freshness, comparisons)
    (self.isUnfit, self.isInStoredConstellation) = (isUnfit, isInStoredConstellation)
    (self.isUntested, self.hasExpiredHold) = (isUntested, hasExpiredHold)
    self.isAcknowledged = isAcknowledged
    self.wantsAnything = wantsAnything ?? comparisons.contains { $0.wanted != nil }
    self.isObserved = isObserved ?? (freshness != .never)
    compliance =
      if isUnfit { .incompatible } else if !isInStoredConstellation { .unmanaged } else if !self.wantsAnything
      { .unassigned } else if !self.isObserved { .unobserved } else { Self.compliance(of: comparisons) }
  }

  private static func compliance(of comparisons: [ProjectComparison]) -> Compliance {
    let drifts = Set(comparisons.map(\.drift))
    let isBehind = drifts.contains(.behind) || drifts.contains(.missing)
    if drifts.contains(.dirty) || drifts.contains(.foreign) { return .drifted }
    if drifts.contains(.forked) { return .diverged }
    if isBehind { return drifts.contains(.ahead) ? .mixed : .behind }
    if drifts.contains(.ahead) { return .ahead }
    if comparisons.contains(where: { $0.isHeld && $0.wanted != nil }) { return .held }
    return drifts.contains(.sameTree) ? .equivalent : .inSync
  }
}
