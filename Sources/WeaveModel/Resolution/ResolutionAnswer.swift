/// The commit of each project, by number.
public typealias Picks = [ProjectName: CommitNumber]

/// What a resolution problem comes to.
public enum ResolutionAnswer: Sendable, Equatable {
  /// The best picks that fit, compared project by project in the order of priority.
  case resolved(Picks)
  /// Nothing fits.
  case impossible
  /// The budget was spent before the answer was known; with picks that fit, if any were found, which need not be the
  /// best.
  case gaveUp(steps: Int, best: Picks?)
}
