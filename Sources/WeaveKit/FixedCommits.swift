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

  func commit(of pin: Pin, in project: ProjectName, isFree: Bool) throws -> CommitID {
    switch pin {
    case .commit(let commit):
      guard try isFree || store.has(commit, in: project) else {
        throw WeaveError(
          "\(project) is pinned to \(commit), which it does not have", hint: "`weave fetch \(project)`")
      }
      return commit
    case .tag(let tag):
      guard let commit = try store.tip(of: project, track: "refs/tags/" + tag) else {
        throw WeaveError(
          "\(project) is pinned to the tag \(tag), which it does not have", hint: "`weave fetch \(project)`")
      }
      return commit
    }
  }
}
