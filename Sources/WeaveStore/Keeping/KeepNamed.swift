import Git
import WeaveModel

extension Store {
  /// Keeps every commit that an event, a lock in force, a set, a hold or an observation names, and that has come here since: what others
  /// recorded names commits before they are fetched. With `projects`, those of these alone.
  ///
  /// Looks at every event. Of a lost or malformed record it warns, and keeps what the others name. `handle` is given the fault of each
  /// project that cannot be read.
  public func keepNamed(
    of projects: [ProjectName]? = nil, author: Signature,
    handle: (ProjectName, any Error) throws -> Void = { throw $1 }
  ) throws {
    try locked {
      let named = Dictionary(grouping: try namedMembers(), by: \.project)
        .mapValues { Set($0.map(\.commit)) }
      let observed = try observedCommitsUnlessLost()
      let all = Set(named.keys).union(observed.keys)
      for project in all.sorted() where projects?.contains(project) ?? true {
        do {
          try keepLocked(
            missing(from: named[project] ?? [], ranBy: observed[project] ?? [], of: project), author: author)
        } catch { try handle(project, error) }
      }
    }
  }

  /// The commits that are here and not kept. What machines ran and the project does not have is foreign, and must stay so.
  private func missing(
    from named: Set<CommitID>, ranBy observed: Set<CommitID>, of project: ProjectName
  ) throws -> [Member] {
    let kept = try keptCommits(of: project)
    let (named, observed) = (named.subtracting(kept), observed.subtracting(kept))
    guard !named.isEmpty || !observed.isEmpty else { return [] }
    let here = try storedCommits(among: named.union(observed))
    let ran = Set(here.intersection(observed).map(\.objectID))
    let had = ran.isEmpty ? [] : try repository.reachable(among: ran, from: allTips(of: project))
    return here.intersection(named).union(had.map { CommitID($0) }).sorted()
      .map { Member(project: project, commit: $0) }
  }

  /// The commits that records name when they stand at `tips`, and did not before: in events, locks and sets. A record of
  /// which that cannot be read is noted among `failures`.
  func membersNamed(
    by tips: [RecordRef: ObjectID], _ failures: inout RecordFailures
  ) throws -> Set<Member> {
    var members: Set<Member> = []
    var trees: Set<ObjectID> = []
    for (record, tip) in tips {
      let named = try isolating(record, &failures) { () throws -> Set<Member> in
        // Locks and sets with one tree name the same.
        switch record.kind {
        case .locks, .set:
          let tree = try repository.commit(tip).tree
          guard !trees.contains(tree) else { return [] }
          let members = try membersNamed(by: record, at: tip, after: nil)
          trees.insert(tree)
          return members
        case .ledger, .manifest, .observed, .seen:
          return try membersNamed(by: record, at: tip, after: repository.resolve(record.name))
        }
      }
      members.formUnion(named ?? [])
    }
    return members
  }

  /// The commits that the record names at `tip` and did not at `former`: a lock or a set, or of a ledger those events whose claims
  /// pass `isIncluded`.
  func membersNamed(
    by record: RecordRef, at tip: ObjectID, after former: ObjectID?,
    where isIncluded: (Claim) -> Bool = { _ in true }
  ) throws -> Set<Member> {
    var members: Set<Member> = []
    switch record.kind {
    case .ledger:
      for id in try repository.commits(above: former, from: tip) {
        guard let claim = try claim(of: repository.commit(id)), isIncluded(claim) else { continue }
        members.formUnion(claim.members?.members ?? [])
      }
    case .locks, .set: members.formUnion(try membersOfTree(of: tip))
    case .manifest, .observed, .seen: break
    }
    return members
  }

  /// What the commit of a ledger claims; nil where it is malformed, and claims nothing.
  private func claim(of commit: Commit) throws -> Claim? {
    do throws(MalformedEvent) { return try Event(recordedBy: commit).claim } catch { return nil }
  }

  private func namedMembers() throws -> Set<Member> {
    var members = try membersOfEvents()
    for (_, hold) in try holdsUnlessLost() {
      if case .commit(let commit) = hold.at { members.insert(Member(project: hold.project, commit: commit)) }
    }
    var trees: Set<ObjectID> = []
    for audience in Audience.allCases {
      for kind in ["locks", "sets"] {
        for reference in try repository.references(matching: "\(RefName.records)\(audience)/\(kind)/*") {
          guard case .direct(let tip) = reference.target else { continue }
          do {
            try reading(reference.name) {
              let tree = try repository.commit(tip).tree
              guard !trees.contains(tree) else { return }
              members.formUnion(try membersOfTree(of: tip))
              trees.insert(tree)
            }
          } catch {
            guard isLost(error) || !isUnreadable(error) else { throw error }
            let words = error is UnreadableRecord ? "\(error)" : "\(reference.name) is damaged: \(error)"
            warn("\(words): what it names is not kept")
          }
        }
      }
    }
    return members
  }
}
