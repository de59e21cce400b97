@testable import WeaveModel

/// What must hold of constellations.
enum ConstellationReading {
  static func check(_ bytes: [UInt8]) throws(Violation) -> Bool {
    let text = String(decoding: bytes, as: UTF8.self)
    let constellation: Constellation
    do throws(ConstellationError) { constellation = try Constellation(parsing: text, file: "f") } catch {
      try check(error, in: text)
      return false
    }
    try check(constellation)
    try Violation.unless(
      (try? Constellation(parsing: text, file: "g")) == constellation, "read twice it says two things")
    return true
  }

  /// An error points into the text: at the end of a line at most, and of the last one where that is empty.
  private static func check(_ error: ConstellationError, in text: String) throws(Violation) {
    try Violation.unless(!error.message.isEmpty, "an error says nothing")
    let lines = text.yamlLines
    try Violation.unless(
      (1...lines.count).contains(error.line),
      "an error is on line \(error.line) of \(lines.count): \(error.message)")
    let width = lines[error.line - 1].unicodeScalars.count
    try Violation.unless(
      (1...width + 1).contains(error.column),
      "an error is in column \(error.column) of \(width) on line \(error.line): \(error.message)")
  }

  private static func check(_ constellation: Constellation) throws(Violation) {
    let machines = constellation.machines
    try Violation.unless(
      ConstellationName.reason(against: constellation.name) == nil, "a constellation's name is none")
    try Violation.unless(
      constellation.roles.allSatisfy { LegibleName.reason(against: $0.name) == nil }, "a role's name is none")
    try Violation.unless(machines.count <= 100_000, "\(machines.count) machines")
    var seen: Set<String> = []
    for machine in machines {
      try Violation.unless(seen.insert(machine.name).inserted, "two machines are called '\(machine.name)'")
      for name in [machine.name] + machine.aliases {
        try Violation.unless(MachineName.reason(against: name) == nil, "a machine's name is none")
      }
      if let address = machine.address?.text {
        let forbidden = Array(" /\\'\"`$;&|<>(){}*?!#~=,^\t\n\r\0".utf8)
        try Violation.unless(
          !address.isEmpty && address.utf8.first != UInt8(ascii: "-")
            && !address.utf8.contains(where: forbidden.contains),
          "the address '\(address)' means something to a program")
      }
      try Violation.unless(
        machine.host.map { seen.contains($0) } ?? true, "'\(machine.name)' comes before its host")
      for name in [machine.name] + machine.aliases {
        try Violation.unless(
          constellation.machine(name)?.name == machine.name, "'\(name)' does not find its machine")
      }
      try Violation.unless(
        Set(machine.projects).count == machine.projects.count
          && machine.holds.allSatisfy { $0.isPast(at: .max) || $0.until == nil },
        "'\(machine.name)' has a project twice, or a hold without end")
    }
    let projects = Set(constellation.projects.map(\.name))
    try Violation.unless(projects.count == constellation.projects.count, "a project is there twice")
    try Violation.unless(
      (constellation.couplings ?? []).allSatisfy { $0.count >= 2 && projects.isSuperset(of: $0) },
      "a coupling is none")
  }
}
