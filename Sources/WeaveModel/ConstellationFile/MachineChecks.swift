import ForeignText

/// Whether the roles on each machine get along: no two claim one thing, and they need no more than it has.
struct MachineChecks {
  let file: String
  let machines: [PlacedMachine]
  let roles: RoleTable

  /// A role on a machine: the machine itself, or a guest of it.
  private struct Use {
    let role: Role
    let machine: Int
    let position: Position
  }

  func run() throws(ConstellationError) {
    var claims: [Int: [String: Use]] = [:]
    // Of a machine's guests, last first: a host of very many appends, and never copies.
    var uses: [Int: [Use]] = [:]
    var work = MachineWork(file: file)
    let indices = Dictionary(uniqueKeysWithValues: machines.enumerated().map { ($1.machine.name, $0) })
    // Guests come after their hosts, so that backwards every machine comes after its guests.
    for index in machines.indices.reversed() {
      let placed = machines[index]
      var own: [Use] = []
      for (name, position) in placed.body.roles {
        own.append(Use(role: try roles.role(name, at: position), machine: index, position: position))
      }
      let all = own + (uses[index] ?? []).reversed()
      try work.add(all.count + (claims[index]?.count ?? 0), at: placed.position)
      let claimed = try claimed(by: own, with: claims[index] ?? [:], on: index)
      try checkNeeds(of: all, on: placed, &work)
      (uses[index], claims[index]) = (nil, nil)
      guard let host = placed.machine.host.flatMap({ indices[$0] }) else { continue }
      uses[host, default: []].append(contentsOf: all.reversed())
      let shares = placed.machine.shares
      for (claim, use) in claimed.sorted(by: { $0.key < $1.key }) where shares.contains(Self.kind(of: claim))
      {
        if let other = claims[host]?[claim] { throw conflict(use, other, over: claim, on: host) }
        claims[host, default: [:]][claim] = use
      }
    }
  }

  /// What a claim is a claim to: `port` of `port/tcp/443`, `mount` of `mount:/srv`.
  private static func kind(of claim: String) -> String {
    String(claim.prefix(whileScalar: { $0 != "/" && $0 != ":" }))
  }

  private func claimed(
    by own: [Use], with shared: [String: Use], on machine: Int
  ) throws(ConstellationError) -> [String: Use] {
    var claimed = shared
    for use in own {
      for claim in use.role.claims {
        if let other = claimed.updateValue(use, forKey: claim) {
          throw conflict(other, use, over: claim, on: machine)
        }
      }
    }
    return claimed
  }

  private func conflict(_ one: Use, _ other: Use, over claim: String, on machine: Int) -> ConstellationError {
    let later =
      (one.position.line, one.position.column) > (other.position.line, other.position.column) ? one : other
    let earlier = later.position == one.position ? other : one
    func words(_ use: Use) -> String {
      use.machine == machine
        ? "'\(use.role.name)'" : "'\(use.role.name)' on '\(machines[use.machine].machine.name)'"
    }
    let place = machines[machine].machine.name
    let message = "the roles \(words(earlier)) and \(words(later)) both claim '\(claim)' on '\(place)'"
    return later.position.error(message, file: file)
  }

  private func checkNeeds(
    of uses: [Use], on placed: PlacedMachine, _ work: inout MachineWork
  ) throws(ConstellationError) {
    let resources = placed.machine.has
    guard !resources.isEmpty else { return }
    var needed: [String: (total: Int, isTooMuch: Bool)] = [:]
    for use in uses {
      try work.add(use.role.needs.count, at: placed.position)
      for (resource, need) in use.role.needs where resources[resource] != nil {
        let (total, isTooMuch) = needed[resource] ?? (0, false)
        let (sum, overflow) = total.addingReportingOverflow(need.value)
        needed[resource] = (sum, isTooMuch || overflow)
      }
    }
    for (resource, (total, isTooMuch)) in needed.sorted(by: { $0.key < $1.key }) {
      guard let has = resources[resource], isTooMuch || total > has.value else { continue }
      let parts = uses.compactMap { use in
        use.role.needs[resource].map { need in
          let machine = machines[use.machine].machine.name
          let place = machine == placed.machine.name ? "" : " on '\(machine)'"
          return "'\(use.role.name)'\(place) \(need)"
        }
      }
      let listed =
        parts.prefix(5).joined(separator: ", ") + (parts.count > 5 ? " and \(parts.count - 5) more" : "")
      let amount =
        isTooMuch
        ? "more \(FreeText.name(resource)) than can be counted"
        : "\(Quantity.describe(total)) of \(FreeText.name(resource))"
      let message = "the roles on '\(placed.machine.name)' need \(amount) (\(listed)), but it has \(has)"
      throw (placed.body.hasPositions[resource] ?? placed.position).error(message, file: file)
    }
  }
}
