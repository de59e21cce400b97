import WeaveModel

extension Workspace {
  /// The machines that run, by themselves or with what is built in one closure with them, a pair that must be live and
  /// is not.
  func untestedMachines(
    _ constellation: Constellation, running: [String: [ProjectName: CommitID]], _ compatibility: Compatibility
  ) -> Set<String> {
    let free = constellation.freeProjects
    let placements = constellation.placements()
    let placement = Dictionary(uniqueKeysWithValues: placements.map { ($0.machine, $0) })
    // Of ten thousand machines most are to run the same projects, and run the same commits.
    var required: [[[ProjectName]]: [ProjectPair]] = [:]
    var unlinked: [Running: [ProjectPair]] = [:]
    var untested: Set<String> = []
    for unit in joinedMachines(of: placements) {
      let placed = unit.compactMap { placement[$0] }
      let projects = placed.map(\.projects)
      let pairs =
        required[projects]
        ?? groups(of: placed, couplings: constellation.couplings, free: free).groups.flatMap(\.required)
      required[projects] = pairs
      let had = unit.reduce(into: [ProjectName: CommitID]()) { had, machine in
        had.merge(running[machine] ?? [:]) { earlier, _ in earlier }
      }
      let key = Running(projects: projects, commits: had)
      let missing = unlinked[key] ?? pairs.filter { isUnlinked($0, of: had, compatibility) }
      unlinked[key] = missing
      for pair in missing {
        untested.formUnion(
          unit.filter { running[$0]?[pair.first] != nil || running[$0]?[pair.second] != nil })
      }
    }
    return untested
  }

  /// The pairs that must be live, and are not, of what `machine` runs with what is built in one closure with it.
  func unlinkedPairs(
    _ constellation: Constellation, on machine: String, running: [String: [ProjectName: CommitID]],
    _ compatibility: Compatibility
  ) -> [CommitPair] {
    let placements = constellation.placements()
    let unit = joinedMachines(of: placements).first { $0.contains(machine) } ?? []
    let placed = placements.filter { unit.contains($0.machine) }
    let had = unit.reduce(into: [ProjectName: CommitID]()) { had, machine in
      had.merge(running[machine] ?? [:]) { earlier, _ in earlier }
    }
    let required = groups(
      of: placed, couplings: constellation.couplings, free: constellation.freeProjects
    ).groups.flatMap(\.required)
    return required.filter { isUnlinked($0, of: had, compatibility) }.compactMap { pair in
      guard let first = had[pair.first], let second = had[pair.second] else { return nil }
      return CommitPair(
        Member(project: pair.first, commit: first), Member(project: pair.second, commit: second))
    }.sorted()
  }

  private func isUnlinked(
    _ pair: ProjectPair, of had: [ProjectName: CommitID], _ compatibility: Compatibility
  ) -> Bool {
    guard let first = had[pair.first], let second = had[pair.second] else { return false }
    let commits = CommitPair(
      Member(project: pair.first, commit: first), Member(project: pair.second, commit: second))
    return !compatibility.isLive(commits)
  }
}

private struct Running: Hashable {
  let projects: [[ProjectName]]
  let commits: [ProjectName: CommitID]
}
