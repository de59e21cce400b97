import ForeignText
import WeaveFormats
import WeaveModel
import WeaveStore

extension Workspace {
  /// What a machine runs that says `content`: where that is a resolution or one commit, what the newest lock says of the
  /// machine in which it has them.
  ///
  /// Warns where no lock has the commit, and only its own project is known.
  func understand(
    _ content: ReportedState.Content, of machine: String, _ basis: ReportBasis
  ) throws -> (commits: [ProjectName: CommitID], dirty: Set<ProjectName>) {
    switch content {
    case .projects(let commits, let dirty): return (commits, dirty)
    case .resolution(let resolution):
      let commits = try newestLock(basis) { lock in
        lock.resolution == resolution ? try store.commits(of: machine, in: resolution) : nil
      }
      guard let commits else {
        throw WeaveError(
          "no lock has the resolution \(resolution.short) with \(machine) in it, so what that runs is not known",
          hint: "`weave pull` gets the locks of others")
      }
      return (commits, [])
    case .commit(let commit, let isDirty):
      let locked = try newestLock(basis) { lock in
        let commits = try store.commits(of: machine, in: lock.resolution)
        return commits?.values.contains(commit) == true ? commits : nil
      }
      let commits = try locked ?? alone(commit, on: machine, basis)
      return (commits, isDirty ? Set(commits.filter { $0.value == commit }.keys) : [])
    }
  }

  /// Of each constellation the newest lock of which `body` makes something; of these the newest.
  private func newestLock<Value>(_ basis: ReportBasis, _ body: (Lock) throws -> Value?) throws -> Value? {
    var newest: (seconds: Int64, value: Value)?
    for locks in try basis.locks() {
      for lock in locks {
        guard let value = try body(lock) else { continue }
        if newest.map({ lock.author.seconds > $0.seconds }) ?? true { newest = (lock.author.seconds, value) }
        break
      }
    }
    return newest?.value
  }

  /// The one project of the machine that has the commit.
  private func alone(
    _ commit: CommitID, on machine: String, _ basis: ReportBasis
  ) throws -> [ProjectName: CommitID] {
    let placed = Set(basis.constellations.compactMap { $0.machine(machine) }.flatMap(\.projects))
    let projects = try placed.isEmpty ? Set(store.manifest().projects.keys) : placed
    let having = try projects.filter { try basis.commits.has(commit, in: $0) }.sorted()
    guard let project = having.first else {
      throw WeaveError(
        "no project of \(machine) has the commit \(commit), and no lock has it there",
        hint: "`weave fetch` gets new commits, `weave pull` the locks of others")
    }
    guard having.count == 1 else {
      throw WeaveError(
        "\(listed(having.map(\.text))) have the commit \(commit.short), and no lock has it on \(machine)",
        hint:
          "`weave report \(Quoted.shellOption("--machine", machine)) \(project)=\(commit)` says which is meant"
      )
    }
    caller.warn(
      "no lock has \(project)@\(commit.short) on \(machine), so nothing but that is reported of it")
    return [project: commit]
  }
}
