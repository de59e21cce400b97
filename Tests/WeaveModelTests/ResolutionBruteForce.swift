import TestSupport
import WeaveModel

/// The definition of a resolution, tried on every product of the domains.
struct BruteForce {
  let domains: [NamedDomain]
  var required: [ProjectPair]
  var meeting: Set<ProjectPair>
  var live: Set<CommitPair>
  var unfit: [CommitSet]
  /// Every choice of one commit for each project, the newest first, compared in the order of the domains.
  let choices: [[ProjectName: CommitID]]

  init(random generator: inout SeededGenerator) {
    let count = Int.random(in: 2...5, using: &generator)
    var sizes = (0..<count).map { _ in Int.random(in: 1...(count == 5 ? 4 : 5), using: &generator) }
    if Int.random(in: 0..<4, using: &generator) == 0 { sizes[0] = 1 }
    let ordered = makeDomains(sizes).shuffled(using: &generator)
    (domains, required, meeting, live, unfit) = (ordered, [], [], [], [])
    let meets = Double.random(in: 0.3...1, using: &generator)
    let requires = Double.random(in: 0.2...1, using: &generator)
    let density = Double.random(in: 0.1...0.8, using: &generator)
    choices = ordered.reduce([[:]]) { choices, domain in
      choices.flatMap { choice in domain.commits.map { choice.merging([domain.project: $0]) { $1 } } }
    }
    for left in 0..<count {
      for right in (left + 1)..<count {
        guard Double.random(in: 0..<1, using: &generator) < meets else { continue }
        meeting.insert(ProjectPair(project(left), project(right)))
        if Double.random(in: 0..<1, using: &generator) < requires {
          required.append(ProjectPair(project(left), project(right)))
        }
        for one in 0..<sizes[left] + 1 {
          for other in 0..<sizes[right] + 1 where Double.random(in: 0..<1, using: &generator) < density {
            live.insert(link((left, one), (right, other)))
          }
        }
      }
    }
    for _ in 0..<Int.random(in: 0...8, using: &generator) {
      let size = min(count, Int.random(in: 1...4, using: &generator))
      let members = Array(0..<count).shuffled(using: &generator).prefix(size).map { number in
        member(number, Int.random(in: 0..<sizes[number], using: &generator))
      }
      if let set = try? CommitSet(members) { unfit.append(set) }
    }
  }

  var problem: NamedProblem {
    NamedProblem(
      domains: domains, required: Set(required), meeting: meeting, live: live.sorted(), unfit: unfit)
  }

  func pair(_ pair: ProjectPair, of choice: [ProjectName: CommitID]) -> CommitPair? {
    guard let first = choice[pair.first], let second = choice[pair.second] else { return nil }
    return CommitPair(
      Member(project: pair.first, commit: first), Member(project: pair.second, commit: second))
  }

  func lacking(_ choice: [ProjectName: CommitID]) -> [CommitPair] {
    required.compactMap { pair($0, of: choice) }.filter { !live.contains($0) }.sorted()
  }

  func inForce(_ set: CommitSet) -> Bool {
    set.pairs.allSatisfy { meeting.contains(ProjectPair($0.first.project, $0.second.project)) }
  }

  func isUnfit(_ choice: [ProjectName: CommitID]) -> Bool {
    unfit.contains { set in inForce(set) && set.members.allSatisfy { choice[$0.project] == $0.commit } }
  }

  var best: [ProjectName: CommitID]? { choices.first { lacking($0).isEmpty && !isUnfit($0) } }

  /// The fewest links to add, of equally few those with the newest picks; nil when none would do.
  var fewestLinks: [CommitPair]? {
    choices.filter { !isUnfit($0) }.map(lacking).min { $0.count < $1.count }
  }

  func without(_ sets: [CommitSet]) -> BruteForce {
    var rest = self
    rest.unfit.removeAll { sets.contains($0) }
    return rest
  }

  func requiring(_ pairs: [ProjectPair]) -> BruteForce {
    var rest = self
    rest.required = pairs
    return rest
  }
}

private func makeDomains(_ sizes: [Int]) -> [NamedDomain] { WeaveModelTests.domains(sizes) }
