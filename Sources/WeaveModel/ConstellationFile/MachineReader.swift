import ForeignText

/// A machine with the places that later checks speak of.
struct PlacedMachine {
  let machine: Machine
  /// Where its name is.
  let position: Position
  let body: MachineBody
  /// The same for all the machines that share the body.
  let bodyNumber: Int
}

/// Reads machines and their guests, and expands ranges.
struct MachineReader {
  static let deepest = 64

  private(set) var machines: [PlacedMachine] = []
  /// The index of each machine under its name and its aliases.
  private(set) var places: [String: Int] = [:]
  private let file: String
  private let projects: ProjectTable
  private let roles: RoleTable
  private var work: MachineWork
  private var bodies = 0

  /// How many values the machines come to.
  var values: Int { work.values }

  init(file: String, projects: ProjectTable, roles: RoleTable) {
    (self.file, self.projects, self.roles) = (file, projects, roles)
    work = MachineWork(file: file)
  }

  /// Adds the machines that `entries` names, each before its guests.
  mutating func read(
    _ entries: [YAMLElement.Entry], kind: Machine.Kind = .host, on host: String? = nil, depth: Int = 0
  ) throws(ConstellationError) {
    guard !entries.isEmpty else { return }
    guard depth <= Self.deepest else {
      throw entries[0].position.error("guests are nested more than \(Self.deepest) deep", file: file)
    }
    let names = try Names(entries, work: work, file: file)
    for index in entries.indices {
      // All the names of a range without exact entries of their own have one body.
      var shared: (body: MachineBody, number: Int)?
      for name in names.ofEntry[index] where names.emitter(of: name) == index {
        let full = host.map { name.holds(".") ? name : "\(name)@\($0)" } ?? name
        let (pairs, isShared) = try names.body(of: name, entries: entries, file: file)
        let position = entries[names.exact[name] ?? index].position
        // Also of a range, whose every machine is told with all that it lends.
        try work.add(MachineBody.size(of: pairs), at: position)
        let (body, number) =
          if isShared, let shared { shared } else { try body(pairs, at: position, kind: kind) }
        if isShared { shared = (body, number) }
        try work.add(body.weight, at: position)
        try add(
          PlacedMachine(
            machine: body.machine(named: full, on: host, kind: kind), position: position, body: body,
            bodyNumber: number))
        for guests in body.guests { try read(guests.entries, kind: guests.kind, on: full, depth: depth + 1) }
      }
    }
  }

  private mutating func body(
    _ entries: [YAMLElement.Entry], at position: Position, kind: Machine.Kind
  ) throws(ConstellationError) -> (body: MachineBody, number: Int) {
    let body = try MachineBody(
      entries, at: position, kind: kind, file: file, projects: projects, roles: roles)
    try work.add(body.roleProjects, at: position)
    bodies += 1
    return (body, bodies)
  }

  /// Enters the aliases beside the names; none may be another machine's.
  mutating func checkAliases() throws(ConstellationError) {
    for (index, placed) in machines.enumerated() {
      for (alias, position) in placed.body.aliases {
        if let other = places[alias] {
          let message = "'\(alias)' names '\(machines[other].machine.name)' already"
          throw position.error(message, file: file)
        }
        places[alias] = index
      }
    }
  }

  private mutating func add(_ placed: PlacedMachine) throws(ConstellationError) {
    let name = placed.machine.name
    try work.add(name: name, at: placed.position)
    try Naming.checkMachine(name, at: placed.position, file: file)
    if let other = places[name] {
      let (line, former) = (machines[other].position.line, machines[other].machine.name)
      // Swift takes canonically equivalent texts for one.
      let remark = former.utf8.elementsEqual(name.utf8) ? "" : ", in another spelling of the same characters"
      throw placed.position.error(
        "the machine '\(name)' is already named on line \(line)\(remark)", file: file)
    }
    guard machines.count < MachineRange.mostNames else {
      throw placed.position.error("the file names more than 100,000 machines", file: file)
    }
    places[name] = machines.count
    machines.append(placed)
  }
}

/// The names that the entries of one mapping stand for, exact ones and ranges.
private struct Names {
  /// The names of each entry, expanded.
  private(set) var ofEntry: [[String]] = []
  /// The index of each exact name's entry.
  private(set) var exact: [String: Int] = [:]
  /// The index of the range that covers each name.
  private var range: [String: Int] = [:]

  /// Expands ranges as far as `work` has room for names; what it counts are the machines made of these, later.
  init(_ entries: [YAMLElement.Entry], work: MachineWork, file: String) throws(ConstellationError) {
    var work = work
    for (index, entry) in entries.enumerated() {
      try Naming.checkMachine(entry.key, at: entry.position, file: file)
      guard let names = try Self.names(entry, file: file) else {
        exact[entry.key] = index
        ofEntry.append([entry.key])
        continue
      }
      for name in names {
        try work.add(name: name, at: entry.position)
        guard let other = range.updateValue(index, forKey: name) else { continue }
        guard other != index else {
          throw entry.position.error("the range '\(entry.key)' names '\(name)' twice", file: file)
        }
        let message = "the ranges '\(entries[other].key)' and '\(entry.key)' both name '\(name)'"
        throw entry.position.error(message, file: file)
      }
      guard range.count <= MachineRange.mostNames else {
        throw entry.position.error("the file names more than 100,000 machines", file: file)
      }
      ofEntry.append(names)
    }
  }

  /// The entry at which a name appears first: its range's or its own.
  func emitter(of name: String) -> Int? {
    [range[name], exact[name]].compactMap(\.self).min()
  }

  /// What the file says of the machine `name`, and whether that is the range's alone: an exact entry's keys
  /// override those of the range that covers it.
  func body(
    of name: String, entries: [YAMLElement.Entry], file: String
  ) throws(ConstellationError) -> (pairs: [YAMLElement.Entry], isShared: Bool) {
    guard let own = exact[name] else { return (try entries[range[name]!].value.mapping(file: file), true) }
    let refined = try entries[own].value.mapping(file: file)
    guard let covering = range[name] else { return (refined, false) }
    let keys = Set(refined.map(\.key))
    return (
      try entries[covering].value.mapping(file: file).filter { !keys.contains($0.key) } + refined, false
    )
  }

  private static func names(_ entry: YAMLElement.Entry, file: String) throws(ConstellationError) -> [String]?
  {
    do { return try MachineRange(entry.key)?.names } catch {
      throw entry.position.error("'\(entry.key)' is no range of machines: \(error.reason)", file: file)
    }
  }
}
