import ForeignText
import Git
import WeaveModel

/// What a machine said that it runs.
public struct Observation: Sendable, Hashable {
  public let machine: String
  public let commits: [ProjectName: CommitID]
  public let dirty: Set<ProjectName>
  /// Counts the machine's changes from 1.
  public let sequence: Int
  /// When it last said so, in seconds since 1970.
  public internal(set) var seen: Int64

  public init(
    machine: String, commits: [ProjectName: CommitID], dirty: Set<ProjectName>, sequence: Int, seen: Int64
  ) {
    (self.machine, self.commits, self.dirty) = (machine, commits, dirty)
    (self.sequence, self.seen) = (sequence, seen)
  }
}

extension Store {
  /// Records that `machine` runs `commits`: a new commit where that is a change, and when it was seen.
  ///
  /// - Parameter number: the machine's own count of its changes; nil where the store is to count them.
  /// - Returns: the observation as it now stands, and whether it is a change.
  /// - Throws: ``StaleReport`` where `number` is older than what is recorded, or is recorded with something else.
  public func record(
    machine: String, commits: [ProjectName: CommitID], dirty: Set<ProjectName>, number: Int? = nil,
    author: Signature
  ) throws -> (observation: Observation, isChange: Bool) {
    // A commit that the project does not have is foreign, and must stay so.
    let members = try commits.map { Member(project: $0.key, commit: $0.value) }.sorted()
      .filter { try has($0.commit, in: $0.project) }
    var sequence = number ?? 1
    var isChange = true
    let audience = try audience(ofReportBy: machine, naming: commits.keys)
    try locked {
      let blob = try repository.writeBlob(CommitLines(commits, dirty: dirty).bytes)
      let tree = try repository.writeTree([TreeEntry(name: "observed", mode: FileMode.file, id: blob)])
      let before = try reportsBefore(by: machine)
      var isNew = true
      if let last = before.last {
        let previous = before.newest
        isChange = before.isLost || previous?.commit.tree != tree || previous?.audience != audience
        if let number {
          try refuse(
            number, of: machine, after: last, isSame: before.isLost || previous?.commit.tree == tree)
          isNew = isChange || number > last
        } else {
          isNew = isChange
          guard !isNew || last < Int.max else {
            throw StoreError(
              "the newest observation of \(machine) is damaged: it is the last that can be counted",
              hint: "`weave fsck`")
          }
          sequence = isNew ? last + 1 : last
        }
      }
      try keepLocked(members, author: author)
      try advanceLocked(RefName.observed(machine, audience), log: "weave: report") { _ in
        guard isNew else { return nil }
        return try repository.writeCommit(
          tree: tree, parents: before.parents[audience].map { [$0] } ?? [], author: author, committer: author,
          message: try Observation.message("observed", machine: machine, sequence: sequence))
      }
      try advanceLocked(RefName.seen(machine, audience), log: "weave: report") { _ in
        try repository.writeCommit(
          tree: repository.writeTree([]), parents: [], author: author, committer: author,
          message: try Observation.message("seen", machine: machine, sequence: sequence))
      }
      forgetUnreachableLocked(machine)
    }
    let observation = Observation(
      machine: machine, commits: commits, dirty: dirty, sequence: sequence, seen: author.seconds)
    return (observation, isChange)
  }

  /// What a machine has reported, as far as it can be read.
  private struct ReportsBefore {
    /// What the next report follows.
    var parents: [Audience: ObjectID] = [:]
    var newest: (commit: Commit, audience: Audience)?
    /// The number of its last report, where it has reported; of one that is lost, what is known of it.
    var last: Int?
    var isLost = false
  }

  private func reportsBefore(by machine: String) throws -> ReportsBefore {
    var before = ReportsBefore()
    for audience in Audience.allCases {
      let reference = RefName.observed(machine, audience)
      guard let tip = try repository.resolve(reference) else { continue }
      let parent = try parent(after: tip, of: reference, "the newest observation of \(machine)")
      if parent != tip {
        before.isLost = true
        before.last = max(before.last ?? 0, try lastSeen(machine, audience))
      }
      guard let parent else { continue }
      before.parents[audience] = parent
      let commit = try repository.commit(parent)
      let sequence = RecordMessage(parsing: commit.message)?.sequence ?? 0
      let newest = before.newest.map { RecordMessage(parsing: $0.commit.message)?.sequence ?? 0 }
      if newest.map({ sequence >= $0 }) ?? true { before.newest = (commit, audience) }
      before.last = max(before.last ?? 0, sequence)
    }
    return before
  }

  /// The number of the report that was last seen; 0 where that is not known.
  private func lastSeen(_ machine: String, _ audience: Audience) throws -> Int {
    guard let seen = try repository.resolve(RefName.seen(machine, audience)) else { return 0 }
    do { return RecordMessage(parsing: try repository.commit(seen).message)?.sequence ?? 0 } catch {
      if isLost(error) { return 0 }
      throw error
    }
  }

  /// Throws where a machine that counts its changes itself has said this before, or something later.
  private func refuse(_ number: Int, of machine: String, after last: Int, isSame: Bool) throws {
    if number < last {
      throw StaleReport(
        description:
          "report \(number) of \(machine) is older than its report \(last), which is recorded: nothing is changed"
      )
    }
    if number == last, !isSame {
      throw StaleReport(
        description:
          "report \(number) of \(machine) is recorded already, and says something else: nothing is changed")
    }
  }

