import WeaveModel

func project(_ number: Int) -> ProjectName { valid(try ProjectName("p\(number / 10)\(number % 10)")) }

/// The commit that is `age` commits older than the newest of project `number`.
func commit(_ number: Int, _ age: Int) -> CommitID {
  var bytes = Array(repeating: UInt8(0), count: CommitID.byteCount)
  bytes[0] = UInt8(number + 1)
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

func domains(_ counts: [Int]) -> [Domain] {
  counts.enumerated().map { number, count in
    Domain(project: project(number), commits: (0..<count).map { commit(number, $0) })
  }
}

func pairs(_ numbers: [(Int, Int)]) -> Set<ProjectPair> {
  Set(numbers.map { ProjectPair(project($0.0), project($0.1)) })
}

func picks(_ ages: Int...) -> [ProjectName: CommitID] {
  Dictionary(uniqueKeysWithValues: ages.enumerated().map { (project($0), commit($0, $1)) })
}

extension ResolutionAnswer {
  var conflict: Conflict? {
    if case .none(let conflict) = self { conflict } else { nil }
  }

  var picks: [ProjectName: CommitID]? {
    if case .resolved(let picks) = self { picks } else { nil }
  }
}
