import TestSupport
import WeaveModel

/// The definition of a resolution, tried on every product of the domains.
struct BruteForce {
  typealias Choice = [ProjectName: CommitID]

  /// In the order of priority; each in the order of preference, which need not be newest first.
  var domains: [NamedDomain]
  var required: [ProjectPair]
  var meeting: Set<ProjectPair>
  /// The links of two commits.
  var pairs: [CommitPair]
  /// The links of three commits or more.
  var links: [CommitSet]
  var unfit: [CommitSet]

  var problem: NamedProblem {
    NamedProblem(
      domains: domains, required: Set(required), meeting: meeting, live: pairs, links: links, unfit: unfit)
  }

  /// Every choice of one commit for each project, the best first, compared in the order of the domains.
  var choices: [Choice] {
    domains.reduce([[:]]) { choices, domain in
      choices.flatMap { choice in domain.commits.map { choice.merging([domain.project: $0]) { $1 } } }
    }
  }

  var live: Set<CommitPair> { Set(pairs + links.flatMap(\.pairs)) }

  func pair(_ pair: ProjectPair, of choice: Choice) -> CommitPair? {
    guard let first = choice[pair.first], let second = choice[pair.second] else { return nil }
    return CommitPair(
      Member(project: pair.first, commit: first), Member(project: pair.second, commit: second))
  }

  func lacking(_ choice: Choice) -> [CommitPair] { lacking(choice, live) }

  private func lacking(_ choice: Choice, _ live: Set<CommitPair>) -> [CommitPair] {
    required.compactMap { pair($0, of: choice) }.filter { !live.contains($0) }.sorted()
  }

  func inForce(_ set: CommitSet) -> Bool {
    set.pairs.allSatisfy { meeting.contains(ProjectPair($0.first.project, $0.second.project)) }
  }

  func isUnfit(_ choice: Choice) -> Bool {
    unfit.contains { set in inForce(set) && set.members.allSatisfy { choice[$0.project] == $0.commit } }
  }

  /// Every choice that is not unfit, with the links that it lacks.
  var fit: [(choice: Choice, lacking: [CommitPair])] {
    let live = live
    let forbidding = unfit.filter(inForce)
    return choices.filter { choice in
      !forbidding.contains { set in set.members.allSatisfy { choice[$0.project] == $0.commit } }
    }.map { ($0, lacking($0, live)) }
  }

  var solutions: [Choice] { fit.filter { $0.lacking.isEmpty }.map(\.choice) }

  var best: Choice? { solutions.first }

  /// The fewest links to add, of equally few those with the best picks; nil when none would do.
  var fewestLinks: [CommitPair]? { fit.map(\.lacking).min { $0.count < $1.count } }

  /// How many candidates come before the picks, in all domains together.
  func age(_ choice: Choice) -> Int {
    domains.reduce(0) { age, domain in
      age + (choice[domain.project].flatMap(domain.commits.firstIndex) ?? 0)
    }
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

  /// The same with only the first so many commits of each domain.
  func bounded(by recent: [ProjectName: Int]) -> BruteForce {
    var rest = self
    rest.domains = domains.map {
      NamedDomain(project: $0.project, commits: Array($0.commits.prefix(recent[$0.project] ?? .max)))
    }
    return rest
  }
}

extension BruteForce {
  func isCandidate(_ member: Member) -> Bool {
    domains.contains { $0.project == member.project && $0.commits.contains(member.commit) }
  }

  /// The live pairs of candidates of a required pair of projects that no unfit set lies within, those of the better
  /// commits of the project of higher priority first.
  func livePairs(_ pair: ProjectPair) -> [CommitPair] {
    let ends = domains.filter { [pair.first, pair.second].contains($0.project) }
    guard ends.count == 2 else { return [] }
    let (live, unfit) = (live, unfit.filter(inForce))
    return ends[0].commits.flatMap { one in
      ends[1].commits.map { other in
        CommitPair(
          Member(project: ends[0].project, commit: one), Member(project: ends[1].project, commit: other))
      }
    }.filter { pair in
      live.contains(pair) && !unfit.contains { $0.members.allSatisfy([pair.first, pair.second].contains) }
    }
  }

  /// Whether a live required pair or an unfit set ties the commit to other candidates, or to nothing but itself.
  func isTied(_ member: Member) -> Bool {
    let live = live
    return required.contains { pair in
      live.contains { held in
        ProjectPair(held.first.project, held.second.project) == pair
          && [held.first, held.second].contains(member)
          && [held.first, held.second].allSatisfy(isCandidate)
      }
    } || unfit.contains { inForce($0) && $0.members.contains(member) && $0.members.allSatisfy(isCandidate) }
  }
}
