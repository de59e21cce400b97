import ForeignText
import Git
import WeaveFormats
import WeaveModel
import WeaveStore

/// What came of what was said of one machine.
public struct ReportOutcome: Sendable {
  public enum Verdict: Sendable, Equatable {
    case changed
    case unchanged
    /// It is counted anew from here.
    case restarted
    /// Nothing was changed, and why.
    case refused(String)
  }

  /// The full name.
  public let machine: String
  /// That of the observation; nil where it was refused.
  public let number: ReportNumber?
  public let verdict: Verdict
}

extension Workspace {
  /// Records what a machine says that it and its guests run.
  ///
  /// - Parameters:
  ///   - machine: whose report it is, where that is known otherwise than from the report. Where neither says it, it is that
  ///     of the machine that the store is on.
  ///   - restart: count the reports of all that it speaks of anew: later than any that is recorded.
  /// - Returns: what came of it, first for the machine itself. Others for which it may not speak are refused, and are no
  ///   reason to refuse the rest.
  /// - Throws: where what it says of itself is refused; then nothing is changed.
  public func report(
    _ state: ReportedState, by machine: String? = nil, restart: Bool = false
  ) async throws -> [ReportOutcome] {
    // Which has the machine, or knows it by an alias, is not known before all are read.
    try record(
      state, by: machine, restart: restart,
      ReportBasis(readableConstellations().map(\.constellation), in: store),
      try await author())
  }

  /// As ``report(_:by:restart:)``, for who records several.
  func record(
    _ state: ReportedState, by machine: String?, restart: Bool = false, _ basis: ReportBasis,
    _ signature: Signature
  ) throws -> [ReportOutcome] {
    let constellations = basis.constellations
    let reporter = try reporter(of: state, named: machine, constellations)
    for remark in state.remarks { caller.warn(remark) }
    let guests = state.others.isEmpty ? [] : guests(of: reporter, constellations)
    var outcomes = [
      try record(
        state.reporter.content, state.reporter.sequence, restart, of: reporter, basis, signature)
    ]
    for other in state.others {
      let name = try fullMachineName(other.name ?? "", constellations)
      guard guests.contains(name) else {
        let reason = "it is no guest of \(reporter), which cannot speak for it: nothing is changed"
        outcomes.append(ReportOutcome(machine: name, number: nil, verdict: .refused(reason)))
        continue
      }
      do {
        outcomes.append(
          try record(other.content, other.sequence, restart, of: name, basis, signature))
      } catch {
        guard let reason = Self.refusal(of: error) else { throw error }
        outcomes.append(ReportOutcome(machine: name, number: nil, verdict: .refused(reason)))
      }
    }
    return outcomes
  }

  /// The words for an error that is about what was said; nil for one about this store.
  static func refusal(of error: any Error) -> String? {
    switch error {
    case let error as StaleReport: error.description
    case let error as WeaveError: error.message
    case let error as FileFormatError: error.description
    default: nil
    }
  }

  private func record(
    _ content: ReportedState.Content, _ number: Int?, _ restart: Bool, of machine: String,
    _ basis: ReportBasis, _ author: Signature
  ) throws -> ReportOutcome {
    let (commits, dirty) = try understand(content, of: machine, basis)
    let known = try store.manifest().projects
    for project in commits.keys.sorted() where known[project] == nil {
      caller.warn(
        "no project is called '\(project)'; what is reported of it is kept and compared with nothing")
    }
    let isFirst = try !isObserved(machine)
    let (observation, isChange) = try store.record(
      machine: machine, commits: commits, dirty: dirty, number: number, restart: restart, author: author,
      knowing: basis.commits)
    if isFirst { try warnOfLookAlikes(ofMachine: machine, basis.constellations) }
    try warnOfUnknown(machine, commits.filter { known[$0.key] != nil }, basis)
    return ReportOutcome(
      machine: machine, number: observation.number,
      verdict: restart ? .restarted : isChange ? .changed : .unchanged)
  }

  private func isObserved(_ machine: String) throws -> Bool {
    do { return try store.observation(of: machine) != nil } catch  where isLost(error) { return true }
  }

  private func warnOfUnknown(
    _ machine: String, _ commits: [ProjectName: CommitID], _ basis: ReportBasis
  ) throws {
    let constellations = basis.constellations
    if !constellations.isEmpty, constellations.allSatisfy({ $0.machine(machine) == nil }) {
      let machines = constellations.flatMap { $0.machines.map(\.name) }
      let nearest = Nearest.match(machine, among: machines).map { "; did you mean '\($0)'?" } ?? ""
      caller.warn("no stored constellation has a machine '\(machine)'\(nearest)")
    }
    for (project, commit) in commits.sorted(by: { $0.key < $1.key }) {
      guard try !basis.commits.has(commit, in: project) else { continue }
      caller.warn(
        "\(project) has no commit \(commit.short), so it counts as foreign; `weave fetch \(project)`")
    }
  }

  /// The full name of the machine whose report it is.
  private func reporter(
    of state: ReportedState, named given: String?, _ constellations: [Constellation]
  ) throws -> String {
    let given = try given.map { try fullMachineName($0, constellations) }
    let said = try state.reporter.name.map { try fullMachineName($0, constellations) }
    if let given, let said, given != said {
      throw WeaveError(
        "this is what \(said) says, and not what \(given) does: nothing is changed",
        hint: "without --machine it is recorded as that of \(said)")
    }
    let machine = try given ?? said ?? fullMachineName(thisMachine(), constellations)
    if let reason = MachineName.reason(against: machine) {
      throw WeaveError("'\(machine)' is no machine's name: \(reason)")
    }
    if let reason = try refusalToSpeak(for: machine, constellations) { throw WeaveError(reason) }
    return machine
  }

  /// Why nothing may be recorded here of the machine; nil where it may.
  func refusalToSpeak(for machine: String, _ constellations: [Constellation]) throws -> String? {
    guard let own = try ownMachine().map({ try fullMachineName($0, constellations) }), own != machine,
      !guests(of: own, constellations).contains(machine)
    else { return nil }
    return "this store is on \(own) (weave.machine), which may not speak for \(machine): nothing is changed"
  }
}
