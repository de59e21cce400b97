extension Explanation {
  /// Edges of an impossible demand that are impossible by themselves, beside its nogoods, and of which each is
  /// needed for that.
  ///
  /// Leaves out whole runs of edges while what stays is still impossible, then ever shorter ones (A. Zeller and
  /// R. Hildebrandt, "Simplifying and isolating failure-inducing input", 2002). Once the budget is spent, what
  /// is left is returned: impossible, though perhaps not minimal.
  mutating func irreducible(_ demand: Demand) -> [Int] {
    var kept = demand.edges.indices.filter { demand.edges[$0] }
    let bare = demand.without(edges: kept)
    var length = kept.count
    while length > 0 {
      var index = 0
      while index < kept.count {
        let run = kept[index..<min(index + length, kept.count)]
        let rest = kept[..<index] + kept[run.endIndex...]
        var smaller = bare
        for edge in rest { smaller.edges[edge] = true }
        if witness(smaller) == .impossible {
          kept = Array(rest)
        } else {
          index += length
        }
      }
      length /= 2
    }
    return kept
  }
}
