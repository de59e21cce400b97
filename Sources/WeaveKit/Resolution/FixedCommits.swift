import WeaveModel
import WeaveStore

/// A commit that a pin or a hold fixes.
struct FixedCommit {
  let commit: CommitID
  let reason: Resolution.Reason
}

extension Workspace {
  /// What the pins and holds of machines fix, by machine: of a project with both, the hold.
  ///
  /// A host and the guests that are built in its closure have them in common: the host's first, then the guests' in
  /// the order of the file.
  func fixedCommits(_ constellation: Constellation) throws -> [String: [ProjectName: FixedCommit]] {
    var pinned = PinnedCommits(of: constellation, in: self)
    return try fixedCommits(constellation, &pinned)
  }

  func fixedCommits(
    _ constellation: Constellation, _ pinned: inout PinnedCommits
  ) throws -> [String: [ProjectName: FixedCommit]] {
    let free = constellation.freeProjects
    var fixed: [String: [ProjectName: FixedCommit]] = [:]
    for machine in constellation.machines {
      fixed[machine.name] = try ownFixedCommits(of: machine, free: free, &pinned)
    }
    for machines in joinedMachines(of: placements(constellation)) where machines.count > 1 {
      let common = machines.reduce(into: [ProjectName: FixedCommit]()) { common, machine in
        common.merge(fixed[machine] ?? [:]) { earlier, _ in earlier }
      }
      for machine in machines { fixed[machine] = common }
    }
    return fixed
  }

  func placements(
    _ constellation: Constellation, fixed: [String: [ProjectName: FixedCommit]] = [:]
  ) -> [Placement] {
    constellation.machines.map { machine in
      Placement(
        machine: machine.name, projects: machine.projects,
        fixed: (fixed[machine.name] ?? [:]).mapValues(\.commit),
        joinedTo: machine.isWithHost ? machine.host : nil)
    }
  }

  private func ownFixedCommits(
    of machine: Machine, free: Set<ProjectName>, _ pinned: inout PinnedCommits
  ) throws -> [ProjectName: FixedCommit] {
    var fixed: [ProjectName: FixedCommit] = [:]
    for (project, pin) in machine.pins {
      let commit = try pinned.commit(of: pin, in: project, isFree: free.contains(project))
      fixed[project] = FixedCommit(commit: commit, reason: .pin)
    }
    for hold in machine.holds {
      // Who recorded the hold had the commit; who has not fetched it yet is to be told the same.
      let isKnown = free.contains(hold.project) || hold.author != nil
      let commit = try pinned.commit(of: hold.at, in: hold.project, isFree: isKnown)
      fixed[hold.project] = FixedCommit(commit: commit, reason: .hold)
    }
    return fixed
  }
}
