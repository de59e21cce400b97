import ForeignText
import Git
import GitProcess
import WeaveFormats
import WeaveModel
import WeaveStore

extension Workspace {
  /// The longest answer that is read, in bytes.
  private static let longestAnswer = ReportedState.longest

  /// Asks machines what they run, as the constellation's `probe:` says, and records the answers.
  ///
  /// - Parameters:
  ///   - names: of machines; where there are none, all are asked but the guests that are built with their host, for which it
  ///     speaks.
  ///   - report: told from several threads at once.
  /// - Returns: what came of each, in the constellation's order.
  /// - Throws: ``ProbeNotAllowed`` where what came with a stored constellation would be run for the first time.
  public func probe(
    _ loaded: LoadedConstellation, _ names: [String], _ options: ProbeOptions,
    report: @escaping @Sendable (ProbeNews) -> Void
  ) async throws -> [ProbeResult] {
    let constellation = loaded.constellation
    guard let probe = constellation.probe else {
      throw WeaveError(
        "\(constellation.name) does not say how its machines are asked what they run",
        hint: "`probe: { ssh: \"root@{address}\", run: \"cat /etc/weave/manifest.json\" }` at its top does")
    }
    let named = try Set(names.map { try machineName($0, in: constellation) })
    let machines = constellation.machines.filter { named.isEmpty ? !$0.isWithHost : named.contains($0.name) }
    try requireConsent(
      to: probe, of: loaded, on: machines.map(\.name), allowing: options.isAllowing)
    // What a machine says is recorded for all of them: names, and who is a guest of whom, must hold in each.
    let constellations = try readableConstellations().map(\.constellation) + [constellation]
    let timeout = options.timeout ?? probe.timeout ?? ProbeOptions.defaultTimeout
    var questions: [ProbeQuestion] = []
    for machine in machines {
      let command = try await command(of: probe, for: machine, options, timeout: timeout, constellations)
      questions.append(ProbeQuestion(machine: machine.name, command: command))
    }
    let answers = try await ask(questions, timeout: timeout, limit: options.limit, report: report)
    let author = try await author()
    let basis = ReportBasis(constellations, in: store)
    let results = try zip(questions, answers).map { question, answer in
      ProbeResult(
        machine: question.machine,
        verdict: try verdict(on: answer, of: question.machine, isSSH: probe.isSSH, basis, author))
    }
    try store.noteUnreachable(
      results.compactMap { if case .unreachable = $0.verdict { $0.machine } else { nil } }, at: caller.now)
    return results
  }

  private func command(
    of probe: Probe, for machine: Machine, _ options: ProbeOptions, timeout: Int,
    _ constellations: [Constellation]
  ) async throws -> Result<CommandProcess, ProbeRefusal> {
    if let reason = try refusalToSpeak(for: machine.name, constellations) {
      return .failure(ProbeRefusal(reason: reason))
    }
    let words = Result { () throws(ProbeRefusal) in
      try probe.command(for: machine, usesNames: options.usesNames, timeout: timeout)
    }
    switch words {
    case .failure(let refusal): return .failure(refusal)
    case .success(let words):
      return .success(try await CommandProcess(words, environment: caller.environment))
    }
  }

  private func ask(
    _ questions: [ProbeQuestion], timeout: Int, limit: Int, report: @escaping @Sendable (ProbeNews) -> Void
  ) async throws -> [ProbeAnswer] {
    let (directory, count) = (directory, questions.count)
    let answers = await concurrently(questions, limit: limit) { question -> ProbeAnswer in
      let command: CommandProcess
      switch question.command {
      case .failure(let refusal): return .refused(refusal.reason)
      case .success(let asked): command = asked
      }
      report(.began(question.machine, of: count))
      defer { report(.ended(question.machine)) }
      do {
        try Task.checkCancellation()
        return .ran(
          try await command.runBounded(
            in: directory, timeout: .seconds(timeout), mostBytes: Self.longestAnswer), timeout: timeout)
      } catch {
        return .notStarted("\(error)")
      }
    }.map { $0.get() }
    try Task.checkCancellation()
    return answers
  }

  private func verdict(
    on answer: ProbeAnswer, of machine: String, isSSH: Bool, _ basis: ReportBasis,
    _ author: Signature
  ) throws -> ProbeResult.Verdict {
    switch answer.content(isSSH: isSSH) {
    case .failure(let failure): return failure.verdict
    case .success(let bytes):
      do {
        let state = try ReportedState.read(bytes, file: "its answer")
        let outcomes = try record(state, by: machine, basis, author)
        for outcome in outcomes.dropFirst() {
          guard case .refused(let reason) = outcome.verdict else { continue }
          return .refused(Redaction.text("of \(outcome.machine): \(reason)"))
        }
        let number = outcomes.first?.number?.sequence ?? 0
        return outcomes.contains { $0.verdict == .changed } ? .reported(number) : .unchanged(number)
      } catch {
        guard let reason = Self.refusal(of: error) else { throw error }
        return .refused(Redaction.text(reason))
      }
    }
  }
}

/// What one machine is asked with.
private struct ProbeQuestion: Sendable {
  let machine: String
  let command: Result<CommandProcess, ProbeRefusal>
}

extension Probe {
  fileprivate var isSSH: Bool { if case .ssh = method { true } else { false } }
}
