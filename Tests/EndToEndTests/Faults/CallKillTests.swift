import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// The commands that change a store of `FaultStore`, each of which is killed.
///
/// REVOCATION stands for what bob revoked, and what follows `=@` for the id of that commit.
private enum ChangingCommands {
  static let all: [[String]] = [
    ["link", "telperion@v2", "laurelin@v3", "-m", "works"],
    ["link", "telperion@v2", "vilya@v2", "-m", "works"],
    ["revoke", "narya@v1", "-m", "it loops"],
    ["withdraw", "REVOCATION", "-m", "it was the cable"],
    ["reinstate", "REVOCATION", "-m", "it was the cable"],
    ["lock", "-c", "pair", "-m", "second"],
    ["hold", "toto", "telperion@v1", "-m", "the disk", "-c", "emerald-city"],
    ["release", "barge", "laurelin", "-c", "emerald-city"],
    ["set", "release-3", "telperion@v1", "narya@v1"],
    ["set", "remove", "release-1"],
    ["report", "--machine", "barge", "laurelin=@v1", "narya=@v1"],
    ["status", "-c", "emerald-city", "--ack", "barge", "--for", "2d", "-m", "on Monday"],
    ["status", "-c", "emerald-city", "--unack", "toto"],
    ["constellation", "add", "trio.yaml"],
    ["constellation", "remove", "pair"],
    ["project", "set", "narya", "track", "main"],
    ["project", "set", "telperion", "notes", "true"],
    ["project", "set", "vilya", "private", "false"],
    ["project", "remove", "narya", "--force"],
    ["project", "checkout", "laurelin"],
    ["fetch"],
    ["pull"],
    ["push"],
    ["remote", "add", "other", "../hub.git"],
    ["remote", "remove", "hub"],
    ["harvest"],
    ["relink"],
    ["gc"],
    ["fsck", "--repair"],
    ["upgrade"],
    ["checkout", "release-2", "elsewhere"],
    ["try", "release-2", "--", "true"],
    ["links"],
    ["log"],
    ["resolve", "-c", "emerald-city"],
    ["sha", "narya", "--machine", "barge", "-c", "emerald-city"],
    ["status", "-c", "emerald-city"],
    ["affected"],
    ["check", "telperion@v2", "laurelin@v2", "-c", "pair"],
  ]
}

@Suite(
  "A command is killed before one of the calls by which it changes a file", .serialized,
  .disabled(if: FaultLibrary.obstacle != nil, "\(FaultLibrary.obstacle ?? "")"))
struct CallKillTests {
  /// How much longer than one that met no kill the next command may take, in seconds.
  private static let mostDelay = 1.0

  @Test("no event is lost, the store is whole, and the next command works at once or says what to do")
  func sweep() throws {
    let result = try FaultPlan.sweep(KillSeries.chosen(), of: "Kills") { try $0.run() }
    result.expectNoFindings(inMoreThan: 25)
  }

  /// One command in one store, killed before some or all of its calls.
  private struct KillSeries: Sendable {
    let store: FaultStore
    let command: [String]
    let count: Int?
    let seed: UInt64

    static func chosen() -> [KillSeries] {
      var dice = SeededGenerator(seed: FaultPlan.seed)
      return FaultPlan.stores.filter { FaultPlan.isWhole || $0 == .loose }.flatMap { store in
        ChangingCommands.all.filter { FaultPlan.isChosen($0.joined(separator: " ")) }.map {
          KillSeries(store: store, command: $0, count: FaultPlan.isWhole ? nil : 1, seed: dice.next())
        }
      }
    }

