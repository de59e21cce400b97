import ForeignText

/// What must run where: machines, their roles, and the roles' projects.
public struct Constellation: Sendable, Equatable {
  /// By the rules of ``ConstellationName``.
  @ByBytes public private(set) var name: String
  /// The projects in the order of priority: who gets its newest commit first.
  public let projects: [ProjectRequirement]
  /// Every machine, guests after their hosts and ranges expanded, in the order of appearance.
  public private(set) var machines: [Machine]
  /// The roles in the order of the file.
  public let roles: [Role]
  /// Which projects must be live together, each entry two or more different ones; nil: not given (not `[]`).
  public let couplings: [[ProjectName]]?
  /// Whose links and reinstatements count; nil: everybody's.
  public private(set) var trust: Trust?
  /// How machines are asked what they run; nil where the file does not say.
  public private(set) var probe: Probe?
  /// The user's own.
  public let data: JSONValue?

  private let places: [String: Int]

  /// - Parameter places: the index of each machine under its name and each of its aliases.
  init(
    name: String, projects: [ProjectRequirement], machines: [Machine], places: [String: Int], roles: [Role],
    couplings: [[ProjectName]]?, trust: Trust?, probe: Probe?, data: JSONValue?
  ) {
    (self.name, self.projects, self.machines, self.places) = (name, projects, machines, places)
    (self.roles, self.couplings) = (roles, couplings)
    (self.trust, self.probe, self.data) = (trust, probe, data)
  }

  /// The projects that need no link to anything.
  public var freeProjects: Set<ProjectName> { Set(projects.filter(\.isFree).map(\.name)) }

  /// The machine of this full name or alias. Takes constant time.
  public func machine(_ name: String) -> Machine? { places[name].map { machines[$0] } }

  /// Whether that is another spelling of a machine's full name, composed or decomposed: what is recorded under it is of another
  /// machine.
  public func hasOtherwiseSpelled(_ name: String) -> Bool {
    machine(name).map { $0.name == name && !$0.name.isExactly(name) } ?? false
  }

  /// The constellation with those holds besides, by the full name of the machine. One takes the place of what the
  /// constellation itself holds or pins of that project on that machine; of a machine that is not here, and of a project that
  /// the constellation does not name, it says nothing.
  public func holding(_ holds: [(machine: String, hold: Hold)]) -> Constellation {
    let named = Set(projects.map(\.name))
    var result = self
    for (machine, hold) in holds where named.contains(hold.project) {
      // The full name, to the byte: a hold of the other spelling of a name is of another machine.
      guard let place = places[machine], machine.isExactly(result.machines[place].name) else { continue }
      result.machines[place].holds.removeAll { $0.project == hold.project }
      result.machines[place].holds.append(hold)
    }
    return result
  }

  /// Whether the machines of both are the same, and are to run the same by the same rules, whomever they believe and however they
  /// are reached.
  public func wantsSame(as other: Constellation) -> Bool {
    func wanted(_ constellation: Constellation) -> Constellation {
      var result = constellation
      (result.trust, result.probe) = (nil, nil)
      for place in result.machines.indices { result.machines[place].address = nil }
      return result
    }
    return wanted(self) == wanted(other)
  }

  /// The constellation with that trust and probe instead of its own, and without the addresses of those machines.
  public func using(trust: Trust?, probe: Probe?, doubting machines: Set<String>) -> Constellation {
    var result = self
    (result.trust, result.probe) = (trust, probe)
    for name in machines {
      guard let place = places[name], name.isExactly(result.machines[place].name) else { continue }
      result.machines[place].address = nil
      result.machines[place].isAddressInDoubt = true
    }
    return result
  }

  /// The constellation without those holds.
  public func withoutHolds(_ isLeftOut: (_ machine: String, _ hold: Hold) -> Bool) -> Constellation {
    var result = self
    for place in machines.indices {
      let name = machines[place].name
      result.machines[place].holds.removeAll { isLeftOut(name, $0) }
    }
    return result
  }
}
