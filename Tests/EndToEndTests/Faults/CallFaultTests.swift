import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite(
  "One system call fails", .serialized,
  .disabled(if: FaultLibrary.obstacle != nil, "\(FaultLibrary.obstacle ?? "")"))
struct CallFaultTests {
  @Test("the calls that are made to fail are those by which a store is read")
  func calls() throws {
    let bench = try FaultBench(.loose)
    let calls = try bench.calls(["links"], failing: .EIO)
    for beginning in [
      "open $STORE/objects/", "read $STORE/objects/", "opendir $STORE/refs/weave/public/ledger",
      "open $STORE/refs/weave/public/ledger/bob-", "read $STORE/refs/weave/public/ledger/bob-",
    ] {
      #expect(calls.contains { $0.utf8.starts(with: beginning.utf8) }, "\(beginning)")
    }
    let missing = try bench.run(["links"], failing: .EIO, at: calls.count + 1_000)
    #expect(missing.call == nil)
    #expect(Verdict(of: missing.result, healthy: try bench.healthy(["links"])) == .healthy)
  }

  @Test("a constellation that can be read once, and not the next time, is missing from no answer")
  func constellations() throws {
    let bench = try FaultBench(.loose)
    let id = try bench.git("rev-parse", "refs/weave/public/manifest:constellations/emerald-city").trimmed
    let file = "objects/\(id.prefix(2))/\(id.dropFirst(2))"
    let command = ["reverse", "telperion@v2"]
    let healthy = try bench.healthy(command)
    let calls = try bench.calls(command, failing: .EMFILE)
    let numbers = calls.indices.filter { calls[$0].contains(file) }.map { $0 + 1 }
    #expect(!numbers.isEmpty)
    for number in numbers {
      let result = try bench.run(command, failing: .EMFILE, at: number).result
      #expect(Verdict(of: result, healthy: healthy).isAllowed, "\(number): \(result)")
    }
  }

  @Test("a command that cannot read gives the answer that it gives else, or an error")
  func sweep() throws {
    let result = try FaultPlan.sweep(CallSeries.chosen(), of: "Faults of calls") { try $0.run() }
    result.expectNoFindings(inMoreThan: 50)
  }
}

/// The points at which one command meets one kind of fault in one store.
private struct CallSeries: Sendable {
  let store: FaultStore
  let command: [String]
  let kind: FaultBench.Kind
  /// How many of the calls fail, each in a run of its own; nil for all.
  let count: Int?
  let seed: UInt64

  var name: String { command.joined(separator: " ") }

  /// All that there are, or some of them.
  static func chosen() -> [CallSeries] {
    var series: [CallSeries] = []
    var dice = SeededGenerator(seed: FaultPlan.seed)
    for store in FaultPlan.stores {
      for command in FaultCommands.all where FaultPlan.isChosen(command.joined(separator: " ")) {
        for kind in FaultBench.Kind.allCases {
          series.append(
            CallSeries(
              store: store, command: command, kind: kind, count: FaultPlan.isWhole ? nil : 6,
              seed: dice.next()))
        }
      }
    }
    return FaultPlan.isWhole ? series : Array(series.shuffled(using: &dice).prefix(24))
  }

  func run() throws -> FaultTable {
    let bench = try FaultBench(store)
    let arguments = bench.arguments(command)
    let healthy = try bench.healthy(arguments)
    let calls = try bench.calls(arguments, failing: kind)
    var numbers = Array(1...max(1, calls.count))
    if let count {
      var dice = SeededGenerator(seed: seed)
      numbers = Array(numbers.shuffled(using: &dice).prefix(count))
    }
    var table = FaultTable()
    for number in numbers {
      let (result, call) = try bench.run(arguments, failing: kind, at: number)
      guard let call else { continue }
      var verdict = Verdict(of: result, healthy: healthy)
      var ending = result.ending(beside: healthy)
      if bench.hasDerivedAnew {
        // What was made of a reading that failed must not answer later.
        let later = try bench.run(arguments)
        let verdictLater = Verdict(of: later, healthy: healthy)
        if verdict.isAllowed, verdictLater != .healthy {
          (verdict, ending) = (
            verdictLater == .error ? .wrong : verdictLater, "the next run: \(later.ending(beside: healthy))"
          )
        }
        try bench.restoreDerived()
      }
      table.add(verdict, command: name, kind: kind.rawValue)
      if verdict == .error { table.add(error: bench.naming(result.error ?? "")) }
      guard !verdict.isAllowed else { continue }
      table.add(
        FaultFinding(
          store: store, command: name, fault: "\(kind) at \(number) of \(calls.count): \(call)",
          verdict: verdict, ending: bench.naming(ending)))
    }
    return table
  }
}

extension ProcessResult {
  /// The end in a line: the code, what standard error says, and the first line of output that differs.
  func ending(beside healthy: ProcessResult) -> String {
    var text = "\(status)"
    if status != healthy.status { text += " for \(healthy.status)" }
    let lines = stdout.split(separator: "\n", omittingEmptySubsequences: false)
    let expected = healthy.stdout.split(separator: "\n", omittingEmptySubsequences: false)
    if let place = (0..<max(lines.count, expected.count)).first(where: {
      !lines.indices.contains($0) || !expected.indices.contains($0) || lines[$0] != expected[$0]
    }) {
      let line = lines.indices.contains(place) ? lines[place].prefix(120) : "nothing"
      let other = expected.indices.contains(place) ? expected[place].prefix(120) : "nothing"
      text += ", line \(place + 1): '\(line)' for '\(other)'"
    }
    // Of a trap, where it was.
    let said = stderr.split(separator: "\n").prefix(signal == nil && status < 128 ? 2 : 100).joined(
      separator: " / ")
    return said.isEmpty ? text : "\(text), says: \(said.prefix(signal == nil && status < 128 ? 300 : 6_000))"
  }
}