    func run() throws -> FaultTable {
      let bench = try FaultBench(store)
      try bench.useOwnHub()
      let arguments = try bench.arguments(command).map { word in
        guard let place = word.range(of: "=@") else { return word }
        let project = word[..<place.lowerBound]
        let tag = "refs/namespaces/\(project)/refs/tags/\(word[place.upperBound...])"
        return try "\(project)=\(bench.git("rev-parse", tag + "^{commit}").trimmed)"
      }
      let name = command.joined(separator: " ")
      let (before, ledgers) = (Date.now, try bench.ledgerTips())
      _ = try bench.runNow(arguments)
      let usual = Date.now.timeIntervalSince(before)
      try bench.restore()
      var table = FaultTable()
      let calls: Int
      do { calls = try bench.changeCount(arguments) } catch {
        table.add(
          FaultFinding(store: store, command: name, fault: "none", verdict: .wrong, ending: "\(error)"))
        return table
      }
      var numbers = Array(1...max(1, calls))
      if let count {
        var dice = SeededGenerator(seed: seed)
        numbers = Array(numbers.shuffled(using: &dice).prefix(count))
      }
      for number in numbers {
        guard let call = try bench.kill(arguments, before: number) else { continue }
        var problem = try problem(after: arguments, usual: usual, ledgers, bench)
        for _ in 0..<4 where problem?.isDelay == true {
          // Of a wait, not of a machine that has much else to do.
          try bench.restore()
          _ = try bench.kill(arguments, before: number)
          problem = try self.problem(after: arguments, usual: usual, ledgers, bench)
        }
        table.add(problem == nil ? .healthy : .wrong, command: name, kind: "kill")
        if let problem {
          table.add(
            FaultFinding(
              store: store, command: name, fault: "killed before \(number) of \(calls): \(call)",
              verdict: .wrong, ending: bench.naming(problem.words)))
        }
        try bench.restore()
      }
      return table
    }

    /// What is not as it should be with the command that comes after a kill.
    private func problem(
      after arguments: [String], usual: Double, _ ledgers: [String: String], _ bench: FaultBench
    ) throws -> Problem? {
      let start = Date.now
      let next = try bench.runNow(arguments)
      let delay = Date.now.timeIntervalSince(start) - usual
      if next.status >= 64 || next.signal != nil {
        return Problem("the next one ended with \(next.status): \(next.stderr)")
      }
      if next.status == 1, next.error == nil { return Problem("the next one failed without a word") }
      if delay > CallKillTests.mostDelay {
        return Problem("the next one took \(delay) s longer: \(next.stderr)", isDelay: true)
      }
      for (ledger, tip) in ledgers where try !bench.reaches(ledger, tip) {
        return Problem("\(ledger) has lost events")
      }
      let check = try bench.runNow(["fsck"])
      guard check.status == 0 else { return Problem("fsck: \(check.stdout)\(check.stderr)") }
      let git = try bench.gitCheck()
      return git.status == 0 ? nil : Problem("git fsck: \(git.stdout)\(git.stderr)")
    }
  }

  private struct Problem {
    let words: String
    let isDelay: Bool

    init(_ words: String, isDelay: Bool = false) { (self.words, self.isDelay) = (words, isDelay) }
  }
}

extension FaultBench {
  /// The workspace is a copy, and its remote and sources are those of what it is a copy of.
  fileprivate func useOwnHub() throws {
    gitConfiguration = lab.directory.appending("gitconfig")
    try lab.directory.write("[safe]\n\tdirectory = *\n", to: "gitconfig")
    try lab.directory.write(
      Constellations.pair().replacing("constellation: pair", with: "constellation: trio"),
      to: "workspace/trio.yaml")
    _ = try git("config", "remote.hub.url", lab.directory.appending("hub.git"))
    try adoptState()
  }

  fileprivate func ledgerTips() throws -> [String: String] {
    let text = try git("for-each-ref", "--format=%(refname) %(objectname)", "refs/weave/*/ledger").stdout
    return Dictionary(
      uniqueKeysWithValues: text.split(separator: "\n").map { line in
        let fields = line.split(separator: " ").map(String.init)
        return (fields[0], fields[1])
      })
  }

  fileprivate func reaches(_ ref: String, _ tip: String) throws -> Bool {
    try git("merge-base", "--is-ancestor", tip, ref).status == 0
  }
}
