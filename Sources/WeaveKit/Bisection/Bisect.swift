import ForeignText
import Git
import WeaveModel
import WeaveStore

/// What a bisection came to.
public struct BisectionOutcome: Sendable {
  public let state: BisectionState
  public let finding: BisectionFinding
  /// How many commits, of how many projects, were to be looked through.
  public let weight: Int
  public let projects: Int
  /// The events that were recorded.
  public let recorded: [Event]
}

/// What a bisection tells while it works.
public enum BisectionProgress: Sendable {
  /// How many commits of how many projects lie between the ends, and how many runs were done before.
  case began(weight: Int, projects: Int, runs: Int)
  /// What is to be run, and the number of the run, from 1.
  case running(BisectionQuestion, number: Int)
  case ran(BisectionRun)
}

extension Workspace {
  /// Begins a bisection: finds the first bad step from the good set to the bad one, running the command in a scratch folder.
  ///
  /// What was learnt is kept after each run, so that one that was stopped goes on with ``resumeBisection(report:)``.
  /// Refuses where one is under way that has run anything.
  public func bisect(
    _ request: BisectionRequest, report: (BisectionProgress) -> Void
  ) async throws -> BisectionOutcome {
    let lock = try lockBisection()
    defer { withExtendedLifetime(lock) {} }
    if let state = try bisection(), !state.isFinished, !state.runs.isEmpty {
      throw WeaveError(
        "a bisection from \(state.request.good.label) to \(state.request.bad.label) is under way",
        hint: "`weave bisect --resume` goes on with it, `weave bisect --abort` forgets it")
    }
    let histories = try histories(from: request.good, to: request.bad)
    try await keepForCheckout(request.good.commits)
    try await keepForCheckout(request.bad.commits)
    let state = BisectionState(request)
    try save(state)
    return try await search(state, histories, report)
  }

  /// Goes on with the bisection that was stopped.
  public func resumeBisection(report: (BisectionProgress) -> Void) async throws -> BisectionOutcome {
    let lock = try lockBisection()
    defer { withExtendedLifetime(lock) {} }
    guard let state = try bisection(), !state.isFinished else { throw Self.noBisection }
    return try await search(state, histories(from: state.request.good, to: state.request.bad), report)
  }

  /// Forgets the bisection that is under way, and returns what it had come to.
  public func abortBisection() throws -> BisectionState {
    let lock = try lockBisection()
    defer { withExtendedLifetime(lock) {} }
    guard FileSystem.exists(bisectionPath) else { throw Self.noBisection }
    let state = try? bisection()
    FileSystem.removeAll(bisectionPath)
    guard let state else { throw WeaveError("the bisection that was forgotten was damaged") }
    return state
  }

  /// The bisection that is under way, or the last one that came to its end; nil where there was none.
  public func bisection() throws -> BisectionState? {
    guard FileSystem.exists(bisectionPath) else { return nil }
    guard
      let state = BisectionState(parsing: String(foreign: try FileSystem.read(bisectionPath)))
    else {
      throw WeaveError("\(bisectionPath) is damaged", hint: "`weave bisect --abort` forgets the bisection")
    }
    return state
  }

  private static var noBisection: WeaveError {
    WeaveError(
      "no bisection is under way", hint: "`weave bisect --good SET --bad SET -- COMMAND` begins one")
  }

  private var bisectionDirectory: String { store.repository.gitDirectory + "/weave/bisect" }
  private var bisectionPath: String { bisectionDirectory + "/state" }

  private func lockBisection() throws -> DirectoryLock {
    try FileSystem.createDirectory(bisectionDirectory)
    guard let lock = DirectoryLock(bisectionDirectory) else {
      throw WeaveError("another weave is bisecting here", hint: "try again when it has ended")
    }
    return lock
  }

  private func save(_ state: BisectionState) throws {
    try FileSystem.replace(bisectionPath, with: state.text)
  }

  private func search(
    _ former: BisectionState, _ histories: [ProjectHistory], _ report: (BisectionProgress) -> Void
  ) async throws -> BisectionOutcome {
    var state = former
    let request = state.request
    let knowledge = try bisectionKnowledge(of: Set(histories.map(\.project)))
    let verdicts = Dictionary(state.runs.map { ($0.commits, $0.verdict) }) { first, _ in first }
    var bisection = Bisection(
      histories, verdicts: verdicts, known: { request.ignoresEvents ? nil : knowledge.verdict(of: $0) })
    let weight = bisection.weight
    let moving = histories.count { !$0.steps.isEmpty }
    report(.began(weight: weight, projects: moving, runs: state.runs.count))
    let finding: BisectionFinding
    do {
      finding = try await withScratch { scratch in
        try await bisection.find(
          knownSets: request.ignoresEvents ? [] : knowledge.sets, trustsEnds: request.trustsEnds
        ) { question in
          report(.running(question, number: state.runs.count + 1))
          let run = try await self.run(request.command, on: question.commits, in: scratch)
          guard !state.runs.isEmpty || ![126, 127].contains(run.exitCode) else {
            throw WeaveError(
              "the command exited with \(run.exitCode), as a shell does that cannot run a program",
              hint: "name a script by its whole path: the command runs in a folder of its own")
          }
          state.runs.append(run)
          try save(state)
          report(.ran(run))
          return run.verdict
        }
      }
    } catch let error as BisectionEndError {
      FileSystem.removeAll(bisectionPath)
      throw try error.explained(
        state, isKnown: { knowledge.verdict(of: $0) != nil }, reason: { try reason(for: $0, state.request) })
    }
    let recorded = request.records ? try await record(finding, state) : []
    state.isFinished = true
    try save(state)
    return BisectionOutcome(
      state: state, finding: finding, weight: weight, projects: moving, recorded: recorded)
  }

  private func run(
    _ command: [String], on commits: CommitSet, in scratch: Scratch
  ) async throws -> BisectionRun {
    let exitCode = try await scratch.run(command, on: commits, outputGoesToError: true)
    guard let verdict = Verdict(exitCode: exitCode) else {
      throw WeaveError(
        "the command exited with \(exitCode), which says that it was killed or is broken: of the set it says nothing",
        hint: "`weave bisect --resume` runs it on \(commits) again")
    }
    return BisectionRun(commits: commits, exitCode: exitCode, verdict: verdict)
  }

  /// Links the sets that the command passed on, and revokes what was found.
  private func record(_ finding: BisectionFinding, _ state: BisectionState) async throws -> [Event] {
    let words = inOneLine(Redaction.text(FreeText.cut(Quoted.shellCommand(state.request.command))))
    var events: [Event] = []
    for run in state.runs where run.verdict == .good && run.commits.count > 1 {
      guard try !compatibility().isUnfit(run.commits) else { continue }
      let link = try await link(
        .commits(run.commits), text: "bisected: \(words)", evidence: ["ran: \(words)"])
      events.append(try event(link.id))
    }
    if let culprit = finding.culprit, try !compatibility().isUnfit(culprit) {
      let revocation = try await revoke(
        .commits(culprit), reason: "bisected: fails \(words)", evidence: ["ran: \(words)"])
      events.append(try event(revocation.id))
    }
    return events
  }
}
