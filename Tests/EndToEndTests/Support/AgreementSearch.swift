@testable import LabSupport

/// Searches that are as simple as the definition allows: to judge by, not to be fast.
extension AgreementInstance {
  /// The picks that keep the given pins and tie the given pairs, the newest of all by the order of the projects: found
  /// by trying each project's commits from the newest, and crossing out what no longer can be tied.
  func newest(tying pairs: [Int], keeping pinned: [Int]) -> [Int]? {
    let open = names.indices.map { project in
      pinned.contains(project) ? pins[project].map { [$0] } ?? [] : Array(commits[project].indices)
    }
    return extend([], open, pairs)
  }

  var newest: [Int]? { newest(tying: Array(pairs.indices), keeping: Array(pins.keys)) }

  private func extend(_ picks: [Int], _ open: [[Int]], _ active: [Int]) -> [Int]? {
    let project = picks.count
    if project == names.count { return picks }
    for commit in open[project] {
      var rest = open
      for pair in active where pairs[pair].first == project {
        rest[pairs[pair].second].removeAll { !tied[pair][commit].contains($0) }
      }
      if rest.allSatisfy({ !$0.isEmpty }), let found = extend(picks + [commit], rest, active) { return found }
    }
    return nil
  }

  /// The fewest pairs that picks which keep the pins leave untied, none of them refused; nil where that cannot be.
  var fewestUntied: Int? {
    let open = names.indices.map { project in
      pins[project].map { [$0] } ?? Array(commits[project].indices)
    }
    let lacking = open.map { $0.map { _ in 0 } }
    return (0...pairs.count).first { canLeave($0, untied: 0, [], open, lacking) }
  }

  /// Whether the picks can be completed so that no more than `limit` pairs are untied, with `untied` among themselves.
  /// `lacking` tells for each open commit how many pairs it leaves untied with what is picked.
  private func canLeave(
    _ limit: Int, untied: Int, _ picks: [Int], _ open: [[Int]], _ lacking: [[Int]]
  ) -> Bool {
    let project = picks.count
    if project == names.count { return true }
    var least = untied
    for other in project..<names.count {
      guard let fewest = lacking[other].min() else { return false }
      least += fewest
    }
    guard least <= limit else { return false }
    for (place, commit) in open[project].enumerated() where untied + lacking[project][place] <= limit {
      var (rest, more) = (open, lacking)
      for pair in pairs.indices where pairs[pair].first == project {
        let other = pairs[pair].second
        let kept = rest[other].indices.filter { !refused[pair][commit].contains(rest[other][$0]) }
        more[other] = kept.map { more[other][$0] + (tied[pair][commit].contains(rest[other][$0]) ? 0 : 1) }
        rest[other] = kept.map { rest[other][$0] }
      }
      if canLeave(limit, untied: untied + lacking[project][place], picks + [commit], rest, more) {
        return true
      }
    }
    return false
  }

  /// Whether fewer revoked links than `count` would do if they counted; nil where there are too many ways to try all.
  func canRestoreFewer(than count: Int) -> Bool? {
    // A link that would tie nothing new need not be tried.
    let useful = revoked.indices.filter { place in
      revoked[place].ties.contains { !tied[$0.pair][$0.first].contains($0.second) }
    }
    var sets: [[Int]] = [[]]
    // More links never do less, so that only the largest sets matter.
    for _ in 0..<max(0, min(count - 1, useful.count)) {
      sets = sets.flatMap { set in useful.filter { $0 > set.last ?? -1 }.map { set + [$0] } }
      if sets.count > 2_000 { return nil }
    }
    return sets.contains { restoring($0).newest != nil }
  }
}
