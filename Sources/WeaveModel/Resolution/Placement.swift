/// What one machine runs, and what of it is fixed by hand.
public struct Placement: Sendable, Equatable {
  public let machine: String
  public let projects: [ProjectName]
  /// The machine's own pins and holds; of a project that has both, the hold.
  public let fixed: [ProjectName: CommitID]
  /// The host in whose closure this machine is built, so that the two always run one set.
  public let joinedTo: String?

  public init(
    machine: String, projects: [ProjectName], fixed: [ProjectName: CommitID] = [:], joinedTo: String? = nil
  ) {
    (self.machine, self.projects, self.fixed, self.joinedTo) = (machine, projects, fixed, joinedTo)
  }
}

/// The machines of `placements`, each host together with the guests that are built in its closure, in the order of the
/// hosts.
public func joinedMachines(of placements: [Placement]) -> [[String]] {
  // Most constellations have no such guests, and thousands of machines.
  guard placements.contains(where: { $0.joinedTo != nil }) else { return placements.map { [$0.machine] } }
  return Unit.units(of: placements).map(\.machines)
}

/// A host and what is built in its closure: in all that concerns resolution one machine.
struct Unit {
  var machines: [String] = []
  var projects: Set<ProjectName> = []
  var fixed: [ProjectName: CommitID] = [:]

  /// The units that `placements` make, in the order of their first machines.
  ///
  /// What a host fixes wins over what is fixed on a guest in its closure, and an earlier guest wins over a
  /// later one. A host that is not among the placements, or a circle of hosts, joins nothing.
  static func units(of placements: [Placement]) -> [Unit] {
    let host = Dictionary(
      placements.map { ($0.machine, $0.joinedTo) }, uniquingKeysWith: { first, _ in first })
    func root(of machine: String) -> String {
      var (top, seen) = (machine, Set([machine]))
      while let next = host[top] ?? nil, host[next] != nil {
        guard seen.insert(next).inserted else { return machine }
        top = next
      }
      return top
    }
    var order: [String] = []
    var units: [String: Unit] = [:]
    var hostFixed: [String: [ProjectName: CommitID]] = [:]
    for placement in placements {
      let top = root(of: placement.machine)
      if units[top] == nil { order.append(top) }
      units[top, default: Unit()].machines.append(placement.machine)
      units[top]?.projects.formUnion(placement.projects)
      units[top]?.fixed.merge(placement.fixed) { earlier, _ in earlier }
      if placement.machine == top {
        hostFixed[top, default: [:]].merge(placement.fixed) { earlier, _ in earlier }
      }
    }
    return order.compactMap { top in
      units[top]?.fixed.merge(hostFixed[top] ?? [:]) { _, ofHost in ofHost }
      return units[top]
    }
  }
}
