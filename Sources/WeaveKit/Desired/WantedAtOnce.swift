import WeaveModel
import WeaveStore

extension Workspace {
  /// The commit that ``wantedCommit(of:on:_:evenRevoked:)`` would give, where that is known without opening the store; nil
  /// where it is not.
  public static func commitWantedAtOnce(
    of project: String, on machine: String, constellation: String?, _ caller: Surroundings
  ) -> CommitID? {
    guard constellation.map(ConstellationName.isFile) != true,
      let directory = directory(around: caller.workingDirectory)
    else { return nil }
    return WantedFile(of: constellation, gitDirectory: storeDirectory(in: directory))
      .commit(of: project, on: machine)
  }

  /// Leaves what is wanted of the machines of a stored constellation for who asks next.
  ///
  /// Not where it depends on more than manifests, ledgers and locks: without a lock on every project's refs, with a tag that
  /// something is pinned to on that, and with `trust:` on who is known to sign. Nor where something is damaged, or of a
  /// newer weave, of which each answer is to warn.
  func remember(_ wanted: Wanted, of loaded: LoadedConstellation, _ standing: RecordStanding) {
    let constellation = wanted.constellation
    let pins =
      constellation.projects.compactMap(\.pin)
      + constellation.machines.flatMap { $0.pins.values + $0.holds.map(\.at) }
    guard loaded.version != nil, wanted.lock != nil, wanted.trust == nil, !isSupposing, store.asOf == nil,
      pins.allSatisfy(\.isCommit), (try? store.damagedTexts()) == [],
      !store.isIgnoring, let ledgers = try? store.ledgers(), ledgers.refused.isEmpty, ledgers.newer.isEmpty,
      let stored = try? store.constellations()
    else { return }
    let machines = constellation.machines.compactMap {
      machine -> (names: [String], commits: [ProjectName: CommitID])? in
      guard wanted.unfit[machine.name] == nil, let commits = wanted.machines[machine.name] else { return nil }
      return ([machine.name] + machine.aliases, commits)
    }
    let gitDirectory = store.repository.gitDirectory
    WantedFile(of: constellation.name, gitDirectory: gitDirectory).write(machines, standing: standing)
    if stored.count == 1 {
      WantedFile(of: nil, gitDirectory: gitDirectory).write(machines, standing: standing)
    }
  }
}

extension Pin {
  fileprivate var isCommit: Bool {
    if case .commit = self { true } else { false }
  }
}
