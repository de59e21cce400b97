/// Machines with the same pins and holds: in a group one project has one commit, and groups are resolved apart.
public struct Group: Sendable, Equatable {
  /// In the order of the placements.
  public let machines: [String]
  /// In the order of their names.
  public let projects: [ProjectName]
  /// What is fixed on each of the machines; empty for the fleet.
  public let fixed: [ProjectName: CommitID]
  /// The pairs of projects that run together: on one machine, or coupled. Free projects are among them, since an
  /// unfit set holds for those too.
  public let meeting: Set<ProjectPair>
  /// The pairs of projects whose commits must be a live pair.
  public let required: Set<ProjectPair>

  public init(
    machines: [String], projects: [ProjectName], fixed: [ProjectName: CommitID],
    meeting: Set<ProjectPair>, required: Set<ProjectPair>
  ) {
    (self.machines, self.projects, self.fixed) = (machines, projects, fixed)
    (self.meeting, self.required) = (meeting, required)
  }
}

extension Group {
  /// The group with what is fixed of its projects, also by a pin of the whole constellation.
  ///
  /// - Parameter commit: the commit that a pin or hold of that project names. Asked once for each project.
  public func fixing(
    by pinsAndHolds: PinsAndHolds, commit: (PinOrHold, ProjectName) throws -> CommitID
  ) rethrows -> Group {
    var fixed = fixed
    for project in projects {
      // What counts on one of its machines does on each.
      guard let counting = machines.first.flatMap({ pinsAndHolds[project, on: $0] }) else { continue }
      fixed[project] = try commit(counting, project)
    }
    return Group(machines: machines, projects: projects, fixed: fixed, meeting: meeting, required: required)
  }
}

/// A coupling whose two projects run in two groups: not enforced, so that somebody must be told.
public struct Crossing: Sendable, Hashable {
  public let pair: ProjectPair
  /// The index of the group that runs the first project of the pair.
  public let first: Int
  /// The index of the group that runs the second.
  public let second: Int

  public init(pair: ProjectPair, first: Int, second: Int) {
    (self.pair, self.first, self.second) = (pair, first, second)
  }
}

/// The groups that machines form, in the order of their first machines, and the couplings that reach from one
/// group into another.
///
/// A coupling of three or more projects couples each pair of them. Without couplings (nil, not empty) every two
/// projects that share a machine must be live, and nothing reaches across. A free project is in no required
/// pair and so in no crossing. Of very many crossings there are the first 10,000.
public func groups(
  of placements: [Placement], couplings: [[ProjectName]]?, free: Set<ProjectName>
) -> (groups: [Group], crossing: [Crossing]) {
  var order: [[ProjectName: CommitID]] = []
  var members: [[ProjectName: CommitID]: [Unit]] = [:]
  for unit in Unit.units(of: placements) {
    if members[unit.fixed] == nil { order.append(unit.fixed) }
    members[unit.fixed, default: []].append(unit)
  }
  let place = Dictionary(
    placements.enumerated().map { ($1.machine, $0) }, uniquingKeysWith: { first, _ in first })
  let coupled = couplings.map { Set($0.flatMap { pairs(of: $0) }) }

  let formed = order.map { fixed in
    let units = members[fixed] ?? []
    let projects = units.reduce(into: Set<ProjectName>()) { $0.formUnion($1.projects) }
    let sharing = Set(Set(units.map(\.projects)).flatMap { pairs(of: $0) })
    let inside = coupled?.filter { projects.contains($0.first) && projects.contains($0.second) }
    return Group(
      machines: units.flatMap(\.machines).sorted { place[$0, default: 0] < place[$1, default: 0] },
      projects: projects.sorted(),
      fixed: fixed,
      meeting: sharing.union(inside ?? []),
      required: (inside ?? sharing).filter { isBinding($0, free: free) })
  }
  return (formed, crossings(between: formed, coupled: coupled ?? [], free: free))
}

private func crossings(
  between groups: [Group], coupled: Set<ProjectPair>, free: Set<ProjectName>
) -> [Crossing] {
  var running: [ProjectName: [Int]] = [:]
  for (index, group) in groups.enumerated() {
    for project in group.projects { running[project, default: []].append(index) }
  }
  var crossings: [Crossing] = []
  for pair in coupled.filter({ isBinding($0, free: free) }).sorted() {
    for first in running[pair.first] ?? [] {
      for second in running[pair.second] ?? [] where first != second {
        crossings.append(Crossing(pair: pair, first: first, second: second))
        if crossings.count == mostCrossings { return crossings }
      }
    }
  }
  return crossings
}

/// More tell nobody anything, and there are as many as groups times groups for each coupling.
private let mostCrossings = 10_000

func pairs(of projects: some Sequence<ProjectName>) -> [ProjectPair] {
  let sorted = Set(projects).sorted()
  return sorted.indices.flatMap { left in
    sorted[(left + 1)...].map { ProjectPair(sorted[left], $0) }
  }
}

private func isBinding(_ pair: ProjectPair, free: Set<ProjectName>) -> Bool {
  !free.contains(pair.first) && !free.contains(pair.second)
}
