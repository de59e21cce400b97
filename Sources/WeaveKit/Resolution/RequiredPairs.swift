import WeaveModel

/// The pairs of projects of a constellation whose commits must be linked: on each machine, and by couplings across machines.
struct RequiredPairs {
  /// A pair of commits that is to be linked, and is not.
  struct Unlinked {
    let pair: CommitPair
    let machines: [String]
  }

  /// A machine with what is built in its closure.
  private struct Unit {
    let machines: [String]
    let projects: Set<ProjectName>
    let required: [ProjectPair]
  }

  private let units: [Unit]
  /// Coupled projects of one group, and the machines that run each.
  private let couplings: [(pair: ProjectPair, first: [String], second: [String])]
  /// The projects in any such pair.
  private let bound: Set<ProjectName>

  /// `placements` say what is fixed on which machine.
  init(_ constellation: Constellation, _ placements: [Placement]) {
    let free = constellation.freeProjects
    let placement = Dictionary(
      placements.map { ($0.machine, $0) }, uniquingKeysWith: { first, _ in first })
    // Of ten thousand machines most are to run the same projects.
    var known: [[[ProjectName]]: [ProjectPair]] = [:]
    units = joinedMachines(of: placements).map { machines in
      let placed = machines.compactMap { placement[$0] }
      let projects = placed.map(\.projects)
      let required =
        known[projects]
        ?? groups(of: placed, couplings: constellation.couplings, free: free).groups.flatMap(\.required)
        .sorted()
      known[projects] = required
      return Unit(machines: machines, projects: Set(projects.joined()), required: required)
    }
    couplings =
      constellation.couplings == nil
      ? []
      : groups(of: placements, couplings: constellation.couplings, free: free).groups.flatMap { group in
        group.required.sorted().map { pair in
          func running(_ project: ProjectName) -> [String] {
            group.machines.filter { placement[$0]?.projects.contains(project) ?? false }
          }
          return (pair, running(pair.first), running(pair.second))
        }
      }
    bound = Set((units.flatMap(\.required) + couplings.map(\.pair)).flatMap { [$0.first, $0.second] })
  }

  /// The pairs of what machines run that `isLinked` denies. Of a coupling across machines each commit needs one that it is
  /// linked to on any of the others.
  func unlinked(
    _ running: [String: [ProjectName: CommitID]], _ isLinked: (CommitPair) -> Bool
  ) -> [Unlinked] {
    var unlinked: [Unlinked] = []
    var known: [CommitPair: Bool] = [:]
    func isKnownLinked(_ pair: CommitPair) -> Bool {
      if let isLinked = known[pair] { return isLinked }
      let answer = isLinked(pair)
      known[pair] = answer
      return answer
    }
    for unit in units {
      for required in unit.required {
        for first in commits(of: required.first, on: unit.machines, running) {
          for second in commits(of: required.second, on: unit.machines, running) {
            let pair = CommitPair(first, second)
            if !isKnownLinked(pair) { unlinked.append(Unlinked(pair: pair, machines: unit.machines)) }
          }
        }
      }
    }
    for (pair, first, second) in couplings {
      let firsts = commits(of: pair.first, on: first, running)
      let seconds = commits(of: pair.second, on: second, running)
      for (ones, others, machines) in [(firsts, seconds, first), (seconds, firsts, second)] {
        guard let other = others.first else { continue }
        for one in ones where !others.contains(where: { isKnownLinked(CommitPair(one, $0)) }) {
          unlinked.append(
            Unlinked(
              pair: CommitPair(one, other),
              machines: machines.filter { running[$0]?[one.project] == one.commit }))
        }
      }
    }
    return unlinked
  }

  /// A commit that machines run and that no pair ties to another: one that lacks what is to run beside it, or that `isLinked` to
  /// nothing at all. The members of no pair, and those of free projects, are not looked at.
  func untied(
    _ running: [String: [ProjectName: CommitID]], isLinked: (Member) -> Bool
  ) -> Member? {
    for unit in units {
      for project in unit.projects.intersection(bound).sorted() {
        let partners = unit.required.compactMap { pair in
          pair.first == project ? pair.second : pair.second == project ? pair.first : nil
        }
        for member in commits(of: project, on: unit.machines, running) {
          let isTied =
            partners.isEmpty
            ? isLinked(member)
            : partners.contains { !commits(of: $0, on: unit.machines, running).isEmpty }
          if !isTied { return member }
        }
      }
    }
    return nil
  }

  /// Whether there are such pairs, and machines run commits of none.
  func isLacking(_ running: [String: [ProjectName: CommitID]]) -> Bool {
    !bound.isEmpty && running.values.allSatisfy { bound.isDisjoint(with: $0.keys) }
  }

  private func commits(
    of project: ProjectName, on machines: [String], _ running: [String: [ProjectName: CommitID]]
  ) -> [Member] {
    Set(machines.compactMap { running[$0]?[project] }).sorted().map { Member(project: project, commit: $0) }
  }
}
