import ForeignText
import WeaveModel

extension DesiredState {
  private struct Group: Encodable {
    var hosts: [String]?
    var children: [String]?
  }

  private struct HostVariables: Encodable {
    let address, user, weaveID, constellation, lock, kind, host, status: String?
    let port: Int?
    let revs: [String: String]
    let aliases: [String]?
    let data: JSONValue?

    enum CodingKeys: String, CodingKey {
      case address = "ansible_host", user = "ansible_user", port = "ansible_port", weaveID = "weave_id",
        constellation = "weave_constellation"
      case lock = "weave_lock", kind = "weave_kind", host = "weave_host", status = "weave_status"
      case revs = "weave_revs", aliases = "weave_aliases", data = "weave_data"
    }
  }

  private struct Inventory: Encodable {
    let groups: [String: Group]
    let hostvars: [String: HostVariables]

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      for (name, group) in groups { try container.encode(group, forKey: Key(stringValue: name)) }
      try container.encode(["hostvars": hostvars], forKey: Key(stringValue: "_meta"))
    }

    private struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { nil }
    }
  }

  /// A dynamic inventory, as Ansible asks for it by `--list`: the selected machines, the groups `weave_role_ROLE`,
  /// `weave_kind_KIND` and, where it is known, `weave_status_WORD`, and each machine's variables.
  public func ansibleInventory() throws -> String {
    let roleGroups = try MappedNames(roles, of: "role") { "weave_role_" + $0.underscored() }
    var groups: [String: Group] = [:]
    for role in roles { groups[roleGroups[role]] = Group(hosts: []) }
    for machine in selected {
      var names = machine.roles.map { roleGroups[$0] }
      if let kind = machine.kind { names.append("weave_kind_\(kind)") }
      if let status = machine.compliance { names.append("weave_status_" + status.word.underscored()) }
      for name in names { groups[name, default: Group(hosts: [])].hosts?.append(machine.name) }
    }
    try refuseTemplates()
    try refuseUnreachable()
    try refuseLocalHosts()
    for machine in selected
    where groups[machine.name] != nil || ["all", "ungrouped"].contains(where: { $0 == machine.name })
      || ["weave_role_", "weave_kind_", "weave_status_"].contains(where: { machine.name.begins(with: $0) })
    {
      throw UnwritableState(
        "the machine '\(machine.name)' has the name of a group, or of one that may come, and Ansible would take one for the other",
        hint: "give it another name, or take another format")
    }
    groups["ungrouped"] = Group(hosts: selected.filter { $0.kind == nil }.map(\.name))
    groups["all"] = Group(children: groups.keys.sorted())
    let hostvars = Dictionary(uniqueKeysWithValues: try selected.map { ($0.name, try variables(of: $0)) })
    return try Self.document(Inventory(groups: groups, hostvars: hostvars))
  }

  /// One machine's variables, as Ansible asks for them by `--host`.
  public func ansibleVariables(of name: String) throws -> String {
    guard let machine = selected.first(where: { $0.name == name }) else {
      throw UnwritableState("the inventory has no host called '\(name)'", hint: "--list names them")
    }
    try refuseTemplates()
    try refuseUnreachable()
    try refuseLocalHosts()
    return try Self.document(try variables(of: machine))
  }

  /// Refuses a document with a key or a text of which ansible-core makes vault texts and its own types, whoever's it is: the
  /// value of such a key takes the place of the object that has it (ansible.parsing.ajson).
  private static func document(_ value: some Encodable) throws -> String {
    let document = try DeployJSON.document(value)
    // All that JSON could spell another way is ASCII, which the encoder writes as it is.
    guard let quote = document.firstIndex(ofBytes: "\"__ansible") else { return document }
    let text = document[quote...].dropFirst(bytes: 1).prefix(whileScalar: { $0 != "\"" })
    throw UnwritableState(
      "the inventory would hold '\(text)', which Ansible would take for its own",
      hint: "call it otherwise in the constellation, or take another format")
  }

  /// What begins so is a template whatever it holds, and says itself what begins an expression (`JINJA2_OVERRIDE` of
  /// ansible-core 2.19, in `_jinja_bits.py`).
  private static let templateHeader = "#jinja2:"

  /// Ansible takes what looks so in a variable for a template of Jinja, and a template runs commands on the controller: a
  /// constellation that came from somebody else must not.
  private func refuseTemplates() throws {
    for machine in selected {
      var texts = [("the name", machine.name), ("the constellation's name", constellation)]
      texts += machine.aliases.map { ("an alias", $0) }
      if let address = machine.address { texts.append(("the address", address)) }
      if let host = machine.host { texts.append(("the host's name", host)) }
      if let data = machine.data { texts += data.texts.map { ("its data", $0) } }
      for (what, text) in texts {
        guard
          ["{{", "{%", "{#"].contains(where: { text.holds($0) }) || text.begins(with: Self.templateHeader)
        else { continue }
        throw UnwritableState(
          "\(what) of \(machine.name) holds '{{', '{%' or '{#', or begins with '\(Self.templateHeader)', which Ansible would run as a template: \(text)",
          hint: "write it another way, or take another format")
      }
    }
  }

  /// Ansible hands the address to ssh, or the name where there is none; of what only a lock has, anybody wrote the name.
  private func refuseUnreachable() throws {
    for machine in selected {
      do { _ = try MachineAddress(machine.address ?? machine.name) } catch {
        throw UnwritableState(
          "Ansible would hand to ssh what is no address, of \(machine.name): \(error.reason)",
          hint: "give the machine an `address:`, or take another format")
      }
    }
  }

  /// A host of the inventory with such a name takes the place of the controller, where Ansible runs what `delegate_to:
  /// localhost` says: with all secrets of that task, wherever its address leads.
  private func refuseLocalHosts() throws {
    for machine in selected where Self.localHosts.contains(machine.name) {
      throw UnwritableState(
        "the machine '\(machine.name)' has the name by which Ansible knows the host that it runs on itself",
        hint: "give it another name, or take another format")
    }
  }

  /// `C.LOCALHOST` of ansible-core (lib/ansible/constants.py).
  private static let localHosts: Set = ["localhost", "127.0.0.1", "::1"]

  private func variables(of machine: Machine) throws -> HostVariables {
    let address = try machine.address.map { try MachineAddress($0) }
    return HostVariables(
      address: address.map { String($0.host) }, user: address?.user.map(String.init), weaveID: resolution,
      constellation: constellation, lock: lock,
      kind: machine.kind?.rawValue, host: machine.host, status: machine.compliance?.word, port: address?.port,
      revs: machine.commitsByName, aliases: machine.aliases.isEmpty ? nil : machine.aliases,
      data: machine.data)
  }
}

extension Compliance {
  /// The word as deploy tools get it: `never` where people read `-`.
  var word: String { self == .unobserved ? "never" : rawValue }
}

extension JSONValue {
  /// Every text in it, keys too.
  fileprivate var texts: [String] {
    switch self {
    case .string(let text): [text]
    case .array(let elements): elements.flatMap(\.texts)
    case .object(let members): members.flatMap { [$0.key] + $0.value.texts }
    }
  }
}
