import ForeignText
import Git
import WeaveModel
import WeaveStore

extension Workspace {
  /// Adopts today's resolution as what is wanted. Refuses where another constellation's lock wants another commit of
  /// a project on the same machine, and where everybody could read the text and it holds the name of a private project,
  /// unless `force`. Where that is the lock in force already, it stays. `includingLocal`: as for
  /// ``resolve(_:includingLocal:)``.
  public func lock(
    _ loaded: LoadedConstellation, text: String, force: Bool = false, preference: Preference = .newest,
    includingLocal: Bool? = nil
  ) async throws -> (lock: Lock, isNew: Bool, trust: AppliedTrust?) {
    let resolution = try await resolve(loaded, preference: preference, includingLocal: includingLocal)
    let tree = resolution.tree
    if let lock = try store.lockUnlessLost(for: loaded.constellation.name), try lock.resolution == tree.id(),
      lock.constellationVersion == loaded.version
    {
      let inForce = try await lockInForce(loaded).lock
      if inForce?.id == lock.id { return (lock, false, resolution.trust) }
    }
    try refuseContradiction(tree, constellation: loaded.constellation.name)
    let local = try copyLocalCommits(of: resolution)
    let lock = try await adopt(try store.write(tree), for: loaded, local: local, text: text, force: force)
    return (lock, true, resolution.trust)
  }

  /// Copies the commits that only a checkout has into the store; returns them.
  private func copyLocalCommits(of resolution: Resolution) throws -> [Member] {
    let picks = resolution.machines.flatMap(\.picks).filter { $0.reason == .local }
    let members = Set(picks.map { Member(project: $0.project, commit: $0.commit) }).sorted()
    guard !members.isEmpty else { return [] }
    let checkouts = try checkouts()
    for member in members {
      guard let checkout = checkouts[member.project] else { continue }
      try store.repository.copyObjects(reachableFrom: [member.commit.objectID], from: checkout.open())
    }
    return members
  }

  /// Every lock of the constellation, newest first.
  public func locks(_ loaded: LoadedConstellation) throws -> [Lock] {
    try store.locks(for: loaded.constellation.name)
  }

  /// The lock in force, with what it has; throws where there is none. Where the constellation trusts some signers only, it is of
  /// what the constellation has where, and throws ``WeaveError`` of kind `incompatible` where no lock counts, or links of what
  /// `machine` is to run, or any where it is nil, were withdrawn.
  public func shownLock(
    _ loaded: LoadedConstellation, on machine: String?
  ) async throws -> (lock: Lock, commits: [String: [ProjectName: CommitID]], passedOver: [UntrustedLock]) {
    guard loaded.constellation.trust != nil else {
      let lock = try lock(named: nil, loaded)
      return (lock, try lockedCommits(lock, loaded), [])
    }
    let wanted = try await wanted(loaded)
    for name in loaded.constellation.machines.map(\.name) where machine == nil || name == machine {
      try wanted.requireTrust(on: name)
    }
    let lock = try wanted.lock ?? lock(named: nil, loaded)
    return (lock, try placedCommits(lock, loaded), wanted.passedOver)
  }

  /// The lock whose id, or whose resolution's id, begins with `text`; the newest where it is nil.
  public func lock(named text: String?, _ loaded: LoadedConstellation) throws -> Lock {
    try lock(named: text, among: locks(loaded), loaded)
  }

  private func lock(
    named text: String?, among locks: [Lock], _ loaded: LoadedConstellation
  ) throws -> Lock {
    guard let newest = locks.first else {
      throw WeaveError(
        "\(loaded.constellation.name) has no lock", hint: "`\(loaded.lockCommand)` adopts today's resolution")
    }
    guard let text else { return newest }
    let digits = text.lowercased()
    guard digits.count >= 4,
      let lock = locks.first(where: {
        $0.id.hex.begins(with: digits) || $0.resolution.hex.begins(with: digits)
      })
    else {
      throw WeaveError(
        "\(loaded.constellation.name) has no lock '\(text)'",
        hint: "`\(loaded.lockCommand) --list` lists them")
    }
    return lock
  }

  /// The revocations that make what the lock has unfit today, by machine.
  public func revocations(of lock: Lock, _ loaded: LoadedConstellation) async throws -> [String: [Event]] {
    try await revocations(
      against: lockedCommits(lock, loaded), of: loaded.constellation, state(of: loaded).compatibility)
  }

  /// Adopts an earlier lock's resolution again. Refuses one that is unfit today, unless `evenRevoked`.
  public func restore(
    _ text: String, _ loaded: LoadedConstellation, message: String, force: Bool = false, evenRevoked: Bool
  ) async throws -> Lock {
    let lock = try lock(named: text, among: store.locksUnlessLost(for: loaded.constellation.name), loaded)
    let state = try await state(of: loaded)
    let machines = try lockedCommits(lock, loaded)
    let unfit = try revocations(
      against: machines, of: loaded.constellation, state.compatibility)
    if !evenRevoked, let (machine, revocations) = unfit.min(by: { $0.key < $1.key }),
      let event = revocations.first
    {
      throw WeaveError(
        "the lock \(lock.id.short) is unfit on \(machine): \(event.revocationSentence)"
          + (state.trust?.remark(on: event.id) ?? ""), kind: .incompatible,
        hint: "--even-revoked restores it all the same")
    }
    try refuseContradiction(ResolutionTree(machines: machines), constellation: loaded.constellation.name)
    return try await adopt(lock.resolution, for: loaded, local: lock.local, text: message, force: force)
  }

  private func adopt(
    _ resolution: ResolutionID, for loaded: LoadedConstellation, local: [Member], text: String, force: Bool
  ) async throws -> Lock {
    let name = loaded.constellation.name
    if !force, try store.audienceOfLock(for: name, adopting: resolution) == .public {
      try refusePrivateNames(in: text, of: "the lock")
    }
    let author = try await author()
    let id = try await recording("a lock") {
      try store.adopt(
        resolution, for: name, version: loaded.version, local: local, text: text, author: author)
    }
    return try store.lock(id)
  }

  /// The lock in force for a constellation beside the one that is to be locked. Where both are lost or malformed, neither
  /// waits for the other.
  private func otherLock(of other: ConstellationRecord, whileLocking constellation: String) throws -> Lock? {
    do {
      let lock = try store.lock(for: other)
      if let lock { _ = try store.commitsByComponent(in: lock) }
      return lock
    } catch {
      guard isUnusable(error) else { throw error }
      guard try store.isLockLost(of: constellation) else { throw error }
      caller.warn("\(error): whether it contradicts that of \(constellation) is not known")
      return nil
    }
  }

  private func refuseContradiction(_ resolution: ResolutionTree, constellation: String) throws {
    // One machine may be in several of them. No text is read: a lock counts also where the constellation cannot be read.
    for other in try store.constellations() where !other.isStored(as: constellation) {
      guard let lock = try otherLock(of: other, whileLocking: constellation) else { continue }
      let locked = try store.commitsByComponent(in: lock)
      for (machine, commits) in resolution.machines.sorted(by: { $0.key < $1.key }) {
        guard let others = locked[RefComponent.encode(machine)] else { continue }
        for (project, commit) in commits.sorted(by: { $0.key < $1.key }) {
          guard let theirs = others[project], theirs != commit else { continue }
          throw WeaveError(
            "\(constellation) wants \(project)@\(commit.short) on \(machine), and the lock of "
              + "\(try label(of: other)) wants \(project)@\(theirs.short)",
            hint: "take the machine out of one of the two, or hold \(project) in both")
        }
      }
    }
  }
}
