import ForeignText
import WeaveModel
import WeaveStore

/// The commits that a constellation's pins and holds name, each looked up once, whatever machines have it: one line of a text can
/// pin a hundred thousand.
struct PinnedCommits {
  private struct Tag: Hashable {
    let project: ProjectName
    let name: ExactText
  }

  /// Which of them count where.
  let pinsAndHolds: PinsAndHolds
  private let constellation: Constellation
  private let free: Set<ProjectName>
  private let workspace: Workspace
  /// Those named by their ids.
  private let named: [ProjectName: Set<CommitID>]
  /// Those of them that their project has, by the projects that were asked.
  private var had: [ProjectName: Set<CommitID>] = [:]
  private var tagged: [Tag: CommitID] = [:]

  init(of constellation: Constellation, in workspace: Workspace) {
    (self.constellation, self.workspace) = (constellation, workspace)
    (pinsAndHolds, free) = (PinsAndHolds(of: constellation), constellation.freeProjects)
    var named: [ProjectName: Set<CommitID>] = [:]
    func note(_ pin: Pin?, _ project: ProjectName) {
      if case .commit(let commit) = pin { named[project, default: []].insert(commit) }
    }
    for requirement in constellation.projects { note(requirement.pin, requirement.name) }
    for machine in constellation.machines {
      for (project, pin) in machine.pins { note(pin, project) }
      // Of one that somebody recorded nothing is asked.
      for hold in machine.holds where hold.author == nil { note(hold.at, hold.project) }
    }
    self.named = named
  }

  /// Which machine runs what, and what its pins and holds fix there. Throws where one of a machine names what its project lacks,
  /// also where another takes its place.
  mutating func placements() throws -> [Placement] {
    var fixed: [String: [ProjectName: CommitID]] = [:]
    for machine in constellation.machines {
      for (project, pin) in machine.pins {
        _ = try commit(of: pin, in: project, isFree: free.contains(project))
      }
      for (project, own) in machine.pinsAndHolds { _ = try commit(of: own, in: project) }
    }
    for machine in constellation.machines {
      for (project, counting) in pinsAndHolds.ofMachine(machine.name) {
        fixed[machine.name, default: [:]][project] = try commit(of: counting, in: project)
      }
    }
    return constellation.placements(fixed: fixed)
  }

  /// Throws where a pin of the whole constellation names what its project lacks, also where a machine's takes its place.
  mutating func requirePinsOfConstellation() throws {
    for requirement in constellation.projects {
      guard let pin = requirement.pin else { continue }
      _ = try commit(of: pin, in: requirement.name, isFree: requirement.isFree)
    }
  }

  /// The commit that it names. Throws where the project lacks it, unless nothing is asked of that.
  mutating func commit(of pinOrHold: PinOrHold, in project: ProjectName) throws -> CommitID {
    // Who recorded the hold had the commit; who has not fetched it yet is to be told the same.
    let isFree = free.contains(project) || pinOrHold.hold?.author != nil
    return try commit(of: pinOrHold.at, in: project, isFree: isFree)
  }

  /// The commit that the pin names. Throws where the project lacks it, unless it `isFree` of that.
  private mutating func commit(of pin: Pin, in project: ProjectName, isFree: Bool) throws -> CommitID {
    switch pin {
    case .commit(let commit):
      guard try isFree || had(by: project).contains(commit) else {
        throw WeaveError(
          "\(project) is pinned or held at \(commit), which it does not have",
          hint: "`weave fetch \(project)`")
      }
      return commit
    case .tag(let name):
      let tag = Tag(project: project, name: ExactText(name))
      if let known = tagged[tag] { return known }
      guard let commit = try workspace.store.tip(of: project, track: "refs/tags/" + name) else {
        throw WeaveError(
          "\(project) is pinned or held at '\(name)', which is neither a full commit id nor a tag of it",
          hint: "`weave fetch \(project)` gets new tags")
      }
      tagged[tag] = commit
      return commit
    }
  }

  private mutating func had(by project: ProjectName) throws -> Set<CommitID> {
    if let known = had[project] { return known }
    let found = try workspace.store.had(among: named[project] ?? [], by: project)
    had[project] = found
    return found
  }
}
