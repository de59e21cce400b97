/// Where each commit of a ``LinkGraph`` stands: tied commits in one row where the order of the lanes allows it.
///
/// Commits of one row are a class of a partition whose quotient, with an edge from each commit to the next of its lane, has
/// no cycle; a row is then the longest path from the top, the layering of Sugiyama, Tagawa and Toda (1981).
public struct GraphLayout: Sendable {
  /// The row of each commit by its lane and its number there, from 0 at the top; they rise along a lane.
  public let rows: [[Int]]
  public let rowCount: Int
  /// The numbers of the ties, the topmost first.
  public let tiesFromTop: [Int]

  /// Lays out `graph`, in time of the number of ties by that of commits.
  public init(_ graph: LinkGraph) {
    var classes = RowClasses(graph.lanes.map(\.commits.count))
    for tie in graph.ties {
      // Whole where that works; else as many neighbours as do.
      if classes.join(tie.places) { continue }
      for (one, other) in zip(tie.places, tie.places.dropFirst()) { _ = classes.join([one, other]) }
    }
    let rows = classes.rows()
    self.rows = rows
    rowCount = (rows.joined().max() ?? -1) + 1
    func key(_ tie: Int) -> (Int, Int, EventID) {
      let own = graph.ties[tie].places.map { rows[$0.lane][$0.index] }
      return (own.min() ?? 0, own.reduce(0, +), graph.ties[tie].event)
    }
    let keys = graph.ties.indices.map(key)
    tiesFromTop = graph.ties.indices.sorted { keys[$0] < keys[$1] }
  }

  public subscript(place: LinkGraph.Place) -> Int { rows[place.lane][place.index] }
}

/// Which commits share a row.
private struct RowClasses {
  private let starts: [Int]
  private let counts: [Int]
  private var parent: [Int]
  private var members: [[Int]]

  init(_ counts: [Int]) {
    self.counts = counts
    starts = counts.indices.map { counts[..<$0].reduce(0, +) }
    parent = Array(0..<counts.reduce(0, +))
    members = parent.map { [$0] }
  }

  /// Puts the commits at `places` in one row, unless one of them would come above itself; says whether it did.
  mutating func join(_ places: [LinkGraph.Place]) -> Bool {
    let roots = Set(places.map { root(starts[$0.lane] + $0.index) })
    guard roots.count > 1 else { return true }
    var (seen, pending): (Set<Int>, [Int]) = ([], roots.flatMap(below))
    while let next = pending.popLast() {
      if roots.contains(next) { return false }
      if seen.insert(next).inserted { pending += below(next) }
    }
    guard let first = roots.min() else { return true }
    for other in roots where other != first {
      parent[other] = first
      members[first] += members[other]
    }
    return true
  }

  func rows() -> [[Int]] {
    var rowOf = [Int](repeating: 0, count: parent.count)
    var above = [Int](repeating: 0, count: parent.count)
    let roots = parent.indices.filter { root($0) == $0 }
    for next in roots.flatMap(below) { above[next] += 1 }
    var ready = roots.filter { above[$0] == 0 }
    while let own = ready.popLast() {
      for next in below(own) {
        rowOf[next] = max(rowOf[next], rowOf[own] + 1)
        above[next] -= 1
        if above[next] == 0 { ready.append(next) }
      }
    }
    return zip(starts, counts).map { start, count in (start..<start + count).map { rowOf[root($0)] } }
  }

  private func root(_ commit: Int) -> Int {
    var commit = commit
    while parent[commit] != commit { commit = parent[commit] }
    return commit
  }

  /// The classes of what comes next in a lane after a member of this one.
  private func below(_ own: Int) -> [Int] {
    members[own].compactMap { member in
      let next = member + 1
      return starts.contains(next) || next == parent.count ? nil : root(next)
    }
  }
}
