extension Compatibility {
  /// Of each project the newest link that counts and names it, by the authors' clocks, with the commit. Looks at every
  /// event once.
  public var newestLinks: [ProjectName: (link: EventID, commit: CommitID)] {
    var newest: [Int32: (row: Int, commit: CommitNumber)] = [:]
    for row in events.kinds.indices where isCounting[row] && events.kind(row) == .link {
      for number in events.members[row] {
        let project = commits.projectNumbers[Int(number)]
        if let other = newest[project], !events.readsBefore(other.row, row) { continue }
        newest[project] = (row, number)
      }
    }
    return Dictionary(
      uniqueKeysWithValues: newest.map { project, found in
        (commits.projects[Int(project)], (events.ids[found.row], commits.commit(found.commit)))
      })
  }
}
