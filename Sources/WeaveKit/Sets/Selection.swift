import ForeignText
import WeaveModel
import WeaveStore

/// What names one commit of each of several projects.
public enum Selection: Sendable {
  /// A set's name, else the id, which may be shortened, of a link or revocation, of a lock, or of a resolution. Of the
  /// last two what `machine` runs, or all machines together.
  case named(String, machine: String? = nil)
  /// `project@revision` arguments.
  case members([String])
  /// What is wanted of the constellation's machines, or of one of them.
  case constellation(String?, machine: String? = nil)
  /// What is checked out in the workspace now.
  case checkedOut
}

/// The commits that a selection names, and what to call them.
public struct SelectedCommits: Sendable {
  /// The set's name, the constellation's, or a short id.
  public let label: String
  public let commits: CommitSet
}

extension Workspace {
  /// The commits that are selected. Those that only a checkout has are copied into the store where `copying` says so.
  ///
  /// Throws ``WeaveError`` where nothing has that name, and where machines run different commits of one project and none
  /// is chosen. Warns where what is wanted of a machine is unfit.
  public func commits(of selection: Selection, copying: Bool) async throws -> SelectedCommits {
    switch selection {
    case .named(let text, let machine): return try commits(named: text, machine: machine)
    case .members(let arguments):
      let commits = try await commitSet(arguments, copying: copying)
      return SelectedCommits(label: commits.description, commits: commits)
    case .constellation(let name, let machine):
      return try await wantedCommits(of: constellation(name), machine: machine)
    case .checkedOut:
      return SelectedCommits(label: "checked out", commits: try await members(of: .checkedOut))
    }
  }

  private func commits(named text: String, machine: String?) throws -> SelectedCommits {
    if let set = try store.set(text) {
      guard machine == nil else { throw WeaveError("\(text) is a set, which knows of no machine") }
      if try isID(text) {
        throw WeaveError(
          "'\(text)' is ambiguous: there is a set of that name, and an id that begins so",
          hint: "write more of the id; `weave set show \(text)` shows what the set holds")
      }
      return SelectedCommits(label: set.name, commits: set.commits)
    }
    if let (id, machines) = try resolution(named: text) {
      let machine = try machine.map { try machines[$0] == nil ? fullMachineName($0) : $0 }
      return SelectedCommits(label: id, commits: try together(machines, of: id, machine: machine))
    }
    let event: Event
    do { event = try self.event(named: text) } catch {
      let names = try store.sets().map(\.name)
      throw WeaveError(
        "nothing is called '\(text)': no set, event, lock or resolution",
        hint: Nearest.match(text, among: names).map { "did you mean '\($0)'?" }
          ?? "`weave set list` lists the sets, `weave links` the links, or name the commits: PROJECT@REVISION"
      )
    }
    guard machine == nil else { throw WeaveError("\(event.id.short) is an event, which knows of no machine") }
    guard let commits = event.members else {
      throw WeaveError("\(event.id.short) is a withdrawal, and names no commit")
    }
    return SelectedCommits(label: event.id.short, commits: commits)
  }

  /// Whether `text` also abbreviates the id of something that is selected by one.
  func isID(_ text: String) throws -> Bool {
    guard SetName.mayBeID(text) else { return false }
    if try lockOfAnyConstellation(named: text) != nil { return true }
    return try !store.ledgers().events.ids(beginningWith: text.lowercasedASCII).isEmpty
  }

  /// The lock or resolution whose id begins with `text`: what each machine runs.
  private func resolution(named text: String) throws -> (String, [String: [ProjectName: CommitID]])? {
    guard let lock = try lockOfAnyConstellation(named: text) else { return nil }
    let id = lock.id.hex.begins(with: text.lowercased()) ? lock.id.short : lock.resolution.short
    let name = lock.constellation
    let stored = try store.constellation(named: name).map(read)
    return (
      id, try stored.map { try lockedCommits(lock, $0) } ?? store.commitsByComponent(in: lock)
    )
  }

  private func wantedCommits(of loaded: LoadedConstellation, machine: String?) async throws -> SelectedCommits
  {
    let wanted = try await wanted(loaded)
    let name = try machine.map { try machineName($0, in: loaded.constellation) }
    for machine in loaded.constellation.machines where name == nil || machine.name == name {
      try wanted.requireTrust(on: machine.name)
    }
    let unfit = EventsOfMachines(
      wanted.unfit.filter { name == nil || $0.key == name }.sorted { $0.key < $1.key }
        .map { ($0.key, Array($0.value.prefix(1))) })
    for revocation in unfit.events {
      caller.warn(
        "what \(unfit.listedMachines(of: revocation.id) ?? "") should run is unfit: "
          + revocation.revocationSentence)
    }
    return SelectedCommits(
      label: name ?? loaded.constellation.name,
      commits: try together(wanted.machines, of: loaded.constellation.name, machine: name))
  }

  /// What the machine runs, or what all run together.
  private func together(
    _ machines: [String: [ProjectName: CommitID]], of what: String, machine: String?
  ) throws -> CommitSet {
    if let machine {
      guard let commits = machines[machine] else {
        throw WeaveError(
          "\(what) has no machine called '\(machine)'",
          hint: Nearest.match(machine, among: Array(machines.keys)).map { "did you mean '\($0)'?" }
            ?? "it has \(listed(machines.keys.sorted()))")
      }
      return try commitSet(of: commits.map { Member(project: $0.key, commit: $0.value) })
    }
    var found: [ProjectName: (machine: String, commit: CommitID)] = [:]
    for (machine, commits) in machines.sorted(by: { $0.key < $1.key }) {
      for (project, commit) in commits.sorted(by: { $0.key < $1.key }) {
        guard let other = found[project] else {
          found[project] = (machine, commit)
          continue
        }
        guard other.commit == commit else {
          throw WeaveError(
            "\(what) has two commits of \(project): \(other.commit.short) on \(other.machine) and "
              + "\(commit.short) on \(machine)", hint: "\(Quoted.shellOption("--machine", machine)) chooses")
        }
      }
    }
    return try commitSet(of: found.map { Member(project: $0.key, commit: $0.value.commit) })
  }
}
