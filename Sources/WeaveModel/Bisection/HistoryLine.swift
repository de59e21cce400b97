/// The steps of several projects in one order, which keeps each project's own: a linear extension of their histories.
///
/// A set "at" a place of the line is what the projects are at after so many of its steps, so each place is a real set, and
/// two neighbours differ by one step of one project.
struct HistoryLine {
  /// How the steps of the projects are interleaved.
  enum Order: CaseIterable {
    /// By date, so that the sets are nearly those that there were at the time. A set that nobody ever had, such as the
    /// newest of one project with the oldest of another, often cannot be tested or fails for its own reasons.
    case dates
    /// All steps of the first project, then those of the second, and so on.
    case projects
    /// The last project first.
    case projectsReversed
  }

  /// How many steps each project has gone.
  typealias Positions = [Int]

  private let start: Positions
  /// The project of each step.
  let moves: [Int]
  /// The weight of all steps before each place.
  let weights: [Int]

  init(_ histories: [ProjectHistory], from low: Positions, to high: Positions, _ order: Order) {
    var moves: [(project: Int, step: Int)] = []
    for project in histories.indices where low[project] < high[project] {
      moves += (low[project]..<high[project]).map { (project, $0) }
    }
    switch order {
    case .projects: break
    case .projectsReversed: moves.sort { ($1.project, $0.step) < ($0.project, $1.step) }
    case .dates:
      func key(_ move: (project: Int, step: Int)) -> (Int64, Int, Int) {
        (histories[move.project].steps[move.step].seconds, move.project, move.step)
      }
      moves.sort { key($0) < key($1) }
    }
    start = low
    self.moves = moves.map(\.project)
    var weights = [0]
    for move in moves {
      weights.append(weights[weights.count - 1] + histories[move.project].steps[move.step].brought.count)
    }
    self.weights = weights
  }

  /// The last place: where all have gone all their steps.
  var end: Int { moves.count }

  func positions(at place: Int) -> Positions {
    var positions = start
    for project in moves[..<place] { positions[project] += 1 }
    return positions
  }

  /// The place between two others that halves the weight between them best; nil where all are skipped.
  func middle(between low: Int, and high: Int, isSkipped: (Int) -> Bool) -> Int? {
    func distance(_ place: Int) -> Int { min(weights[place] - weights[low], weights[high] - weights[place]) }
    guard high - low > 1 else { return nil }
    let half = weights[low] + (weights[high] - weights[low]) / 2
    let above = firstPlace(low + 1, high - 1) { weights[$0] >= half }
    let best = [above, max(above - 1, low + 1)].max { distance($0) < distance($1) } ?? above
    guard isSkipped(best) else { return best }
    let ranked = (low + 1..<high).filter { !isSkipped($0) }.sorted {
      (distance($1), $0) < (distance($0), $1)
    }
    return ranked.isEmpty ? nil : ranked[SkipAway.index(among: ranked.count)]
  }

  /// The first place from `low` on for which `holds`, which stays true once it is; `high` where it never is before.
  private func firstPlace(_ low: Int, _ high: Int, _ holds: (Int) -> Bool) -> Int {
    var (low, high) = (low, high)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// Which candidate to try where the best cannot be tested.
enum SkipAway {
  /// An index into the candidates, the best first: mostly a good one, and away from the best, whose neighbours probably
  /// cannot be tested either. The same for the same count (`skip_away` in git's bisect.c, since Git 1.6.4).
  static func index(among count: Int) -> Int {
    let modulus = 32_768
    let random = Int((UInt32(truncatingIfNeeded: count) &* 1_103_515_245 &+ 12_345) / 65_536) % modulus
    return count * random / modulus * root(random) / root(modulus)
  }

  private static func root(_ square: Int) -> Int { Int(Double(square).squareRoot()) }
}
