import WeaveModel

extension Workspace {
  /// The machine that this store is on, as its own configuration says in `weave.machine`; nil where it does not.
  public func ownMachine() throws -> String? {
    let values = try store.repository.ownConfigValues(matching: "^weave\\.machine$")
    return values.last.flatMap { $0.value.isEmpty ? nil : $0.value }
  }

  /// The machine that is meant where none is named: the one that the store is on, else the host's name.
  public func thisMachine() throws -> String { try ownMachine() ?? caller.hostName }

  /// The full name in the constellation of the machine that is asked about: the given one, else this one.
  public func machineName(orThis given: String?, in constellation: Constellation) throws -> String {
    if let given { return try machineName(given, in: constellation) }
    let own = try thisMachine()
    guard let machine = constellation.machine(own) else {
      throw WeaveError(
        "this machine is called '\(own)', and \(constellation.name) has no such machine",
        hint:
          "--machine MACHINE says which is meant; `git -C .weave/.git config weave.machine MACHINE` says it for good"
      )
    }
    return machine.name
  }

  /// The full name of the machine that a stored constellation knows by `text`, an alias perhaps; `text` itself where none
  /// knows it. Throws ``UnreadableConstellation`` where none knows it and one cannot be read.
  public func fullMachineName(_ text: String) throws -> String {
    try fullMachineName(text, readableConstellations().map(\.constellation))
  }

  func fullMachineName(_ text: String, _ constellations: [Constellation]) throws -> String {
    let names = Set(constellations.compactMap { $0.machine(text)?.name })
    // As the constellation spells it: Swift takes canonically equivalent texts for one.
    if let name = names.first(where: { $0 == text }) { return name }
    guard names.count < 2 else {
      throw WeaveError(
        "'\(text)' is another name of \(listed(names.sorted()))", hint: "give the full name of the one")
    }
    if let name = names.first { return name }
    if let unreadable = try unreadableConstellations().first { throw unreadable }
    return text
  }

  /// The machines on `machine` and on its guests, to any depth, in any of the constellations.
  func guests(of machine: String, _ constellations: [Constellation]) -> Set<String> {
    var guests: Set<String> = []
    for constellation in constellations {
      // Guests come after their hosts.
      for guest in constellation.machines {
        guard let host = guest.host, host == machine || guests.contains(host) else { continue }
        guests.insert(guest.name)
      }
    }
    return guests
  }
}
