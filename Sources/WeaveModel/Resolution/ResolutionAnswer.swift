/// What a resolution problem comes to.
public enum ResolutionAnswer: Sendable, Equatable {
  /// The newest picks that fit, compared project by project in the order of priority.
  case resolved([ProjectName: CommitID])
  /// Nothing fits, and why.
  case none(Conflict)
  /// The budget was spent before the answer was known.
  case gaveUp(steps: Int)
}

/// Why nothing fits, and what would change that.
public struct Conflict: Sendable, Equatable {
  /// The required pairs of projects that have no live pair of candidate commits at all.
  public let emptyPairs: [ProjectPair]
  /// The unfit sets each of which, taken away alone, would make it fit; if there is none such, a smallest set
  /// found that must all be taken away together. Empty when taking away every one would not do; in very large
  /// problems some may be left out.
  public let blockingUnfitSets: [CommitSet]
  /// Whether the blocking sets must all be taken away, rather than any one of them.
  public let mustUnblockTogether: Bool
  /// The fewest new links that would make it fit, none of them of an unfit pair, and of equally few those with
  /// the newest picks. Empty when no new links would do.
  public let missingLinks: [CommitPair]
  /// Whether no fewer new links would do. When the problem was too large to tell, the links given are the
  /// fewest found.
  public let isProvedFewest: Bool
  /// Required pairs of projects that cannot all hold together, none of which can be left out. Empty when it
  /// does not fit even with nothing required.
  public let irreducible: [ProjectPair]

  public init(
    emptyPairs: [ProjectPair], blockingUnfitSets: [CommitSet], mustUnblockTogether: Bool,
    missingLinks: [CommitPair], isProvedFewest: Bool, irreducible: [ProjectPair]
  ) {
    self.emptyPairs = emptyPairs
    self.blockingUnfitSets = blockingUnfitSets
    self.mustUnblockTogether = mustUnblockTogether
    self.missingLinks = missingLinks
    self.isProvedFewest = isProvedFewest
    self.irreducible = irreducible
  }
}
