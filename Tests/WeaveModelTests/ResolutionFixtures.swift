import Testing
import WeaveModel

func project(_ number: Int) -> ProjectName { valid(try ProjectName("p\(number / 10)\(number % 10)")) }

/// The commit that is `age` commits older than the newest of project `number`.
func commit(_ number: Int, _ age: Int) -> CommitID {
  var bytes = Array(repeating: UInt8(0), count: CommitID.byteCount)
  bytes[0] = UInt8((number + 1) >> 8)
  bytes[1] = UInt8((number + 1) & 255)
  for (index, shift) in [16, 8, 0].enumerated() { bytes[17 + index] = UInt8(age >> shift & 255) }
  guard let id = CommitID(bytes: bytes) else { preconditionFailure("twenty bytes") }
  return id
}

func member(_ number: Int, _ age: Int) -> Member {
  Member(project: project(number), commit: commit(number, age))
}

func link(_ one: (Int, Int), _ other: (Int, Int)) -> CommitPair {
  CommitPair(member(one.0, one.1), member(other.0, other.1))
}

func set(_ members: (Int, Int)...) -> CommitSet {
  valid(try CommitSet(members.map { member($0.0, $0.1) }))
}

func domains(_ counts: [Int]) -> [NamedDomain] {
  counts.enumerated().map { number, count in
    NamedDomain(project: project(number), commits: (0..<count).map { commit(number, $0) })
  }
}

func pairs(_ numbers: [(Int, Int)]) -> Set<ProjectPair> {
  Set(numbers.map { ProjectPair(project($0.0), project($0.1)) })
}

func picks(_ ages: Int...) -> [ProjectName: CommitID] {
  Dictionary(uniqueKeysWithValues: ages.enumerated().map { (project($0), commit($0, $1)) })
}

/// The commits that one project may run, by their ids.
struct NamedDomain {
  let project: ProjectName
  let commits: [CommitID]
}

/// A resolution problem with commits by their ids, and its answers.
struct NamedProblem {
  enum Answer: Equatable {
    case resolved([ProjectName: CommitID])
    case none(NamedConflict)
    case gaveUp(steps: Int)
  }

  let table: CommitTable
  let problem: ResolutionProblem

  init(
    domains: [NamedDomain], required: Set<ProjectPair>, meeting: Set<ProjectPair>,
    live: some Sequence<CommitPair>, links: [CommitSet] = [], unfit: [CommitSet]
  ) {
    var table = CommitTable()
    let numbered = domains.map { domain in
      Domain(
        project: domain.project,
        commits: domain.commits.map { table.insert(Member(project: domain.project, commit: $0)) })
    }
    var rows = LinkTable()
    for pair in live { rows.append([table.insert(pair.first), table.insert(pair.second)]) }
    for link in links { rows.append(link.members.map { table.insert($0) }) }
    let forbidden = unfit.map { $0.members.map { table.insert($0) } }
    self.table = table
    problem = ResolutionProblem(
      domains: numbered, required: required, meeting: meeting, links: rows, unfit: forbidden)
  }

  func lexmin(budget: Int = ResolutionProblem.defaultBudget) -> Answer {
    let resolver = Resolver(problem)
    switch resolver.lexmin(budget: budget) {
    case .resolved(let picks): return .resolved(picks.mapValues(table.commit))
    case .gaveUp(let steps, best: _): return .gaveUp(steps: steps)
    case .impossible: return .none(NamedConflict(resolver.conflict(budget: budget / 20), self))
    }
  }

  func number(_ member: Member) -> CommitNumber { valid(try #require(table.number(of: member))) }

  func named(_ picks: Picks) -> [ProjectName: CommitID] { picks.mapValues(table.commit) }

  /// The answer with commits by their ids; nil for an impossible one.
  func named(_ answer: ResolutionAnswer) -> Answer? {
    switch answer {
    case .resolved(let picks): .resolved(named(picks))
    case .gaveUp(let steps, best: _): .gaveUp(steps: steps)
    case .impossible: nil
    }
  }

  func set(_ commits: [CommitNumber]) -> CommitSet { valid(try CommitSet(commits.map { table[$0] })) }

  func pair(_ pair: NumberPair) -> CommitPair { CommitPair(table[pair.first], table[pair.second]) }
}

/// A conflict with commits by their ids.
struct NamedConflict: Equatable {
  let emptyPairs: [ProjectPair]
  let irreducible: [ProjectPair]
  let blockingUnfitSets: [CommitSet]
  let mustUnblockTogether: Bool
  let missingLinks: [CommitPair]
  let isProvedFewest: Bool

  init(_ conflict: Conflict, _ named: NamedProblem) {
    (emptyPairs, irreducible) = (conflict.emptyPairs, conflict.core.map(\.pair))
    blockingUnfitSets = conflict.blockingSets.map { named.set(named.problem.unfit[$0]) }
    mustUnblockTogether = conflict.mustUnblockTogether
    missingLinks = conflict.newLinks.pairs.map(named.pair)
    isProvedFewest = conflict.newLinks.isProvedFewest
  }
}

extension NamedProblem.Answer {
  var conflict: NamedConflict? {
    if case .none(let conflict) = self { conflict } else { nil }
  }

  var picks: [ProjectName: CommitID]? {
    if case .resolved(let picks) = self { picks } else { nil }
  }
}
