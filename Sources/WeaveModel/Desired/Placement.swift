/// What one machine runs, and what of it is fixed by hand.
public struct Placement: Sendable, Equatable {
  public let machine: String
  public let projects: [ProjectName]
  /// What is fixed there, but for what the whole constellation is pinned to.
  public let fixed: [ProjectName: CommitID]
  /// The host in whose closure this machine is built, so that the two always run one set.
  public let joinedTo: String?

  public init(
    machine: String, projects: [ProjectName], fixed: [ProjectName: CommitID] = [:], joinedTo: String? = nil
  ) {
    (self.machine, self.projects, self.fixed, self.joinedTo) = (machine, projects, fixed, joinedTo)
  }
}

extension Constellation {
  /// Which machine runs what, where it is built, and what is `fixed` there, by machine.
  public func placements(fixed: [String: [ProjectName: CommitID]] = [:]) -> [Placement] {
    machines.map { machine in
      Placement(
        machine: machine.name, projects: machine.projects, fixed: fixed[machine.name] ?? [:],
        joinedTo: machine.isWithHost ? machine.host : nil)
    }
  }
}

/// The machines of `placements`, each host together with the guests that are built in its closure, first the host, in the order
/// of the first of them.
public func joinedMachines(of placements: [Placement]) -> [[String]] {
  // Most constellations have no such guests, and thousands of machines.
  guard placements.contains(where: { $0.joinedTo != nil }) else { return placements.map { [$0.machine] } }
  return Unit.units(of: placements).map(\.machines)
}

/// A host and what is built in its closure: in all that concerns resolution one machine.
struct Unit {
  /// First the host.
  let machines: [String]
  let projects: Set<ProjectName>
  let fixed: [ProjectName: CommitID]

  /// The units that `placements` make, in the order of their first machines. A host that is not among the placements, or a circle
  /// of hosts, joins nothing.
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
    var units: [String: [Placement]] = [:]
    for placement in placements {
      let top = root(of: placement.machine)
      if units[top] == nil { order.append(top) }
      units[top, default: []].append(placement)
    }
    return order.map { top in
      let placed = units[top] ?? []
      return Unit(placed.filter { $0.machine == top } + placed.filter { $0.machine != top })
    }
  }

  private init(_ placements: [Placement]) {
    machines = placements.map(\.machine)
    projects = placements.reduce(into: []) { $0.formUnion($1.projects) }
    fixed = inCommon(placements.map(\.fixed))
  }
}

/// What is fixed on a host and the guests of its closure, of which `fixed` tells in this order: what is fixed on the host wins over
/// what is fixed on a guest, and an earlier guest's wins over a later one's.
func inCommon<Fixed>(_ fixed: [[ProjectName: Fixed]]) -> [ProjectName: Fixed] {
  fixed.reduce(into: [:]) { $0.merge($1) { earlier, _ in earlier } }
}
