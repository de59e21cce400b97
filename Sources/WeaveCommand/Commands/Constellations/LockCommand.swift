import ArgumentParser
import WeaveFormats
import WeaveKit
import WeaveModel

struct LockCommand: Command {
  static let configuration = CommandConfiguration(
    commandName: "lock",
    abstract: "Adopt today's resolution as what is wanted; list, show and restore locks.",
    usage: """
      weave lock [-c <constellation>] [-m <text>] [--local]
                 [--keep | --update <project>... | --only-revoked]
      weave lock [-c <constellation>] --list [--json]
      weave lock [-c <constellation>] --show [<id>] [--machine <machine>]
                 [--json | --format <format> [<options of the format>]]
                 [--even-revoked]
      weave lock [-c <constellation>] --restore <id> [-m <text>]
                 [--even-revoked]
      """,
    discussion: """
      --show with a format and no id speaks of what is wanted now: the lock in force with today's pins and holds. It \
      exits with 5 where that is unfit.

      \(FormatOptions.discussion)
      """
  )

  @OptionGroup var constellation: ConstellationOption
  @OptionGroup var local: LocalOption
  @OptionGroup var preference: PreferenceOptions
  @Option(
    name: [.customShort("m"), .long], help: ArgumentHelp("Why.", valueName: "text"))
  var message = ""
  @Flag(help: "List the locks, newest first; with --format ansible, what Ansible means by it.") var list =
    false
  @Flag(help: "Show the lock in force, or the one named.") var show = false
  @Argument(help: "With --show, a lock's or a resolution's id.") var id: String?
  @Option(help: ArgumentHelp("Adopt this lock's resolution again.", valueName: "id")) var restore: String?
  @Flag(help: "With --restore and --format: also one that is unfit today.") var evenRevoked = false
  @Option(help: ArgumentHelp("With --show: only this machine.", valueName: "machine")) var machine: String?
  @OptionGroup var format: FormatOptions
  @Flag(help: "With --list and --show: print JSON.") var json = false
  @OptionGroup var force: ForceOption
  @OptionGroup var options: FitnessOptions

  func validate() throws {
    if [isList, show, restore != nil].filter({ $0 }).count > 1 {
      throw ValidationError("--list, --show and --restore exclude each other")
    }
    if (local.local || preference.isGiven) && (list || show || restore != nil) {
      throw ValidationError("--local, --keep, --update and --only-revoked go with a new lock only")
    }
    if json && !list && !show { throw ValidationError("--json goes with --list and --show") }
    if options.at != nil && !list && !show { throw ValidationError("--at goes with --list and --show") }
    if id != nil && !show { throw ValidationError("an id goes with --show") }
    if machine != nil && !show { throw ValidationError("--machine goes with --show") }
    guard let chosen = format.chosen else { return }
    if !show { throw ValidationError("--format goes with --show") }
    if json && chosen != .json {
      throw ValidationError("--json and --format \(chosen.rawValue) exclude each other")
    }
    if chosen == .prometheus && id != nil {
      throw ValidationError(
        "--format prometheus says how machines stand to what is wanted now: leave out the id")
    }
    if list && format.host != nil { throw ValidationError("--list and --host exclude each other") }
  }

  func run(_ surroundings: Surroundings, _ printer: Printer) async throws {
    let workspace = try await options.workspace(surroundings)
    if let chosen = format.chosen {
      return try await format.explainingErrors(on: printer) {
        try await printState(as: chosen, workspace, printer)
      }
    }
    let loaded = try workspace.constellation(constellation.name)
    if list {
      let (inForce, passedOver) = try await workspace.lockInForce(loaded)
      try printList(workspace.locks(loaded), inForce: inForce?.id, passedOver, printer)
    } else if show {
      let machine = try machine.map { try workspace.machineName($0, in: loaded.constellation) }
      var (lock, commits, passedOver): (Lock, [String: [ProjectName: CommitID]], [UntrustedLock])
      if id == nil {
        (lock, commits, passedOver) = try await workspace.shownLock(loaded, on: machine)
      } else {
        lock = try workspace.lock(named: id, loaded)
        (commits, passedOver) = (try workspace.lockedCommits(lock, loaded), [])
      }
      let machines = commits.filter { machine == nil || $0.key == machine }
      try await noteRevocations(of: lock, loaded, on: machine, workspace, printer)
      try printLock(lock, machines, passedOver, asJSON: json, printer)
    } else if let restore {
      printer.line(
        try await workspace.restore(
          restore, loaded, message: message, force: force.force, evenRevoked: evenRevoked
        ).id.hex)
    } else {
      let (lock, isNew, trust) = try await workspace.lock(
        loaded, text: message, force: force.force,
        preference: preference.preference(workspace, loaded.constellation),
        includingLocal: local.choice)
      printer.note(trust)
      if !isNew { printer.note("note: this lock is in force already; nothing is recorded") }
      for member in lock.local { printer.note("note: nobody else has \(member) yet; push it") }
      printer.line(lock.id.hex)
    }
  }

  /// Whether the locks are to be listed. Ansible means another thing by `--list`.
  private var isList: Bool { list && format.chosen != .ansible }

