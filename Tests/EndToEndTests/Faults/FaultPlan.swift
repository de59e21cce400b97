import Foundation
import Synchronization
import TestSupport
import Testing

@testable import LabSupport

/// How much of the sweep is made: a sample, or all with `WEAVE_FAULTS=all`.
///
/// `WEAVE_FAULTS_ONLY` leaves only the commands that have that text, `WEAVE_FAULTS_FILE` the files that have it in
/// their paths, `WEAVE_FAULTS_STORE` one store. `WEAVE_FAULTS_FINDINGS` names a file that gets a line for each
/// finding and each kind of error.
enum FaultPlan {
  private static let variables = ProcessInfo.processInfo.environment

  static let isWhole = variables["WEAVE_FAULTS"] == "all"
  static let seed = variables["WEAVE_FAULTS_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1_000_000)
  static let only = variables["WEAVE_FAULTS_ONLY"]
  static let stores = FaultStore.allCases.filter {
    variables["WEAVE_FAULTS_STORE"] == nil || variables["WEAVE_FAULTS_STORE"] == $0.rawValue
  }

  static func isChosenFile(_ name: String) -> Bool {
    variables["WEAVE_FAULTS_FILE"].map { name.contains($0) } ?? true
  }

  static func isChosen(_ name: String) -> Bool { only.map { name.contains($0) } ?? true }

  /// Runs each of `series`, on as many threads as there are cores, prints what came of all, and returns it.
  static func sweep<Series: Sendable>(
    _ series: [Series], of title: String, _ run: @Sendable (Series) throws -> FaultTable
  ) throws -> FaultTable {
    let table = Mutex(FaultTable())
    let failure = Mutex<(any Error)?>(nil)
    DispatchQueue.concurrentPerform(iterations: series.count) { place in
      do {
        let part = try run(series[place])
        table.withLock { $0.add(part) }
        try note(part)
      } catch {
        failure.withLock { $0 = error }
      }
    }
    let result = table.withLock { $0 }
    print("\(title): \(isWhole ? "all" : "a sample, seed \(seed)"), \(result.runs) runs")
    print(isWhole ? result.text : result.summary)
    if let error = failure.withLock({ $0 }) { throw error }
    return result
  }

  private static func note(_ table: FaultTable) throws {
    guard let path = variables["WEAVE_FAULTS_FINDINGS"] else { return }
    let errors = table.errors.sorted { $0.key < $1.key }.map { "said \($1) times | \($0)" }
    let lines = (table.findings.map(\.description) + errors).map { "\($0)\n" }.joined()
    try noting.withLock { _ in
      let isThere = FileManager.default.fileExists(atPath: path)
      let before = isThere ? try String(contentsOfFile: path, encoding: .utf8) : ""
      try (before + lines).write(toFile: path, atomically: true, encoding: .utf8)
    }
  }

  private static let noting = Mutex(())
}

extension FaultTable {
  /// Expects that there were more runs than that, and that all ended as they may.
  func expectNoFindings(inMoreThan fewest: Int, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(runs > fewest, sourceLocation: sourceLocation)
    let worst = findings.prefix(20).map { "\($0)" }.joined(separator: "\n")
    #expect(
      findings.isEmpty, "\(findings.count) runs, seed \(FaultPlan.seed):\n\(worst)",
      sourceLocation: sourceLocation)
  }
}
