import ArgumentParser
import WeaveKit
import WeaveModel

struct ReverseCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "reverse",
    abstract: "Say which machines run a commit, which constellations want it, and which locks held it.",
    usage: "weave reverse <project@rev> [--json] [--at <when>]")

  @Argument(help: ArgumentHelp("The commit; a full id may be unknown here.", valueName: "project@rev"))
  var member: String
  @Flag(help: "Print JSON.") var json = false
  @OptionGroup var options: FitnessOptions

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let found = try await options.workspace(surroundings).whereabouts(of: member)
    if json { return try printer.json(Document(found)) }
    printer.line(found.member.description)
    printer.paragraph("runs on: \(machines(found.running))")
    if found.wanted.isEmpty { printer.line("wanted on: no machine") }
    for wanting in found.wanted {
      printer.paragraph("wanted on: \(wanting.machines.joined(separator: ", ")) (\(wanting.constellation))")
    }
    if found.locks.isEmpty { printer.line("in no lock") }
    for locking in found.locks {
      printer.paragraph(
        "\(locking.isInForce ? "in the lock in force" : "in the lock"): \(locking.lock.constellation) "
          + "\(locking.lock.id.short), \(moment(locking.lock.author.seconds)): "
          + (locking.machines.isEmpty
            ? "the same \(counted(locking.machineCount, "machine"))"
            : locking.machines.joined(separator: ", ")
              + (locking.machineCount > locking.machines.count
                ? " and \(locking.machineCount - locking.machines.count) more" : ""))
      )
    }
  }

  struct Document: Encodable {
    let schema = "weave.reverse/1"
    let project, commit: String
    let running: [RunningJSON]
    let wanted: [WantingJSON]
    let locks: [LockingJSON]

    init(_ found: Whereabouts) {
      (project, commit) = (found.member.project.text, found.member.commit.hex)
      running = found.running.map(RunningJSON.init)
      wanted = found.wanted.map { WantingJSON(constellation: $0.constellation, machines: $0.machines) }
      locks = found.locks.map {
        LockingJSON(
          constellation: $0.lock.constellation, lock: $0.lock.id.hex, resolution: $0.lock.resolution.hex,
          time: $0.lock.author.seconds, inForce: $0.isInForce, machineCount: $0.machineCount,
          machines: $0.machines)
      }
    }
  }
  struct LockingJSON: Encodable {
    let constellation, lock, resolution: String
    let time: Int64
    let inForce: Bool
    let machineCount: Int
    let machines: [String]
  }
}

struct RunningJSON: Encodable {
  let machine: String
  let ageSeconds: Int64

  init(_ running: (machine: String, age: Int64)) { (machine, ageSeconds) = running }
}

struct WantingJSON: Encodable {
  let constellation: String
  let machines: [String]
  let moreMachines: Int?

  /// - Parameter count: of how many machines these are the first; nil where they are all.
  init(constellation: String, machines: [String], count: Int? = nil) {
    (self.constellation, self.machines) = (constellation, machines)
    let excess = (count ?? machines.count) - machines.count
    moreMachines = excess > 0 ? excess : nil
  }
}

/// `toto.canon (3 h), barge (2 d)`, the ages of what they said.
func machines(_ running: [(machine: String, age: Int64)]) -> String {
  running.isEmpty
    ? "no machine" : running.map { "\($0.machine) (\(age($0.age)) ago)" }.joined(separator: ", ")
}
