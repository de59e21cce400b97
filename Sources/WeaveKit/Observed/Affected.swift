import WeaveModel
import WeaveStore

/// Who runs what a revocation forbids, and of whom it is wanted.
public struct AffectedMachines: Sendable {
  public let revocation: Event
  /// Whether the revocation counts: nobody took it back.
  public let counts: Bool
  /// The machines that last said that they run it, by name; of each, seconds since. The first of ``runningCount``.
  public let running: [(machine: String, age: Int64)]
  public let runningCount: Int
  /// Of each stored constellation the machines of which it is wanted, in its order, the first of `count`; none where it
  /// wants it of none.
  public let wanted: [(constellation: String, machines: [String], count: Int)]

  /// How many names all have where no revocation is asked about.
  static let mostNames = 100_000
}

extension Workspace {
  /// Whom the revocation affects that `text` names; where it is nil, of each revocation that affects anybody. Oldest
  /// first. All machines of the one that is asked about; else, where all come to more than
  /// ``AffectedMachines/mostNames``, the first ones of those that have the most.
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
    guard let members = asked?.members, !counts else { return try await affected(by: asked, counts: counts) }
    // As if it had just been made.
    let view = try await supposing(
      linked: [], revoked: members.members.map { "\($0.project)@\($0.commit)" })
    return try await view.affected(by: asked, counts: counts)
  }

  private func affected(by asked: Event?, counts: Bool) async throws -> [AffectedMachines] {
    let observations = try store.observations()
    let age = Dictionary(
      observations.map { ($0.machine, max(0, now - $0.seen)) }, uniquingKeysWith: { first, _ in first })
    let running = Dictionary(
      observations.map { ($0.machine, $0.commits) }, uniquingKeysWith: { first, _ in first })
    var revoked: [String: [Event]] = [:]
    func note(_ machines: [String: [Event]]) {
      for (machine, events) in machines {
        let known = revoked[machine] ?? []
        let ids = Set(known.map(\.id))
        revoked[machine] = known.isEmpty ? events : known + events.filter { !ids.contains($0.id) }
      }
    }
    // Adds up over all of them.
    let stored = try storedConstellations()
    let budget = SearchBudget()
    var wanted: [(constellation: String, unfit: EventsOfMachines)] = []
    for loaded in stored {
      let state = try await state(of: loaded)
      note(try revocations(against: running, of: loaded.constellation, state.compatibility))
      wanted.append((loaded.constellation.name, try await wantedUnfit(loaded, state, budget)))
    }
    let managed = Set(stored.flatMap { $0.constellation.machines.map(\.name) })
    let unmanaged = running.filter { !managed.contains($0.key) }
    note(
      try eventsByMachine(
        revocationsByMachine(
          compatibility(), running: unmanaged, units: unmanaged.keys.sorted().map { [$0] }, couplings: nil)))
    let unfit = EventsOfMachines(revoked.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    var shown = Set(unfit.events.map(\.id)).union(wanted.flatMap(\.unfit.events).map(\.id))
      .map { (shown: $0, told: $0) }
    var share = Int.max
    if let asked {
      shown = [(asked.id, counts ? asked.id : supposed.last?.id ?? asked.id)]
    } else {
      share = AffectedMachines.mostNames.share(
        among: shown.flatMap { id in
          [unfit.count(of: id.told)] + wanted.map { $0.unfit.count(of: id.told) }.filter { $0 > 0 }
        })
    }
    var found: [AffectedMachines] = []
    for (id, told) in shown {
      found.append(
        AffectedMachines(
          revocation: try event(id), counts: counts,
          running: unfit.machines(of: told, limit: share).map { ($0, age[$0] ?? 0) },
          runningCount: unfit.count(of: told),
          wanted: wanted.compactMap { name, unfit in
            let count = unfit.count(of: told)
            return count == 0 ? nil : (name, unfit.machines(of: told, limit: share), count)
          }))
    }
    return found.sorted {
      ($0.revocation.author.seconds, $0.revocation.id) < ($1.revocation.author.seconds, $1.revocation.id)
    }
  }

  /// What is revoked of what is wanted of the machines of the constellation. Warns where nothing can be told.
  private func wantedUnfit(
    _ loaded: LoadedConstellation, _ state: State, _ budget: SearchBudget
  ) async throws -> EventsOfMachines {
    do {
      let unfit = try wanted(
        loaded, state, await trustedRecords(of: loaded, state), budget: budget.share()
      ).unfit
      return EventsOfMachines(loaded.constellation.machines.map { ($0.name, unfit[$0.name] ?? []) })
    } catch  where !isUnreadable(error) {
      caller.warn(
        "nothing can be told of what \(loaded.constellation.name) wants: "
          + (Explanation(error)?.message ?? "\(error)"))
      return EventsOfMachines([])
    }
  }
}
