import ForeignText
import Git
import WeaveModel

/// What a machine said that it runs.
public struct Observation: Sendable, Hashable {
  public let machine: String
  public let commits: [ProjectName: CommitID]
  public let dirty: Set<ProjectName>
  public let number: ReportNumber
  /// When it last said so, in seconds since 1970.
  public internal(set) var seen: Int64

  public init(
    machine: String, commits: [ProjectName: CommitID], dirty: Set<ProjectName>, number: ReportNumber,
    seen: Int64
  ) {
    (self.machine, self.commits, self.dirty) = (machine, commits, dirty)
    (self.number, self.seen) = (number, seen)
  }
}

extension Store {
  /// Records that `machine` runs `commits`: a new commit where that is a change, and when it was seen.
  ///
  /// - Parameters:
  ///   - number: the machine's own count of its changes; nil where the store is to count them.
  ///   - restart: count them anew, in the epoch after that of all that is recorded: a change in any case.
  ///   - known: which commits projects have, for who records several machines; nil to look.
  /// - Returns: the observation as it now stands, and whether it is a change.
  /// - Throws: ``StaleReport`` where `number` is older than what is recorded, or is recorded with something else.
  public func record(
    machine: String, commits: [ProjectName: CommitID], dirty: Set<ProjectName>, number: Int? = nil,
    restart: Bool = false, author: Signature, knowing known: KnownCommits? = nil
  ) throws -> (observation: Observation, isChange: Bool) {
    let known = known ?? KnownCommits(in: self)
    // A commit that the project does not have is foreign, and must stay so.
    let members = try commits.map { Member(project: $0.key, commit: $0.value) }.sorted()
      .filter { try known.has($0.commit, in: $0.project) }
    var next = ReportNumber(sequence: number ?? 1)
    var isChange = true
    let audience = try audience(ofReportBy: machine, naming: commits.keys)
    if restart {
      try requireSecondFormat(
        "count the reports of \(machine) anew",
        because: "weave 0.1.0, which compares numbers alone, would take what was said before for later")
    }
    try locked {
      let blob = try repository.writeBlob(CommitLines(commits, dirty: dirty).bytes)
      let tree = try repository.writeTree([TreeEntry(name: "observed", mode: FileMode.file, id: blob)])
      let before = try reportsBefore(by: machine)
      var isNew = true
      if restart {
        let (epoch, isOver) = (before.last?.epoch ?? 0).addingReportingOverflow(1)
        guard !isOver else { throw isLast(machine, audience) }
        next = ReportNumber(epoch: epoch, sequence: next.sequence)
      } else if let last = before.last {
        let previous = before.newest
        isChange = before.isLost || previous?.commit.tree != tree || previous?.audience != audience
        if let number {
          try refuse(
            number, of: machine, after: last.sequence,
            isSame: before.isLost || previous?.commit.tree == tree)
          isNew = isChange || number > last.sequence
          next = ReportNumber(epoch: last.epoch, sequence: number)
        } else {
          isNew = isChange
          guard !isNew || last.sequence < Int.max else {
            throw isLast(machine, audience, hint: Self.wayOut(ofReport: machine, restart: true))
          }
          next = ReportNumber(epoch: last.epoch, sequence: isNew ? last.sequence + 1 : last.sequence)
        }
      }
      let former = before.parents[audience]?.number ?? .none
      guard next.epoch - former.epoch <= Self.mostEpochsAtOnce else {
        throw isLast(machine, audience)
      }
      try keepLocked(members, author: author)
      try advanceLocked(RefName.observed(machine, audience), log: "weave: report") { _ in
        guard isNew else { return nil }
        return try next.steps(from: former).reduce(before.parents[audience]?.id) { parent, number in
          try repository.writeCommit(
            tree: tree, parents: parent.map { [$0] } ?? [], author: author, committer: author,
            message: try Observation.message("observed", machine: machine, number: number))
        }
      }
      try advanceLocked(RefName.seen(machine, audience), log: "weave: report") { _ in
        try repository.writeCommit(
          tree: repository.writeTree([]), parents: [], author: author, committer: author,
          message: try Observation.message("seen", machine: machine, number: next))
      }
      forgetUnreachableLocked(machine)
    }
    let observation = Observation(
      machine: machine, commits: commits, dirty: dirty, number: next, seen: author.seconds)
    return (observation, isChange)
  }

