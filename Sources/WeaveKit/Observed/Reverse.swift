import ForeignText
import Git
import WeaveModel
import WeaveStore

/// Where one commit of a project runs, is wanted, and was wanted.
public struct Whereabouts: Sendable {
  public struct Wanting: Sendable {
    public let constellation: String
    public let machines: [String]
  }

  public struct Locking: Sendable {
    public let lock: Lock
    /// Whether it is the lock in force.
    public let isInForce: Bool
    public let machineCount: Int
    /// None where a newer lock has the same resolution: then they are that one's. Where those of all locks that are not in
    /// force come to more than ``Whereabouts/mostNames``, the first ones of these.
    public internal(set) var machines: [String]
  }

  public let member: Member
  /// The machines that last said that they run it, by name; of each, seconds since.
  public let running: [(machine: String, age: Int64)]
  /// The stored constellations that want it now, and on which machines.
  public let wanted: [Wanting]
  /// The locks that hold it, of each constellation the newest first.
  public let locks: [Locking]

  /// Of machines of locks that are not in force.
  static let mostNames = 100_000
}

extension Workspace {
  /// Where the commit that `project@revision` names runs and is wanted, and which locks hold it. A full id may be of a
  /// commit that the store does not have.
  ///
  /// Warns of a constellation of which nothing can be said. Reads every lock.
  public func whereabouts(of argument: String) async throws -> Whereabouts {
    let member = try await memberOrForeign(argument)
    let running = try store.observations().filter { $0.commits[member.project] == member.commit }
    var (wanted, locks): ([Whereabouts.Wanting], [Whereabouts.Locking]) = ([], [])
    // Any of them may want the commit.
    let stored = try storedConstellations()
    let budget = SearchBudget()
    for loaded in stored where loaded.constellation.projects.contains(where: { $0.name == member.project }) {
      do {
        let state = try await state(of: loaded)
        let machines = try self.wanted(
          loaded, state, await trustedRecords(of: loaded, state), budget: budget.share()
        ).machines
        let names = loaded.constellation.machines.map(\.name).filter {
          machines[$0]?[member.project] == member.commit
        }
        if !names.isEmpty {
          wanted.append(Whereabouts.Wanting(constellation: loaded.constellation.name, machines: names))
        }
      } catch  where !isUnreadable(error) {
        caller.warn(
          "nothing can be told of what \(loaded.constellation.name) wants: "
            + (Explanation(error)?.message ?? "\(error)"))
      }
    }
    for name in try store.lockedConstellations() {
      let loaded = stored.first { $0.constellation.name == name }
      let constellation = loaded?.constellation
      var trusted: LockID??
      if let loaded, loaded.constellation.trust != nil {
        trusted = .some(try await lockInForce(loaded).lock?.id)
      }
      let names = Dictionary(
        (constellation?.machines ?? []).map { (RefComponent.encode($0.name), $0.name) },
        uniquingKeysWith: { first, _ in first })
      var counts: [ResolutionID: Int] = [:]
      for (index, lock) in try store.locks(for: name).enumerated() {
        let count = counts[lock.resolution]
        let components =
          try count == nil
          ? store.components(in: lock.resolution) { $0[member.project] == member.commit } : []
        counts[lock.resolution] = count ?? components.count
        guard let machineCount = counts[lock.resolution], machineCount > 0 else { continue }
        locks.append(
          Whereabouts.Locking(
            lock: lock, isInForce: trusted.map { $0 == lock.id } ?? (index == 0 && lock.isAdopted),
            machineCount: machineCount,
            machines: components.map { names[$0] ?? $0 }))
      }
    }
    let share = Whereabouts.mostNames.share(among: locks.filter { !$0.isInForce }.map(\.machines.count))
    for index in locks.indices where !locks[index].isInForce {
      locks[index].machines = Array(locks[index].machines.prefix(share))
    }
    return Whereabouts(
      member: member, running: running.map { ($0.machine, max(0, now - $0.seen)) }, wanted: wanted,
      locks: locks)
  }

  private func memberOrForeign(_ argument: String) async throws -> Member {
    let parts = argument.split(atScalar: "@", maxSplits: 1).map(String.init)
    if parts.count == 2, let commit = CommitID(hex: parts[1]), let project = try? ProjectName(parts[0]) {
      return Member(project: project, commit: commit)
    }
    return try await commitSet([argument], copying: false).members[0]
  }
}
