import TestSupport
import Testing
import WeaveModel

/// A history of one project whose commits are numbered, parents before children.
struct NumberedHistory {
  let project: Int
  private(set) var parents: [[Int]] = []
  private(set) var seconds: [Int64] = []
  var good = 0
  var bad = 0

  init(project: Int) { self.project = project }

  @discardableResult
  mutating func commit(on parents: [Int], at seconds: Int64) -> Int {
    self.parents.append(parents)
    self.seconds.append(seconds)
    return self.parents.count - 1
  }

  /// What `tip` contains, itself included.
  func ancestry(of tip: Int) -> Set<Int> {
    var (found, pending): (Set<Int>, [Int]) = ([tip], [tip])
    while let next = pending.popLast() {
      for parent in parents[next] where found.insert(parent).inserted { pending.append(parent) }
    }
    return found
  }

  /// The commits between good and bad, as bisection takes them.
  var history: ProjectHistory {
    let (ofGood, ofBad) = (ancestry(of: good), ancestry(of: bad))
    func commits(_ numbers: Set<Int>) -> [ProjectHistory.Commit] {
      numbers.sorted().map { number in
        ProjectHistory.Commit(
          id: WeaveModelTests.commit(project, number),
          parents: parents[number].map { WeaveModelTests.commit(project, $0) }, seconds: seconds[number])
      }
    }
    return ProjectHistory(
      of: WeaveModelTests.project(project), good: WeaveModelTests.commit(project, good),
      bad: WeaveModelTests.commit(project, bad),
      base: ofGood.intersection(ofBad).max().map { WeaveModelTests.commit(project, $0) },
      ahead: commits(ofBad.subtracting(ofGood)), behind: commits(ofGood.subtracting(ofBad)))
  }

  /// The commits that a bug may be planted in.
  var suspects: [Int] { ancestry(of: bad).subtracting(ancestry(of: good)).sorted() }

  /// One commit after another, an hour apart, the first good and the last bad.
  static func linear(project: Int, steps: Int) -> Self {
    var history = Self(project: project)
    history.commit(on: [], at: 0)
    for step in 0..<steps { history.commit(on: [step], at: Int64(step + 1) * 3_600) }
    (history.good, history.bad) = (0, steps)
    return history
  }

  /// A main line with branches that leave it, before the good commit too, grow, and are merged into it.
  static func merging(
    project: Int, steps: Int, _ generator: inout SeededGenerator
  ) -> Self {
    var history = Self(project: project)
    history.commit(on: [], at: 0)
    for old in 0..<8 { history.commit(on: [old], at: 0) }
    history.good = 8
    var main = Array(0...8)
    var branches: [Int] = []
    for step in 0..<steps {
      let seconds = Int64(step) * 3_600 + Int64.random(in: -9_000...9_000, using: &generator)
      func tip() -> Int { main[main.count - 1] }
      switch Int.random(in: 0..<10, using: &generator) {
      case 0 where branches.count < 4:
        let fork = main[Int.random(in: max(0, main.count - 12)..<main.count, using: &generator)]
        branches.append(history.commit(on: [fork], at: seconds))
      case 1 where !branches.isEmpty:
        let branch = branches.remove(at: Int.random(in: branches.indices, using: &generator))
        main.append(history.commit(on: [tip(), branch], at: seconds))
      case 2...6 where !branches.isEmpty:
        let branch = Int.random(in: branches.indices, using: &generator)
        // A branch may take in the main line, too.
        let extra = Int.random(in: 0..<8, using: &generator) == 0 ? [tip()] : []
        branches[branch] = history.commit(on: [branches[branch]] + extra, at: seconds)
      default: main.append(history.commit(on: [tip()], at: seconds))
      }
    }
    for branch in branches {
      main.append(history.commit(on: [main[main.count - 1], branch], at: Int64(steps) * 3_600))
    }
    history.bad = main[main.count - 1]
    return history
  }
}

/// A bug that shows where every one of some commits, each of one project, is contained.
struct PlantedBug {
  let histories: [NumberedHistory]
  let culprits: [(project: Int, commit: Int)]
  private let bearers: [Set<CommitID>]

  init(in histories: [NumberedHistory], _ culprits: [(project: Int, commit: Int)]) {
    (self.histories, self.culprits) = (histories, culprits)
    bearers = culprits.map { culprit in
      let history = histories[culprit.project]
      var bearing = Set([culprit.commit])
      for number in history.parents.indices where history.parents[number].contains(where: bearing.contains) {
        bearing.insert(number)
      }
      return Set(bearing.map { commit(culprit.project, $0) })
    }
  }

  var members: Set<Member> { Set(culprits.map { member($0.project, $0.commit) }) }

  func isBad(_ set: CommitSet) -> Bool {
    zip(culprits, bearers).allSatisfy { culprit, bearers in
      set[project(culprit.project)].map(bearers.contains) ?? false
    }
  }

  func verdict(of set: CommitSet) -> Verdict { isBad(set) ? .bad : .good }
}

/// What a bisection found, and what it had run.
struct BisectionOutcome {
  let finding: BisectionFinding
  let runs: [CommitSet]
  let weight: Int

  /// The runs that halving takes at best: log2 of all steps, rounded up.
  var halvings: Int { Self.halvings(of: weight) }

  static func halvings(of count: Int) -> Int {
    count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
  }
}

func bisect(
  _ histories: [NumberedHistory], known: @escaping (CommitSet) -> Verdict? = { _ in nil },
  knownSets: [CommitSet] = [], _ verdict: (CommitSet) -> Verdict
) async throws -> BisectionOutcome {
  var bisection = Bisection(histories.map(\.history), known: known)
  var runs: [CommitSet] = []
  let finding = try await bisection.find(knownSets: knownSets, trustsEnds: true) { question in
    runs.append(question.commits)
    return verdict(question.commits)
  }
  return BisectionOutcome(finding: finding, runs: runs, weight: bisection.weight)
}
