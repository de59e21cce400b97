import ArgumentParser
import WeaveKit
import WeaveModel

struct LockCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock",
    abstract: "Adopt today's resolution as what is wanted; list, show and restore locks.",
    usage: """
      weave lock [-c <constellation>] [-m <text>] [--local]
                 [--keep | --update <project>... | --only-revoked]
      weave lock [-c <constellation>] --list [--json]
      weave lock [-c <constellation>] --show [<id>] [--json]
      weave lock [-c <constellation>] --restore <id> [-m <text>]
                 [--even-revoked]
      """
  )

  @OptionGroup var constellation: ConstellationOption
  @OptionGroup var local: LocalOption
  @OptionGroup var preference: PreferenceOptions
  @Option(
    name: [.customShort("m"), .long], help: ArgumentHelp("Why.", valueName: "text"))
  var message = ""
  @Flag(help: "List the locks, newest first.") var list = false
  @Flag(help: "Show the lock in force, or the one named.") var show = false
  @Argument(help: "With --show, a lock's or a resolution's id.") var id: String?
  @Option(help: ArgumentHelp("Adopt this lock's resolution again.", valueName: "id")) var restore: String?
  @Flag(help: "With --restore: also one that is unfit today.") var evenRevoked = false
  @Flag(help: "With --list and --show: print JSON.") var json = false
  @OptionGroup var force: ForceOption
  @OptionGroup var options: ReadingOptions

  func validate() throws {
    if [list, show, restore != nil].filter({ $0 }).count > 1 {
      throw ValidationError("--list, --show and --restore exclude each other")
    }
    if (local.local || preference.isGiven) && (list || show || restore != nil) {
      throw ValidationError("--local, --keep, --update and --only-revoked go with a new lock only")
    }
    if json && !list && !show { throw ValidationError("--json goes with --list and --show") }
    if options.at != nil && !list && !show { throw ValidationError("--at goes with --list and --show") }
    if id != nil && !show { throw ValidationError("an id goes with --show") }
  }

  func run() async throws {
    let workspace = try await options.workspace()
    let loaded = try workspace.constellation(constellation.name)
    if list {
      try printList(workspace.locks(loaded))
    } else if show {
      let lock = try workspace.lock(named: id, loaded)
      try printLock(lock, workspace.lockedCommits(lock, loaded))
    } else if let restore {
      Printer.line(
        try await workspace.restore(
          restore, loaded, message: message, force: force.force, evenRevoked: evenRevoked
        ).id.hex)
    } else {
      let (lock, isNew, trust) = try await workspace.lock(
        loaded, text: message, force: force.force,
        preference: preference.preference(workspace, loaded.constellation),
        includingLocal: local.choice)
      Printer.note(trust)
      if !isNew { Printer.note("note: this lock is in force already; nothing is recorded") }
      for member in lock.local { Printer.note("note: nobody else has \(member) yet; push it") }
      Printer.line(lock.id.hex)
    }
  }

  private func printList(_ locks: [Lock]) throws {
    if json {
      return try Printer.json(ListDocument(schema: "weave.locks/1", locks: locks.map(LockJSON.init)))
    }
    for (index, lock) in locks.enumerated() {
      Printer.line(
        "\(lock.id.short)  \(lock.resolution.short)  \(moment(lock.author.seconds))  "
          + "\(index == 0 ? "in force" : lock.isAdopted ? "        " : "not adopted")  \(lock.text.firstLine)"
      )
    }
  }

  private func printLock(_ lock: Lock, _ machines: [String: [ProjectName: CommitID]]) throws {
    let rows = machines.sorted { $0.key < $1.key }.map { machine, commits in
      let members = commits.map { Member(project: $0.key, commit: $0.value) }.sorted()
      return MachineJSON(machine: machine, projects: members.map(MemberJSON.init))
    }
    if json {
      return try Printer.json(Document(schema: "weave.lock/1", lock: LockJSON(lock), machines: rows))
    }
    Printer.line("lock \(lock.id)\nresolution \(lock.resolution)")
    for member in lock.local { Printer.line("local \(member.project) \(member.commit)") }
    for row in rows {
      for pick in row.projects { Printer.line("\(row.machine) \(pick.project) \(pick.commit)") }
    }
  }

  struct ListDocument: Encodable { let schema: String; let locks: [LockJSON] }
  struct Document: Encodable { let schema: String; let lock: LockJSON; let machines: [MachineJSON] }
  struct MachineJSON: Encodable { let machine: String; let projects: [MemberJSON] }
  struct LockJSON: Encodable {
    let id, resolution, author, text: String
    let time: Int64
    let local: [MemberJSON]
    let isAdopted: Bool

    enum CodingKeys: String, CodingKey {
      case id, resolution, author, text, time, local, isAdopted = "adopted"
    }

    init(_ lock: Lock) {
      (id, resolution, author) = (lock.id.hex, lock.resolution.hex, lock.author.name)
      (text, time, local) = (lock.text, lock.author.seconds, lock.local.map(MemberJSON.init))
      isAdopted = lock.isAdopted
    }
  }
}

extension String {
  var firstLine: String { String(prefix { $0 != "\n" }) }
}
