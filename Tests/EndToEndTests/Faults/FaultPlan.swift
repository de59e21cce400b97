import Foundation
import TestSupport

/// How much of the sweep is made: a sample, or all with `WEAVE_FAULTS=all`.
///
/// `WEAVE_FAULTS_ONLY` leaves only the commands and files whose name has that text, `WEAVE_FAULTS_FINDINGS` names a file
/// that gets a line for each finding.
enum FaultPlan {
  private static let variables = ProcessInfo.processInfo.environment

  static let isWhole = variables["WEAVE_FAULTS"] == "all"
  static let seed = variables["WEAVE_FAULTS_SEED"].flatMap(UInt64.init) ?? UInt64.random(in: 0..<1_000_000)
  static let only = variables["WEAVE_FAULTS_ONLY"]
  static let stores = FaultStore.allCases.filter {
    variables["WEAVE_FAULTS_STORE"] == nil || variables["WEAVE_FAULTS_STORE"] == $0.rawValue
  }

  static func isChosen(_ name: String) -> Bool { only.map { name.contains($0) } ?? true }

  /// Prints the table, and keeps the findings.
  static func report(_ table: FaultTable, of title: String) throws {
    print("\(title): \(isWhole ? "all" : "a sample, seed \(seed)"), \(table.runs) runs\n\(table.text)")
    guard let path = variables["WEAVE_FAULTS_FINDINGS"] else { return }
    let lines = table.findings.map { "\($0)\n" }.sorted().joined()
    try lines.write(toFile: "\(path).\(title.split(separator: " ").last ?? "")", atomically: true, encoding: .utf8)
  }

  /// Calls `body` for each of `items`, on as many threads as there are cores.
  static func forEach<Item: Sendable>(
    _ items: [Item], jobs: Int = ProcessInfo.processInfo.activeProcessorCount,
    _ body: @Sendable (Item) -> Void
  ) {
    DispatchQueue.concurrentPerform(iterations: items.count) { body(items[$0]) }
  }
}
