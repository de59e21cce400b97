/// Finds the smallest change between a good and a bad set of commits of several projects.
///
/// The histories are laid on one line and halved (``HistoryLine``), which ends with one step of one project; where the step
/// is a merge, what it brought is halved as `git bisect` does (``CommitHalving``). A commit that is not bad by itself needs
/// another: with it fixed, the steps before it are searched in the same way for the first with which it is bad. A single
/// commit takes about log2 of all commits and one more run, a pair about twice that: there are n²/2 pairs among n commits,
/// so no search finds one of them in fewer than 2·log2(n) - 1 runs.
///
/// What holds of the answer holds without assuming that a set stays bad once it is: its good and its bad set were both
/// tested and are neighbours (Zeller, "Yesterday, my program worked. Today, it does not. Why?", ESEC/FSE 1999, calls the
/// difference 1-minimal).
public struct Bisection {
  public let histories: [ProjectHistory]
  /// The verdicts of runs, and of sets that were asked for and known.
  var verdicts: [CommitSet: Verdict] = [:]
  /// What is known of a set without a run; nil where nothing is.
  let known: (CommitSet) -> Verdict?
  /// Where the culprits found so far stay.
  var fixed: [Int: CommitID] = [:]

  /// A bisection that runs no set of which `verdicts` or `known` tell; `verdicts` of former runs come first.
  public init(
    _ histories: [ProjectHistory], verdicts: [CommitSet: Verdict] = [:],
    known: @escaping (CommitSet) -> Verdict? = { _ in nil }
  ) {
    (self.histories, self.verdicts, self.known) = (histories, verdicts, known)
  }

  /// All commits that may be looked for.
  public var weight: Int { histories.reduce(0) { $0 + $1.weight } }

  /// Searches, and has `run` test what has to be tested. What `run` throws ends the search; with the verdicts so far a
  /// new one asks for the same set next.
  ///
  /// `knownSets` are sets of which `known` tells, with which the ends are moved together first. The ends themselves are
  /// run too, unless `trustsEnds` or they are known.
  public mutating func find(
    knownSets: [CommitSet] = [], trustsEnds: Bool = false,
    run: (BisectionQuestion) async throws -> Verdict
  ) async throws -> BisectionFinding {
    var low = histories.map { _ in 0 }
    var high = histories.map(\.steps.count)
    try await checkEnds(low, high, trustsEnds: trustsEnds, run)
    narrow(&low, &high, by: knownSets)
    let start = low
    var finding = BisectionFinding(good: set(at: low), bad: set(at: high), alone: set(at: low))
    while true {
      finding.failsAlone = false
      guard let step = try await firstBadStep(&low, &high, run) else {
        finding.suspects = changes(from: low, to: high)
        (finding.good, finding.bad) = (set(at: low), set(at: high))
        return finding
      }
      let outcome = try await firstBadCommit(of: step, from: low, to: high, run)
      (finding.good, finding.bad) = (outcome.good, outcome.bad)
      guard outcome.changes.count == 1, let change = outcome.changes.first else {
        finding.suspects = outcome.changes
        return finding
      }
      finding.changes.append(change)
      fixed[step] = change.to
      (low, high[step]) = (start, start[step])
      finding.alone = set(at: low)
      switch try await verdict(
        of: finding.alone, for: .alone, stepsLeft: weight(from: low, to: high), extraRuns: 1, run)
      {
      case .good: continue
      case .bad: finding.failsAlone = true
      case .skipped: finding.failsAlone = nil
      }
      return finding
    }
  }

  /// The set of what the projects are at after so many steps each.
  func set(at positions: HistoryLine.Positions) -> CommitSet {
    let members = histories.indices.map { index in
      Member(
        project: histories[index].project,
        commit: fixed[index] ?? histories[index].commit(after: positions[index]))
    }
    guard let set = try? CommitSet(members) else { preconditionFailure("one history for each project") }
    return set
  }

  func weight(from low: HistoryLine.Positions, to high: HistoryLine.Positions) -> Int {
    histories.indices.reduce(0) { sum, index in
      sum
        + histories[index].steps[low[index]..<max(low[index], high[index])].reduce(0) {
          $0 + $1.brought.count
        }
    }
  }

  /// What is known of the set without a run.
  func knownVerdict(of set: CommitSet) -> Verdict? { verdicts[set] ?? known(set) }

  /// What is known of the set, else what a run says.
  mutating func verdict(
    of set: CommitSet, for purpose: BisectionQuestion.Purpose, stepsLeft: Int, extraRuns: Int = 0,
    _ run: (BisectionQuestion) async throws -> Verdict
  ) async throws -> Verdict {
    if let verdict = knownVerdict(of: set) { return verdict }
    let halvings = stepsLeft <= 1 ? 0 : Int.bitWidth - (stepsLeft - 1).leadingZeroBitCount
    let verdict = try await run(
      BisectionQuestion(
        commits: set, purpose: purpose, stepsLeft: stepsLeft, runsLeft: max(1, halvings + extraRuns)))
    verdicts[set] = verdict
    return verdict
  }

  private mutating func checkEnds(
    _ low: HistoryLine.Positions, _ high: HistoryLine.Positions, trustsEnds: Bool,
    _ run: (BisectionQuestion) async throws -> Verdict
  ) async throws {
    let (good, bad) = (set(at: low), set(at: high))
    guard !trustsEnds else {
      (verdicts[good], verdicts[bad]) = (.good, .bad)
      return
    }
    let first = try await verdict(of: good, for: .goodEnd, stepsLeft: weight, extraRuns: 3, run)
    guard first == .good else { throw BisectionEndError.goodEnd(first) }
    let last = try await verdict(of: bad, for: .badEnd, stepsLeft: weight, extraRuns: 2, run)
    guard last == .bad else { throw BisectionEndError.badEnd(last) }
  }
}
