import WeaveFormats
import WeaveModel

/// What must hold of what machines say that they run.
enum MachineReportReading {
  static func check(_ bytes: [UInt8]) throws(Violation) -> Bool {
    let state: ReportedState
    do throws(FileFormatError) { state = try ReportedState.read(bytes, file: "f") } catch {
      try Violation.unless(
        !error.message.isEmpty && error.message.utf8.count < 2_000, "an error says nothing")
      let lines = bytes.count { $0 == 10 } + 1
      let others = bytes.count { [11, 12, 13, 0x85, 0xA8, 0xA9].contains($0) }
      try Violation.unless(
        (1...lines + others).contains(error.line ?? 1), "an error is on no line of the file")
      return false
    }
    try Violation.unless(
      (try? ReportedState.read(bytes, file: "g")) == state, "read twice it says two things")
    try Violation.unless(state.others.allSatisfy { $0.name != nil }, "a guest has no name")
    try Violation.unless(
      state.reporter.name == nil || !state.others.contains { $0.name == state.reporter.name },
      "a machine is its own guest")
    for machine in [state.reporter] + state.others {
      try Violation.unless(
        machine.name.map { MachineName.reason(against: $0) == nil } ?? true, "a machine has no machine's name"
      )
      try Violation.unless(machine.sequence ?? 1 >= 1, "a count begins below 1")
      guard case .projects(let commits, let dirty) = machine.content else { continue }
      try Violation.unless(dirty.allSatisfy { commits[$0] != nil }, "what is not there is dirty")
    }
    return true
  }
}
