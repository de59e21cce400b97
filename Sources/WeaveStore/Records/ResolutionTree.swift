import Git
import WeaveModel

/// What each machine runs, or should: a Git tree of one blob for each machine, `project SHA` a line.
public struct ResolutionTree: Sendable, Hashable {
  /// The commits of each machine, by the machine's name.
  public var machines: [String: [ProjectName: CommitID]]

  public init(machines: [String: [ProjectName: CommitID]]) { self.machines = machines }

  /// Its id: a function of what each machine runs and of nothing else. Nothing is stored.
  public func id() throws -> ResolutionID {
    ResolutionID(
      try ObjectID.ofTree(
        machines.map { name, commits in
          TreeEntry(
            name: RefComponent.encode(name), mode: FileMode.file,
            id: try ObjectID.ofBlob(CommitLines(commits).bytes))
        }))
  }
}

extension Store {
  /// Writes the resolution; its id is a function of what each machine runs and of nothing else.
  public func write(_ resolution: ResolutionTree) throws -> ResolutionID {
    ResolutionID(
      try repository.writeTree(
        resolution.machines.map { name, commits in
          TreeEntry(
            name: RefComponent.encode(name), mode: FileMode.file,
            id: try repository.writeBlob(CommitLines(commits).bytes))
        }))
  }

  /// What the resolution says of one machine; nil where it does not name it. Two small reads.
  public func commits(of machine: String, in resolution: ResolutionID) throws -> [ProjectName: CommitID]? {
    let component = RefComponent.encode(machine)
    guard let entry = try repository.tree(resolution.objectID).first(where: { $0.name == component }) else {
      return nil
    }
    return try CommitLines(parsing: repository.blob(entry.id, atMost: CommitLines.mostBytes)).commits
  }

  /// The commits of every machine by the encoded name of the machine.
  public func commitsByComponent(in resolution: ResolutionID) throws -> [String: [ProjectName: CommitID]] {
    var machines: [String: [ProjectName: CommitID]] = [:]
    try visit(resolution) { machines[$0] = $1 }
    return machines
  }

  /// The encoded names of the machines whose commits `isIncluded` holds of, in the order of the names.
  public func components(
    in resolution: ResolutionID, where isIncluded: ([ProjectName: CommitID]) -> Bool
  ) throws -> [String] {
    var components: [String] = []
    try visit(resolution) { if isIncluded($1) { components.append($0) } }
    return components
  }

  /// Machines that run the same share a blob, which is read once.
  private func visit(_ resolution: ResolutionID, _ body: (String, [ProjectName: CommitID]) -> Void) throws {
    var read: [ObjectID: [ProjectName: CommitID]] = [:]
    for entry in try repository.tree(resolution.objectID) {
      let commits =
        try read[entry.id]
        ?? CommitLines(parsing: repository.blob(entry.id, atMost: CommitLines.mostBytes)).commits
      read[entry.id] = commits
      body(entry.name, commits)
    }
  }
}