  /// What was said to one audience may lack the epochs of what was said to the other. For more commits nobody waits.
  private static let mostEpochsAtOnce = 200_000

  private func isLast(_ machine: String, _ audience: Audience, hint: String? = nil) -> StoreError {
    StoreError(
      "cannot record what \(machine) reports: its newest observation is the last that can be counted",
      hint: hint ?? "\(removal(of: RefName.observed(machine, audience))) gives up what is recorded of it")
  }

  /// What a machine has reported, as far as it can be read.
  private struct ReportsBefore {
    /// What the next report follows.
    var parents: [Audience: (id: ObjectID, number: ReportNumber)] = [:]
    var newest: (commit: Commit, audience: Audience, number: ReportNumber)?
    /// The number of its last report, where it has reported; of one that is lost, what is known of it.
    var last: ReportNumber?
    var isLost = false
  }

  private func reportsBefore(by machine: String) throws -> ReportsBefore {
    var before = ReportsBefore()
    for audience in Audience.allCases {
      let reference = RefName.observed(machine, audience)
      guard let tip = try repository.resolve(reference) else { continue }
      let parent = try parent(after: tip, of: reference, "the newest observation of \(machine)")
      let number = try parent.map(repository.reportNumber)
      if parent != tip {
        before.isLost = true
        let seen = try lastSeen(machine, audience)
        // Whoever pushed may have put any number there.
        if seen.refusal(after: number.map { [$0] } ?? []) == nil {
          before.last = max(before.last ?? .none, seen)
        }
      }
      before.last = max(before.last ?? .none, number ?? .none)
      guard let parent, let number else { continue }
      before.parents[audience] = (parent, number)
      if before.newest.map({ number >= $0.number }) ?? true {
        before.newest = (try repository.commit(parent), audience, number)
      }
    }
    return before
  }

  /// The number of the report that was last seen; ``ReportNumber/none`` where that is not known.
  private func lastSeen(_ machine: String, _ audience: Audience) throws -> ReportNumber {
    guard let seen = try repository.resolve(RefName.seen(machine, audience)) else { return .none }
    do { return try repository.reportNumber(at: seen) } catch {
      if isLost(error) { return .none }
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
      try repository.references(of: .observed, audience).compactMap { reference in
        RecordRef(name: reference.name).flatMap { RefComponent.decode($0.component) }
      }
    }
  }

  /// Of what the machine said to all and what it said privately, the one with the greater number.
  private func newestObservation(of machine: String) throws -> (tip: ObjectID, audience: Audience)? {
    var newest: (tip: ObjectID, audience: Audience, number: ReportNumber)?
    for audience in Audience.allCases {
      guard let tip = try recordTip(RefName.observed(machine, audience)) else { continue }
      let number = try repository.reportNumber(at: tip)
      if newest.map({ number >= $0.number }) ?? true { newest = (tip, audience, number) }
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
      for reference in try repository.references(of: .observed, audience) {
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
          if newest[component].map({ observation.number >= $0.number }) ?? true {
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
    if let tip = try repository.resolve(RefName.seen(observation.machine, audience)) {
      let seen = try repository.commit(tip)
      let seconds = max(0, seen.author.seconds)
      // Of a report that is not here nobody knows what it said.
      let isKnown = RecordMessage(parsing: seen.message)?.reportNumber.map { $0 <= observation.number }
      // When it was last seen before a moment of the past is not recorded, but for when it changed.
      if isKnown == true, asOf.map({ seconds <= $0.seconds }) ?? true { observation.seen = seconds }
    }
    return observation
  }

  private static func wayOut(ofReport machine: String, restart: Bool = false) -> String {
    let option = restart ? "--restart " : ""
    return "`weave report \(option)\(Quoted.shellOption("--machine", machine)) PROJECT=SHA` begins anew"
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
