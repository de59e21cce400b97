import ForeignText

/// The roles of a constellation, to look names up in.
struct RoleTable {
  let roles: [Role]
  private let file: String
  private let places: [String: Int]

  init(_ top: Fields, projects: ProjectTable) throws(ConstellationError) {
    file = top.file
    var roles: [Role] = []
    for entry in try top.mapping("roles") ?? [] {
      roles.append(try Self.role(entry, projects: projects, file: top.file))
    }
    self.roles = roles
    places = Dictionary(uniqueKeysWithValues: roles.enumerated().map { ($1.name, $0) })
  }

  subscript(name: String) -> Role? { places[name].map { roles[$0] } }

  func role(_ name: String, at position: Position) throws(ConstellationError) -> Role {
    if let role = self[name] { return role }
    let nearest = Nearest.match(name, among: roles.map(\.name))
    throw position.error(
      "there is no role '\(FreeText.name(name))' under 'roles'", suggestion: nearest, file: file)
  }

  private static func role(
    _ entry: YAMLElement.Entry, projects: ProjectTable, file: String
  ) throws(ConstellationError) -> Role {
    try Naming.check(
      entry.key, what: "the role's name", rule: LegibleName.reason, at: entry.position, file: file)
    let fields = try Fields(
      entry.value, of: "a role", file: file, keys: ["projects", "claims", "needs", "data"])
    var names: [ProjectName] = []
    for (word, position) in try fields.words("projects", each: "the project") {
      names.append(try projects.name(word, at: position))
    }
    return Role(
      name: entry.key, projects: names, claims: try fields.words("claims", each: "the claim").map(\.word),
      needs: try fields.quantities("needs"), data: try fields.data())
  }
}