  /// What `machine` last said, or nil where it never did.
  public func observation(of machine: String) throws -> Observation? {
    var lines: [ObjectID: CommitLines] = [:]
    return try reading("what \(machine) reported", wayOut: Self.wayOut(ofReport: machine)) {
      () throws -> Observation? in
      try newestObservation(of: machine).map { try observation(at: $0.tip, $0.audience, &lines) }
    }
  }

  /// The names of the machines that something was reported of, but for those too long to be told from a ref's name. Reads no
  /// observation.
  public func observedMachines() throws -> [String] {
    try Audience.allCases.flatMap { audience in
      let prefix = "\(RefName.records)\(audience)/observed/"
      return try repository.references(matching: prefix + "*").compactMap { reference in
        reference.name.dropping(prefix: prefix).flatMap { RefComponent.decode(String($0)) }
      }
    }
  }

  /// Of what the machine said to all and what it said privately, the one with the greater sequence number.
  private func newestObservation(of machine: String) throws -> (tip: ObjectID, audience: Audience)? {
    var newest: (tip: ObjectID, audience: Audience, sequence: Int)?
    for audience in Audience.allCases {
      guard let tip = try recordTip(RefName.observed(machine, audience)) else { continue }
      let sequence = RecordMessage(parsing: try repository.commit(tip).message)?.sequence ?? 0
      if newest.map({ sequence >= $0.sequence }) ?? true { newest = (tip, audience, sequence) }
    }
    return newest.map { ($0.tip, $0.audience) }
  }

  /// What every machine last said, in the order of the refs' names. Warns of what is damaged, and passes over it.
  public func observations() throws -> [Observation] {
    var lines: [ObjectID: CommitLines] = [:]
    return try observations(&lines) { throw $0 }
  }

  /// The commits that observations name, each once.
  public func observedCommits() throws -> [ProjectName: Set<CommitID>] {
    try observedCommits { throw $0 }
  }

  /// As ``observedCommits()``, but for those that are lost, of which it warns.
  func observedCommitsUnlessLost() throws -> [ProjectName: Set<CommitID>] {
    try observedCommits { error in
      guard isLost(error) else { throw error }
      warn("\(error): what it names is not kept")
    }
  }

  private func observedCommits(
    butFor unreadable: (UnreadableRecord) throws -> Void
  ) throws -> [ProjectName: Set<CommitID>] {
    var lines: [ObjectID: CommitLines] = [:]
    _ = try observations(&lines, butFor: unreadable)
    return lines.values.reduce(into: [:]) { observed, lines in
      for (project, commit) in lines.commits { observed[project, default: []].insert(commit) }
    }
  }

  /// - Parameter lines: what the trees say: machines that run the same share one, which is read once.
  private func observations(
    _ lines: inout [ObjectID: CommitLines], butFor unreadable: (UnreadableRecord) throws -> Void
  ) throws -> [Observation] {
    var newest: [String: Observation] = [:]
    var components: [String] = []
    for audience in Audience.allCases {
      for reference in try repository.references(matching: "\(RefName.records)\(audience)/observed/*") {
        guard case .direct(let now) = reference.target, let tip = try past(now) else { continue }
        do {
          let observation = try reading(
            reference.name, wayOut: Self.wayOut(ofReport: machine(of: reference))
          ) { () throws -> Observation in try self.observation(at: tip, audience, &lines) }
          let component = RefComponent.encode(observation.machine)
          guard RefName.observed(observation.machine, audience) == reference.name else {
            throw StoreError("it is one of \(observation.machine)")
          }
          if newest[component] == nil { components.append(component) }
          if newest[component].map({ observation.sequence >= $0.sequence }) ?? true {
            newest[component] = observation
          }
        } catch let error as UnreadableRecord {
          try unreadable(error)
        } catch  where !isUnreadable(error) {
          warn("\(reference.name) is passed over: \(error)")
        }
      }
    }
    return components.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.compactMap { newest[$0] }
  }

  private func observation(
    at tip: ObjectID, _ audience: Audience, _ lines: inout [ObjectID: CommitLines]
  ) throws -> Observation {
    let commit = try repository.commit(tip)
    var observation: Observation
    do {
      let said = try lines[commit.tree] ?? observedLines(in: commit.tree)
      lines[commit.tree] = said
      observation = try Observation(message: commit.message, lines: said, seen: commit.author.seconds)
    } catch let error as StoreError {
      throw StoreError("the observation \(tip) is damaged: \(error)", hint: "`weave fsck`")
    }
    if let seen = try repository.resolve(RefName.seen(observation.machine, audience)) {
      let seconds = max(0, try repository.commit(seen).author.seconds)
      // When it was last seen before a moment of the past is not recorded, but for when it changed.
      if asOf.map({ seconds <= $0.seconds }) ?? true { observation.seen = seconds }
    }
    return observation
  }

  private static func wayOut(ofReport machine: String) -> String {
    "`weave report \(Quoted.shellOption("--machine", machine)) PROJECT=SHA` begins anew"
  }

  /// As the ref's name has it.
  private func machine(of reference: Reference) -> String {
    let component = String(reference.name.split(atScalar: "/").last ?? "")
    return RefComponent.decode(component) ?? component
  }

  private func observedLines(in tree: ObjectID) throws -> CommitLines {
    guard let entry = try repository.tree(tree).first(where: { $0.name == "observed" }) else {
      throw StoreError("it has no `observed`")
    }
    return try CommitLines(
      parsing: repository.blob(entry.id, atMost: CommitLines.mostBytes), canBeDirty: true)
  }
}
