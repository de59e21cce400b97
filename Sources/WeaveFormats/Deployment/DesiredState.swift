import WeaveModel

/// What the machines of a constellation should run: the value that every format for a deploy tool is made from.
public struct DesiredState: Sendable {
  public struct Project: Sendable {
    public let name: ProjectName
    /// The full name, in the store, of the branch or tag that it follows; nil where it was never fetched.
    public let trackedRef: String?
    /// Where it is fetched from; nil where it is no project of the store.
    public let source: String?
    /// Whether it needs no link to anything.
    public let isFree: Bool
    public let data: JSONValue?

    public init(
      name: ProjectName, trackedRef: String? = nil, source: String? = nil, isFree: Bool = false,
      data: JSONValue? = nil
    ) {
      (self.name, self.trackedRef, self.source) = (name, trackedRef, source)
      (self.isFree, self.data) = (isFree, data)
    }
  }

  public struct Machine: Sendable {
    public let name: String
    /// Nil for a machine that only a lock still names, as is all else but its commits.
    public let kind: WeaveModel.Machine.Kind?
    /// The machine that this guest runs on.
    public let host: String?
    public let roles: [String]
    public let address: String?
    public let aliases: [String]
    /// How it stands to what is wanted of it, where that was asked for.
    public var compliance: Compliance?
    /// In the order of priority.
    public var commits: [Member]
    public let data: JSONValue?

    public init(
      name: String, kind: WeaveModel.Machine.Kind? = nil, host: String? = nil, roles: [String] = [],
      address: String? = nil, aliases: [String] = [], compliance: Compliance? = nil, commits: [Member],
      data: JSONValue? = nil
    ) {
      (self.name, self.kind, self.host, self.roles) = (name, kind, host, roles)
      (self.address, self.aliases, self.compliance) = (address, aliases, compliance)
      (self.commits, self.data) = (commits, data)
    }
  }

  public let constellation: String
  /// The id of the Git tree that holds all machines' commits, also where only one machine is selected.
  public let resolution: String
  /// The lock's id, where it is a lock's.
  public let lock: String?
  /// In the order of priority.
  public let projects: [Project]
  /// The names of all roles, in the order of the file.
  public let roles: [String]
  /// All machines, in the constellation's order.
  public var machines: [Machine]
  public let data: JSONValue?
  /// The machine that is asked about; nil: all.
  public private(set) var selectedMachine: String?

  public init(
    constellation: String, resolution: String, lock: String? = nil, projects: [Project], roles: [String] = [],
    machines: [Machine], data: JSONValue? = nil
  ) {
    (self.constellation, self.resolution, self.lock) = (constellation, resolution, lock)
    (self.projects, self.roles, self.machines, self.data) = (projects, roles, machines, data)
  }

  /// The machines that are asked about.
  public var selected: [Machine] {
    machines.filter { selectedMachine == nil || $0.name == selectedMachine }
  }

  /// The same, asked about one machine or one project only; nil: about all.
  public func selecting(machine: String?, project: ProjectName? = nil) -> DesiredState {
    var state = self
    state.selectedMachine = machine
    guard let project else { return state }
    for index in state.machines.indices {
      state.machines[index].commits.removeAll { $0.project != project }
    }
    return state
  }
}