  /// What is wanted, or the lock that is named, for a deploy tool.
  private func printState(as format: DeployFormat, _ workspace: Workspace, _ printer: Printer) async throws {
    var subject = FormatSubject(constellation: constellation.name, machine: machine)
    if format == .terraformExternal { try subject.take(workspace.terraformQuery) }
    let loaded = try workspace.constellation(subject.constellation)
    let machine = try subject.machine.map { try workspace.machineName($0, in: loaded.constellation) }
    let project = try subject.project.map { try workspace.projectName($0, in: loaded.constellation) }
    var (state, lock): (DesiredState, Lock)
    var passedOver: [UntrustedLock] = []
    if let id {
      lock = try workspace.lock(named: id, loaded)
      state = try workspace.desiredState(lock, of: loaded)
      if format != .terraformExternal {
        try await noteRevocations(of: lock, loaded, on: machine, workspace, printer)
      }
    } else {
      let wanted = try await workspace.wantedState(of: loaded, on: machine, evenRevoked: evenRevoked)
      (state, lock, passedOver) = (wanted.state, wanted.lock, wanted.passedOver)
      if wanted.wantsOther && format != .terraformExternal {
        printer.note(
          "note: the constellation of today wants other commits than the lock \(lock.id.short) has")
      }
    }
    state = state.selecting(machine: machine, project: project)
    guard format == .json else {
      return try await self.format.print(state, as: format, loaded, workspace, printer)
    }
    let machines = state.selected.map { machine in
      (machine.name, Dictionary(uniqueKeysWithValues: machine.commits.map { ($0.project, $0.commit) }))
    }
    try printLock(lock, Dictionary(uniqueKeysWithValues: machines), passedOver, asJSON: true, printer)
  }

  /// A lock is shown as it was recorded, whatever was found out since.
  private func noteRevocations(
    of lock: Lock, _ loaded: LoadedConstellation, on machine: String?, _ workspace: Workspace,
    _ printer: Printer
  ) async throws {
    let revocations = try await workspace.revocations(of: lock, loaded)
    let concerned = revocations.filter { machine == nil || $0.key == machine }.sorted { $0.key < $1.key }
    for event in EventsOfMachines(concerned.map { ($0.key, $0.value) }).events {
      printer.note("warning: unfit since this lock: \(event.revocationSentence)")
    }
  }

  private func printList(_ locks: [Lock], inForce: LockID?, _ passedOver: [UntrustedLock], _ printer: Printer)
    throws
  {
    if json {
      return try printer.json(
        ListDocument(
          schema: "weave.locks/1", locks: locks.map { LockJSON($0, isListed: true) },
          passedOver: PassedOverJSON.list(passedOver)))
    }
    let untrusted = Set(passedOver.map(\.lock.id))
    for lock in locks {
      let word =
        lock.id == inForce
        ? "in force"
        : untrusted.contains(lock.id) ? "not trusted" : lock.isAdopted ? "        " : "not adopted"
      printer.line(
        "\(lock.id.short)  \(lock.resolution.short)  \(moment(lock.author.seconds))  \(word)  \(lock.line)"
      )
    }
  }

  private func printLock(
    _ lock: Lock, _ machines: [String: [ProjectName: CommitID]], _ passedOver: [UntrustedLock], asJSON: Bool,
    _ printer: Printer
  ) throws {
    let rows = machines.sorted { $0.key < $1.key }.map { machine, commits in
      let members = commits.map { Member(project: $0.key, commit: $0.value) }.sorted()
      return MachineJSON(machine: machine, projects: members.map(MemberJSON.init))
    }
    if asJSON {
      return try printer.json(
        Document(
          schema: "weave.lock/1", lock: LockJSON(lock), machines: rows,
          passedOver: PassedOverJSON.list(passedOver)))
    }
    printer.line("lock \(lock.id)")
    printer.line("resolution \(lock.resolution)")
    for member in lock.local { printer.line("local \(member.project) \(member.commit)") }
    for row in rows {
      for pick in row.projects { printer.line("\(row.machine) \(pick.project) \(pick.commit)") }
    }
  }

  struct ListDocument: Encodable {
    let schema: String; let locks: [LockJSON]; let passedOver: [PassedOverJSON]?
  }
  struct Document: Encodable {
    let schema: String; let lock: LockJSON; let machines: [MachineJSON]; let passedOver: [PassedOverJSON]?
  }
  struct MachineJSON: Encodable { let machine: String; let projects: [MemberJSON] }
  struct LockJSON: Encodable {
    let id, resolution, author, text: String
    let time: Int64
    let local: [MemberJSON]
    let moreLocal: Int?
    let isAdopted: Bool

    enum CodingKeys: String, CodingKey {
      case id, resolution, author, text, time, local, moreLocal, isAdopted = "adopted"
    }

    init(_ lock: Lock, isListed: Bool = false) {
      (id, resolution, author) = (lock.id.hex, lock.resolution.hex, lock.author.name)
      (text, time) = (isListed ? lock.listedText : lock.text, lock.author.seconds)
      local = lock.local.prefix(isListed ? CommitSet.mostShown : .max).map(MemberJSON.init)
      moreLocal = lock.local.count > local.count ? lock.local.count - local.count : nil
      isAdopted = lock.isAdopted
    }
  }
}
