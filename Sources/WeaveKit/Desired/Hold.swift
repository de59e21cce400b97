import ForeignText
import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// Keeps a project on one machine where it is, or at a commit: `project` or `project@revision`.
  ///
  /// Without a revision that is the commit which the machine runs, or where it never said so, the one that is wanted of it.
  /// It takes the place of what held or pinned the project there before, and is in force until it is released.
  ///
  /// - Returns: what is held, and why what the machine should run now should not run: the revocations that make it unfit,
  ///   the pairs that must be linked and are not, and why the hold or another does not count for the constellation.
  public func hold(
    _ argument: String, on machine: String, _ constellation: String?, because text: String, until: String?,
    force: Bool = false
  ) async throws -> (
    machine: String, member: Member, revocations: [Event], unlinked: [CommitPair], distrust: Distrust?
  ) {
    let (loaded, name) = try self.constellation(constellation, ofMachine: machine)
    if let until {
      guard let end = ISODate.end(of: until) else {
        throw WeaveError("'\(until)' is no date as in 2026-12-01 or 2026-12-01T18:00:00Z")
      }
      guard end > caller.now else { throw WeaveError("\(until) is over already") }
    }
    let member = try await memberToHold(argument, on: name, loaded)
    if !force, try store.audience(naming: [member.project]) == .public {
      try refusePrivateNames(in: text, of: "the hold")
    }
    let author = try await author()
    try await recording("the hold") {
      try store.hold(member, on: name, because: text, until: until, author: author)
    }
    guard
      let again = try? self.constellation(constellation, ofMachine: machine).loaded.holding(store.holds()),
      let state = try? await state(of: again),
      let wanted = try? wanted(again, state, await trustedRecords(of: again, state))
    else { return (name, member, [], [], nil) }
    return (
      name, member, wanted.unfit[name] ?? [],
      unlinkedPairs(again.constellation, on: name, running: wanted.machines, state.compatibility),
      wanted.distrusted[name]
    )
  }

  /// Ends what ``hold(_:on:_:because:until:force:)`` began.
  public func release(_ project: String, on machine: String, _ constellation: String?) async throws
    -> (machine: String, project: ProjectName)
  {
    // Also of a machine that no constellation has any more.
    let name = (try? self.constellation(constellation, ofMachine: machine).name) ?? machine
    let held = try store.holdsUnlessLost().filter { $0.machine == name }
    if let hold = held.first(where: { $0.hold.project.text == project })?.hold {
      try await release(hold.project, on: name)
      return (name, hold.project)
    }
    // One that is damaged is not among those above.
    if let damaged = try? ProjectName(project), try await release(damaged, on: name) {
      return (name, damaged)
    }
    let (loaded, _) = try self.constellation(constellation, ofMachine: machine)
    if let (project, audience) = try await unconfirmedRelease(of: project, on: name, loaded) {
      guard try signsEvents() else {
        throw WeaveError(
          "\(project) is held no more on \(name), and it takes signatures for that to count",
          hint:
            "`git --git-dir=\(Quoted.shellWord(store.repository.gitDirectory)) config weave.sign true`, and again"
        )
      }
      let author = try await author()
      try await recording("the release") {
        try store.confirmRelease(of: project, on: name, in: audience, author: author)
      }
      return (name, project)
    }
    let holds = loaded.constellation.machine(name)?.holds ?? []
    guard holds.contains(where: { $0.project.text == project }) else {
      throw WeaveError(
        "nothing holds \(project) on \(name)",
        hint: holds.isEmpty ? nil : "held there: \(listed(holds.map(\.project.text)))")
    }
    throw WeaveError(
      "\(loaded.constellation.name) itself holds \(project) on \(name)",
      hint: "take the hold out of its file, then `weave constellation add FILE`")
  }

  @discardableResult
  private func release(_ project: ProjectName, on machine: String) async throws -> Bool {
    let author = try await author()
    return try await recording("the release") {
      try store.release(project, on: machine, author: author)
    }
  }

  /// The constellation that has the machine, and the machine's full name.
  ///
  /// What `weave hold` holds is not in it: whoever says something anew does not need to read what is lost.
  func constellation(_ argument: String?, ofMachine machine: String) throws -> (
    loaded: LoadedConstellation, name: String
  ) {
    if argument == nil {
      if let unreadable = try unreadableConstellations().first {
        throw WeaveError(
          "which constellation is meant is not known: \(unreadable)",
          hint: "`-c NAME` says which; \(unreadable.wayOut)")
      }
      let having = try readableConstellations(holds: []).filter { $0.constellation.machine(machine) != nil }
      if let loaded = having.first, having.count == 1 {
        return (loaded, try machineName(machine, in: loaded.constellation))
      }
    }
    let loaded = try self.constellation(argument, holds: [])
    return (loaded, try machineName(machine, in: loaded.constellation))
  }

  private func memberToHold(_ argument: String, on machine: String, _ loaded: LoadedConstellation)
    async throws -> Member
  {
    let text = String(argument.prefix(whileScalar: { $0 != "@" }))
    let project = try projectName(text, in: loaded.constellation)
    guard loaded.constellation.machine(machine)?.projects.contains(project) ?? false else {
      throw WeaveError("\(project) does not run on \(machine)")
    }
    if argument.holds("@") { return try await commitSet([argument], copying: true).members[0] }
    if let observation = try store.observation(of: machine), let commit = observation.commits[project] {
      let isDirty = observation.dirty.contains(project)
      guard try !isDirty && store.has(commit, in: project) else {
        throw WeaveError(
          "\(machine) runs \(project) at \(commit.short)"
            + (isDirty
              ? " with changes that no commit holds" : ", a commit that \(project) does not have here"),
          hint: "name one: `weave hold \(Quoted.shellWord(machine)) \(project)@REVISION -m WHY`")
      }
      return Member(project: project, commit: commit)
    }
    guard let commit = try await wanted(loaded.holding(store.holds())).machines[machine]?[project] else {
      throw WeaveError(
        "nothing is wanted of \(project) on \(machine)",
        hint: "name a commit: `weave hold \(Quoted.shellWord(machine)) \(project)@REVISION -m WHY`")
    }
    return Member(project: project, commit: commit)
  }
}
