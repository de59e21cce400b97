import WeaveModel
import WeaveStore

/// Who runs what a revocation forbids, and of whom it is wanted.
public struct AffectedMachines: Sendable {
  public let revocation: Event
  /// Whether the revocation counts: nobody took it back.
  public let counts: Bool
  /// The machines that last said that they run it, by name; of each, seconds since.
  public let running: [(machine: String, age: Int64)]
  /// Of each stored constellation the machines of which it is wanted, in its order; none where it wants it of none.
  public let wanted: [(constellation: String, machines: [String])]
}

extension Workspace {
  /// Whom the revocation affects that `text` names; where it is nil, of each revocation that affects anybody. Oldest
  /// first.
  ///
  /// Of one that is taken back it is told whom it would affect.
  public func affected(by text: String?) async throws -> [AffectedMachines] {
    let asked = try text.map(event(named:))
    if let asked {
      guard case .revoke = asked.claim else {
        throw WeaveError(
          "\(asked.id.short) is no revocation",
          hint: "`weave log` lists the events, `weave show` tells of one")
      }
    }
    let plain = try compatibility()
    let counts = asked.map { plain.counts($0.id) } ?? true
    if let members = asked?.members, !counts {
      // As if it had just been made.
      try await suppose(linked: [], revoked: members.members.map { "\($0.project)@\($0.commit)" })
    }
    let observations = try store.observations()
    let age = Dictionary(
      observations.map { ($0.machine, max(0, now - $0.seen)) }, uniquingKeysWith: { first, _ in first })
    let running = Dictionary(
      observations.map { ($0.machine, $0.commits) }, uniquingKeysWith: { first, _ in first })
    var found: [EventID: (running: Set<String>, wanted: [(String, [String])])] = [:]
    func note(_ machines: [String: [Event]]) {
      for (machine, events) in machines {
        for event in events { found[event.id, default: ([], [])].running.insert(machine) }
      }
    }
    // Adds up over all of them.
    let stored = try storedConstellations()
    for loaded in stored {
      let state = try await state(of: loaded)
      note(try revocations(against: running, of: loaded.constellation, state.compatibility))
      for (event, machines) in try wantedUnfit(loaded, state) {
        found[event, default: ([], [])].wanted.append((loaded.constellation.name, machines))
      }
    }
    let managed = Set(stored.flatMap { $0.constellation.machines.map(\.name) })
    let unmanaged = running.filter { !managed.contains($0.key) }
    note(
      try eventsByMachine(
        revocationsByMachine(
          compatibility(), running: unmanaged, units: unmanaged.keys.sorted().map { [$0] }, couplings: nil)))
    if let asked {
      let id = counts ? asked.id : supposed.last?.id ?? asked.id
      found = [asked.id: found[id] ?? ([], [])]
    }
    return try found.map { id, machines in
      AffectedMachines(
        revocation: try event(id), counts: counts,
        running: machines.running.sorted().map { ($0, age[$0] ?? 0) }, wanted: machines.wanted)
    }.sorted {
      ($0.revocation.author.seconds, $0.revocation.id) < ($1.revocation.author.seconds, $1.revocation.id)
    }
  }

  /// The machines of the constellation of which something unfit is wanted, by revocation. Warns where nothing can be told.
  private func wantedUnfit(_ loaded: LoadedConstellation, _ state: State) throws -> [EventID: [String]] {
    do {
      let unfit = try wanted(loaded, state).unfit
      return loaded.constellation.machines.map(\.name).reduce(into: [:]) { machines, name in
        for event in unfit[name] ?? [] { machines[event.id, default: []].append(name) }
      }
    } catch  where !isUnreadable(error) {
      caller.warn(
        "nothing can be told of what \(loaded.constellation.name) wants: "
          + (Explanation(error)?.message ?? "\(error)"))
      return [:]
    }
  }
}
