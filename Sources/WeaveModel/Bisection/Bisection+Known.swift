extension Bisection {
  /// Moves the ends together to sets of which something is known: the bad end to the known bad set that the fewest steps
  /// lead to, then the good end to the known good one that the fewest steps are left from.
  func narrow(
    _ low: inout HistoryLine.Positions, _ high: inout HistoryLine.Positions, by sets: [CommitSet]
  ) {
    let start = low
    for verdict in [Verdict.bad, .good] {
      for set in sets {
        guard let place = positions(of: set, from: start, to: high), place != start, place != high,
          knownVerdict(of: self.set(at: place)) == verdict
        else { continue }
        if verdict == .bad {
          high = place
        } else if weight(from: place, to: high) < weight(from: low, to: high) {
          low = place
        }
      }
    }
  }

  /// Where the projects that `set` names stand as it says and all others as at `low`; nil where one of them never does
  /// on its way to `high`.
  private func positions(
    of set: CommitSet, from low: HistoryLine.Positions, to high: HistoryLine.Positions
  ) -> HistoryLine.Positions? {
    var positions = low
    for (index, history) in histories.enumerated() {
      guard let commit = set[history.project] else { continue }
      guard let position = history.position(of: commit), position >= low[index], position <= high[index]
      else { return nil }
      positions[index] = position
    }
    return positions
  }
}
