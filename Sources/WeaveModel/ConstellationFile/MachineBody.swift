/// What the file says of a machine, apart from its name: one for all the machines of a range.
struct MachineBody {
  let roles: [(word: String, position: Position)]
  let projects: [ProjectName]
  let pins: [ProjectName: Pin]
  let holds: [Hold]
  let isWithHost: Bool
  let has: [String: Quantity]
  let shares: [String]
  let address: MachineAddress?
  let aliases: [(word: String, position: Position)]
  let data: JSONValue?
  let guests: [(kind: Machine.Kind, entries: [YAMLElement.Entry])]
  /// Where `has` states each resource.
  let hasPositions: [String: Position]
  /// How many projects its roles name, each as often as it is named.
  let roleProjects: Int
  /// How many values a machine of it comes to, besides what the file says of the machine itself.
  let weight: Int

  init(
    _ entries: [YAMLElement.Entry], at position: Position, kind: Machine.Kind, file: String,
    projects: ProjectTable, roles table: RoleTable
  ) throws(ConstellationError) {
    var keys = ["roles", "has", "pins", "holds", "vms", "containers", "address", "aliases", "data"]
    if kind != .host { keys.append("shares") }
    if kind == .container { keys.append("with-host") }
    let what = kind == .host ? "a machine" : "a \(kind)"
    let fields = try Fields(entries, at: position, of: what, file: file, keys: keys)
    roles = try fields.words("roles", each: "the role")
    var names: Set<ProjectName> = []
    var (named, weight) = (0, 1)
    for (word, position) in roles {
      let role = try table.role(word, at: position)
      names.formUnion(role.projects)
      named += role.projects.count
      weight += role.claims.count + role.needs.count
    }
    roleProjects = named
    self.projects = projects.inPriority(names)
    self.weight = weight + names.count
    pins = try Self.pins(fields, projects: projects)
    holds = try Self.holds(fields, projects: projects)
    isWithHost = try fields.flag("with-host")
    has = try fields.quantities("has")
    hasPositions = Dictionary(
      (try fields.mapping("has") ?? []).map { ($0.key, $0.value.position) },
      uniquingKeysWith: { first, _ in first })
    shares = try fields.words("shares", each: "the kind of claims").map(\.word)
    address = try Self.address(fields)
    aliases = try fields.words("aliases", each: "the alias", rule: MachineName.reason)
    data = try fields.data()
    // In the order of the file, which the fields have forgotten.
    var guests: [(kind: Machine.Kind, entries: [YAMLElement.Entry])] = []
    for entry in entries {
      guard entry.key == "vms" || entry.key == "containers" else { continue }
      guests.append((entry.key == "vms" ? .vm : .container, try entry.value.mapping(file: file)))
    }
    self.guests = guests
  }

  /// How many values the entries hold, those of guests left out, which are read by themselves.
  static func size(of entries: [YAMLElement.Entry]) -> Int {
    entries.reduce(0) { $1.key == "vms" || $1.key == "containers" ? $0 : $0 + $1.value.count }
  }

  func machine(named name: String, on host: String?, kind: Machine.Kind) -> Machine {
    Machine(
      name: name, host: host, kind: kind, roles: roles.map(\.word), projects: projects, pins: pins,
      holds: holds,
      isWithHost: isWithHost, has: has, shares: shares, address: address, aliases: aliases.map(\.word),
      data: data)
  }

  private static func address(_ fields: Fields) throws(ConstellationError) -> MachineAddress? {
    guard let element = fields["address"] else { return nil }
    let text = try element.text(file: fields.file)
    do { return try MachineAddress(text) } catch {
      throw element.position.error("\(error)", file: fields.file)
    }
  }

  private static func pins(_ fields: Fields, projects: ProjectTable) throws(ConstellationError)
    -> [ProjectName: Pin]
  {
    var pins: [ProjectName: Pin] = [:]
    for entry in try fields.mapping("pins") ?? [] {
      pins[try projects.name(entry.key, at: entry.position)] = try Pin(entry.value, file: fields.file)
    }
    return pins
  }

  private static func holds(_ fields: Fields, projects: ProjectTable) throws(ConstellationError) -> [Hold] {
    var holds: [Hold] = []
    var held: Set<ProjectName> = []
    let file = fields.file
    for element in try fields.list("holds") ?? [] {
      let hold = try Fields(element, of: "a hold", file: file, keys: ["project", "at", "because", "until"])
      let named = try hold.required("project")
      let project = try projects.name(named)
      guard held.insert(project).inserted else {
        throw named.position.error("the project '\(project)' is held twice", file: file)
      }
      let because = try hold.required("because")
      let reason = try because.text(file: file)
      guard reason.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) else {
        throw because.position.error("a hold needs a reason", file: file)
      }
      let until = try hold.text("until")
      if let until, !ISODate.isValid(until) {
        let message = "'\(FreeText.name(until))' is no date as in 2026-12-01 or 2026-12-01T18:00:00Z"
        throw hold["until"]!.position.error(message, file: file)
      }
      let pin = try Pin(try hold.required("at"), file: file)
      holds.append(Hold(project: project, at: pin, because: reason, until: until))
    }
    return holds
  }
}
