import WeaveModel
import WeaveStore

extension Workspace {
  /// What pins and holds fix on one machine; of a project with both, the hold.
  func fixed(on machine: Machine, _ requirements: [ProjectName: ProjectRequirement]) throws
    -> [ProjectName: (commit: CommitID, reason: Resolution.Reason)]
  {
    var fixed: [ProjectName: (commit: CommitID, reason: Resolution.Reason)] = [:]
    for (project, pin) in machine.pins {
      fixed[project] = (
        try commit(of: pin, in: project, isFree: requirements[project]?.isFree ?? false), .pin
      )
    }
    for hold in machine.holds {
      fixed[hold.project] = (
        try commit(of: hold.at, in: hold.project, isFree: requirements[hold.project]?.isFree ?? false), .hold
      )
    }
    return fixed
  }

  /// What pins and holds fix on one machine, the pins of the projects that it runs among them.
  func pinnedOrHeld(on machine: Machine, _ requirements: [ProjectName: ProjectRequirement]) throws
    -> [ProjectName: (commit: CommitID, reason: Resolution.Reason)]
  {
    var fixed = try fixed(on: machine, requirements)
    for project in machine.projects where fixed[project] == nil {
      guard let requirement = requirements[project], let pin = requirement.pin else { continue }
      fixed[project] = (try commit(of: pin, in: project, isFree: requirement.isFree), .pin)
    }
    return fixed
  }

  func commit(of pin: Pin, in project: ProjectName, isFree: Bool) throws -> CommitID {
    switch pin {
    case .commit(let commit):
      guard try isFree || store.has(commit, in: project) else {
        throw WeaveError(
          "\(project) is pinned or held at \(commit), which it does not have",
          hint: "`weave fetch \(project)`")
      }
      return commit
    case .tag(let tag):
      guard let commit = try store.tip(of: project, track: "refs/tags/" + tag) else {
        throw WeaveError(
          "\(project) is pinned or held at '\(tag)', which is neither a full commit id nor a tag of it",
          hint: "`weave fetch \(project)` gets new tags")
      }
      return commit
    }
  }
}
