extension Int {
  /// The most that each of `counts` may have, so that all together have no more than this: those with less than their share
  /// leave the rest to the others. `Int.max` where all fit.
  public func share(among counts: [Int]) -> Int {
    var left = self
    for (index, count) in counts.sorted().enumerated() {
      let share = left / (counts.count - index)
      guard count <= share else { return Swift.max(1, share) }
      left -= count
    }
    return .max
  }
}
