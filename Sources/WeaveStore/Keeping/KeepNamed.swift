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

  /// The commits that records name when they stand at `tips`, and did not before: in events, and in the files of those that
  /// keep them in all versions. A record of which that cannot be read is noted among `failures`.
  func membersNamed(
    by tips: [RecordRef: ObjectID], _ failures: inout RecordFailures
  ) throws -> Set<Member> {
    var members: Set<Member> = []
    var trees: [RecordKind: Set<ObjectID>] = [:]
    for (record, tip) in tips {
      let named = try isolating(record, &failures) { () throws -> Set<Member> in
        guard record.kind.keeping == .versions else {
          return try membersNamed(by: record, at: tip, after: repository.resolve(record.name))
        }
        // Those with one tree name the same.
        let tree = try repository.commit(tip).tree
        guard trees[record.kind]?.contains(tree) != true else { return [] }
        let members = try membersNamed(by: record, at: tip, after: nil)
        trees[record.kind, default: []].insert(tree)
        return members
      }
      members.formUnion(named ?? [])
    }
    return members
  }

  /// The commits that the record names at `tip` and did not at `former`: in its files, where all versions keep them; of a ledger
  /// those of the events whose claims pass `isIncluded`.
  func membersNamed(
    by record: RecordRef, at tip: ObjectID, after former: ObjectID?,
    where isIncluded: (Claim) -> Bool = { _ in true }
  ) throws -> Set<Member> {
    var members: Set<Member> = []
    switch record.kind.keeping {
    case .events:
      for id in try repository.commits(above: former, from: tip) {
        guard let claim = try claim(of: repository.commit(id)), isIncluded(claim) else { continue }
        members.formUnion(claim.members?.members ?? [])
      }
    case .versions: members = try membersOfFiles(of: record.kind, at: tip)
    case .lastVersions, .nothing: break
    }
    return members
  }

  /// The commits that the files of a record of the kind name at that commit.
  private func membersOfFiles(of kind: RecordKind, at commit: ObjectID) throws -> Set<Member> {
    guard case .files(let reading) = kind.content else { return [] }
    return try repository.members(inFilesOf: repository.commit(commit).tree, by: reading)
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
    for audience in Audience.allCases {
      for kind in kinds where kind.keeping == .versions {
        var trees: Set<ObjectID> = []
        for reference in try repository.references(of: kind, audience) {
          guard case .direct(let tip) = reference.target else { continue }
          do {
            try reading(reference.name) {
              let tree = try repository.commit(tip).tree
              guard !trees.contains(tree) else { return }
              members.formUnion(try membersOfFiles(of: kind, at: tip))
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
