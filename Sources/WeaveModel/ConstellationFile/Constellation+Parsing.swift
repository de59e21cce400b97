extension Constellation {
  /// The constellation that `text`, YAML or JSON, describes. `file` is only what errors call it.
  ///
  /// - Parameter isName: whether it may have that name; that it has another is found before its machines are read.
  public init(
    parsing text: String, file: String, isName: (String) -> Bool = { _ in true }
  ) throws(ConstellationError) {
    var (values, work) = (0, 0)
    self = try ConstellationDraft(parsing: text, file: file, values: &values).constellation(
      work: &work, isName: isName)
  }

  /// Adds to `work` how many values the machines come to, and pairs the projects that meet on them, also where it throws.
  init(
    _ root: YAMLElement, isJSON: Bool, file: String, work: inout Int, _ isName: (String) -> Bool
  ) throws(ConstellationError) {
    let top = try Fields(
      root, of: "a constellation", file: file,
      keys: [
        "constellation", "priority", "projects", "roles", "machines", "couplings", "trust", "data", "probe",
      ])
    let name = try Self.name(in: top, isName)
    let projects = try ProjectTable(top, isJSON: isJSON)
    let roles = try RoleTable(top, projects: projects)
    var machines = MachineReader(file: file, projects: projects, roles: roles)
    defer { work += machines.values }
    if let entries = try top.mapping("machines") { try machines.read(entries) }
    try machines.checkAliases()
    try MachineChecks(file: file, machines: machines.machines, roles: roles).run()
    try MeetingProjects.count(machines.machines, in: &work, file: file)
    self.init(
      name: name, projects: projects.requirements, machines: machines.machines.map(\.machine),
      places: machines.places, roles: roles.roles, couplings: try projects.couplings(top),
      trust: try Trust(top), probe: try Probe(top), data: try top.data())
  }

  private static func name(in top: Fields, _ isName: (String) -> Bool) throws(ConstellationError) -> String {
    let element = try top.required("constellation")
    let name = try element.text(file: top.file)
    try Naming.check(
      name, what: "the constellation's name", rule: ConstellationName.reason, at: element.position,
      file: top.file)
    guard isName(name) else {
      throw element.position.error("it calls itself '\(name)', which is another name", file: top.file)
    }
    return name
  }
}
