import ForeignText

/// A pin or a hold, and where it stands.
public struct PinOrHold: Sendable, Hashable {
  /// The machine that it is of; nil for a pin of the whole constellation.
  @ByBytes public private(set) var machine: String?
  /// What it keeps the project at.
  public let at: Pin
  /// The hold; nil for a pin.
  public let hold: Hold?

  init(_ pin: Pin, on machine: String? = nil) { (self.machine, at, hold) = (machine, pin, nil) }

  init(_ hold: Hold, on machine: String) { (self.machine, at, self.hold) = (machine, hold.at, hold) }
}

extension Machine {
  /// Its own pins and holds, of each project the one that counts: a hold takes the place of a pin.
  public var pinsAndHolds: [ProjectName: PinOrHold] {
    guard !holds.isEmpty || !pins.isEmpty else { return [:] }
    let pinned = pins.mapValues { PinOrHold($0, on: name) }
    return holds.reduce(into: pinned) { $0[$1.project] = PinOrHold($1, on: name) }
  }
}

/// Which pin or hold counts for a project on a machine, for all that asks: nothing else says so.
///
/// On a machine a hold counts before a pin. A host has those of the guests that are built in its closure in common with them:
/// its own count before theirs, and an earlier guest's before a later one's. A pin of the whole constellation counts where none
/// of these does.
public struct PinsAndHolds: Sendable {
  private var ofMachines: [String: [ProjectName: PinOrHold]]
  private let ofConstellation: [ProjectName: PinOrHold]

  /// Those of the constellation. Takes time in proportion to its machines, and to their pins and holds.
  public init(of constellation: Constellation) {
    ofMachines = Dictionary(
      constellation.machines.map { ($0.name, $0.pinsAndHolds) }, uniquingKeysWith: { first, _ in first })
    ofConstellation = Dictionary(
      constellation.projects.compactMap { project in project.pin.map { (project.name, PinOrHold($0)) } },
      uniquingKeysWith: { first, _ in first })
    for machines in joinedMachines(of: constellation.placements()) where machines.count > 1 {
      let common = inCommon(machines.map { ofMachines[$0] ?? [:] })
      for machine in machines { ofMachines[machine] = common }
    }
  }

  /// The one that counts for the project on the machine, by its full name; nil where none does.
  public subscript(project: ProjectName, on machine: String) -> PinOrHold? {
    ofMachines[machine]?[project] ?? ofConstellation[project]
  }

  /// Those of the machine and of its closure that count; machines that differ in them may run different commits.
  public func ofMachine(_ machine: String) -> [ProjectName: PinOrHold] { ofMachines[machine] ?? [:] }

  /// What the machines are to run, where so much is agreed by the lock or by a resolution: what is agreed, and of a project of
  /// which a pin or hold counts the commit of that; and which ones these are.
  ///
  /// - Parameter commit: the commit that a pin or hold of that project names. Asked once for each machine and project.
  public func overriding(
    _ agreed: [String: [ProjectName: CommitID]], on machines: [Machine],
    commit: (PinOrHold, ProjectName) throws -> CommitID
  ) rethrows -> (machines: [String: [ProjectName: CommitID]], fixed: [String: [ProjectName: PinOrHold]]) {
    var (desired, fixed) = (agreed, [String: [ProjectName: PinOrHold]]())
    for machine in machines {
      for project in machine.projects {
        guard let counting = self[project, on: machine.name] else { continue }
        desired[machine.name, default: [:]][project] = try commit(counting, project)
        fixed[machine.name, default: [:]][project] = counting
      }
    }
    return (desired, fixed)
  }
}
