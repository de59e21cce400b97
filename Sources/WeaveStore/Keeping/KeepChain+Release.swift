import ForeignText
import Git
import WeaveModel

extension Store {
  /// The commits that keep chains hold, and that neither an event, a lock or a set names, nor one of the last `depth`
  /// observations of a machine. Sorted.
  public func releasable(observations depth: Int) throws -> [Member] {
    let needed = try membersOfRecords(observations: depth)
    var releasable: [Member] = []
    for project in try keptProjects() {
      releasable += try keptCommits(of: project).map { Member(project: project, commit: $0) }
        .filter { !needed.contains($0) }
    }
    return releasable.sorted()
  }

  /// Writes the keep chains anew, without what ``releasable(observations:)`` names. To be called with the store's lock
  /// held.
  public func releaseLocked(_ members: [Member], author: Signature) throws {
    for (project, members) in Dictionary(grouping: members, by: \.project) {
      let rest = try keptCommits(of: project).subtracting(members.map(\.commit)).sorted().map(\.objectID)
      try advanceLocked(RefName.keep(project), log: "weave: gc") { _ in
        let root = try writeKeep(of: project, parents: [], author: author)
        return try writeKeeps(of: project, rest, after: root, author: author)
      }
    }
  }

  private func keptProjects() throws -> [ProjectName] {
    try repository.references(matching: RefName.keeps + "*").compactMap { reference in
      try? ProjectName(String(reference.name.dropFirst(bytes: RefName.keeps.utf8.count)))
    }
  }

  /// Every commit of a project that a record names and keeps: events, all locks and sets ever made, and of each machine the
  /// last `depth` observations.
  private func membersOfRecords(observations depth: Int) throws -> Set<Member> {
    var members = try membersOfEvents()
    for audience in Audience.allCases {
      for reference in try repository.references(matching: "\(RefName.records)\(audience)/*") {
        guard case .direct(let tip) = reference.target,
          let kind = RecordRef(name: reference.name, among: kinds)?.kind,
          case .files(let reading) = kind.content
        else { continue }
        var trees: Set<ObjectID> = []
        try passingOverMalformed(reference.name) {
          let versions: [ObjectID]
          switch kind.keeping {
          case .versions: versions = try repository.ancestry(of: tip)
          case .lastVersions: versions = try lastCommits(depth, from: tip)
          case .events, .nothing: return
          }
          trees = Set(try versions.map { try repository.commit($0).tree })
        }
        for tree in trees {
          try passingOverMalformed(reference.name) {
            members.formUnion(try repository.members(inFilesOf: tree, by: reading))
          }
        }
      }
    }
    return members
  }

  /// What is lost may have named something; what is malformed never did.
  private func passingOverMalformed(_ reference: String, _ body: () throws -> Void) throws {
    do { try body() } catch {
      guard !isUnreadable(error) else { throw error }
      warn("\(reference) is damaged: \(error): what it names is not kept")
    }
  }

  /// The commits that the events name.
  func membersOfEvents() throws -> Set<Member> {
    let events = try ledgers().events
    var numbers: Set<CommitNumber> = []
    for row in 0..<events.count { numbers.formUnion(events.members[row]) }
    let commits = commits
    return Set(numbers.map { commits[$0] })
  }

  /// The newest `count` of what `tip` reaches, by all parents: a join says again what one of them says.
  private func lastCommits(_ count: Int, from tip: ObjectID) throws -> [ObjectID] {
    var cursor = try repository.commits(from: [tip], order: .topological)
    var last: [ObjectID] = []
    while last.count < count, let id = try cursor.next() { last.append(id) }
    return last
  }
}
