import WeaveModel

extension DesiredState {
  /// The commits that the selected machines should run, one for each project, in the order of priority.
  ///
  /// Throws where two of them want different ones: the formats that have room for one commit of each project call this.
  public func oneCommitOfEachProject() throws(UnwritableState) -> [Member] {
    var members: [Member] = []
    for (project, wanted) in commitsByProject {
      guard wanted.count == 1 else {
        throw UnwritableState(
          "\(wanted[0].machine) wants \(project)@\(wanted[0].commit.short) and \(wanted[1].machine) "
            + "\(project)@\(wanted[1].commit.short), and this format has room for one commit of each project",
          hint: "--machine MACHINE chooses")
      }
      members.append(Member(project: project, commit: wanted[0].commit))
    }
    return members
  }

  /// The different commits of each project that the selected machines want, each with the first machine that does.
  var commitsByProject: [(project: ProjectName, wanted: [(commit: CommitID, machine: String)])] {
    var wanted: [ProjectName: [(commit: CommitID, machine: String)]] = [:]
    for machine in selected {
      for member in machine.commits
      where wanted[member.project]?.contains(where: { $0.commit == member.commit }) != true {
        wanted[member.project, default: []].append((member.commit, machine.name))
      }
    }
    return projects.compactMap { project in wanted[project.name].map { (project.name, $0) } }
  }
}
