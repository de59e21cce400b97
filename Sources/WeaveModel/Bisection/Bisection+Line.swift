extension Bisection {
  /// The project whose step leads from `low`, which is good, to `high`, which is bad: both are moved together until they
  /// differ by one step. Nil where the sets between them cannot be tested, in whatever order the projects move.
  mutating func firstBadStep(
    _ low: inout HistoryLine.Positions, _ high: inout HistoryLine.Positions,
    _ run: (BisectionQuestion) async throws -> Verdict
  ) async throws -> Int? {
    for order in HistoryLine.Order.allCases {
      let line = HistoryLine(histories, from: low, to: high, order)
      var (good, bad) = (0, line.end)
      useKnown(of: line, &good, &bad)
      while let middle = line.middle(between: good, and: bad, isSkipped: { isSkipped($0, of: line) }) {
        let stepsLeft = line.weights[bad] - line.weights[good]
        let verdict = try await verdict(
          of: set(at: line.positions(at: middle)), for: .search, stepsLeft: stepsLeft,
          extraRuns: histories.count > 1 ? 1 : 0, run)
        switch verdict {
        case .good: good = middle
        case .bad: bad = middle
        case .skipped: continue
        }
      }
      (low, high) = (line.positions(at: good), line.positions(at: bad))
      if bad - good == 1 { return line.moves[good] }
    }
    return nil
  }

  private func isSkipped(_ place: Int, of line: HistoryLine) -> Bool {
    verdicts[set(at: line.positions(at: place))] == .skipped
  }

  /// Moves the ends to the first place that is known to be bad, and the last before it that is known to be good.
  private func useKnown(of line: HistoryLine, _ good: inout Int, _ bad: inout Int) {
    var positions = line.positions(at: 0)
    for place in 0..<line.end {
      if place > 0 {
        switch knownVerdict(of: set(at: positions)) {
        case .bad:
          bad = place
          return
        case .good: good = place
        case .skipped, nil: break
        }
      }
      positions[line.moves[place]] += 1
    }
  }

  /// Every commit that lies between two sets, the oldest of each project first.
  func changes(from low: HistoryLine.Positions, to high: HistoryLine.Positions) -> [BisectionChange] {
    histories.indices.flatMap { index in
      histories[index].steps[low[index]..<high[index]].map {
        BisectionChange($0, of: histories[index].project)
      }
    }
  }
}

extension BisectionChange {
  init(_ step: HistoryStep, of project: ProjectName) {
    self.init(project: project, from: step.from, to: step.to, direction: step.direction)
  }
}
