import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite(
  "One file of a store is damaged", .serialized,
  .disabled(if: FaultLibrary.obstacle != nil, "\(FaultLibrary.obstacle ?? "")"))
struct FileFaultTests {
  @Test("a command gives the answer that it gives else, or an error, and fsck names what matters")
  func sweep() throws {
    let result = try FaultPlan.sweep(FileSeries.chosen(), of: "Faults of files") { try $0.run() }
    result.expectNoFindings(inMoreThan: 50)
  }
}

/// Some files of one store, each damaged in turn.
private struct FileSeries: Sendable {
  let store: FaultStore
  /// The file's place among those of the store, and what happens to it.
  let cases: [(place: Int, damage: FileDamage)]
  let commands: [[String]]
  let seed: UInt64

  static func chosen() throws -> [FileSeries] {
    var dice = SeededGenerator(seed: FaultPlan.seed)
    var series: [FileSeries] = []
    for store in FaultPlan.stores where store != .unindexed {
      let bench = try FaultBench(store)
      let all = bench.files()
      let reachable = Set(bench.owners.keys)
      // A sample is of what matters.
      let files = all.indices.filter {
        FaultPlan.isChosenFile(all[$0])
          && (FaultPlan.isWhole || ImmaterialFiles.reason(all[$0], reachable: reachable) == nil)
      }
      let cases = files.flatMap { place in
        FileDamage.allCases.filter { $0.isPossible && !$0.makesAnotherStore(of: all[place]) }
          .map { (place: place, damage: $0) }
      }
      if FaultPlan.isWhole {
        // Portions, so that the cores end at the same time.
        for start in stride(from: 0, to: cases.count, by: 60) {
          series.append(
            FileSeries(
              store: store, cases: Array(cases[start..<min(start + 60, cases.count)]),
              commands: FaultCommands.all,
              seed: dice.next()))
        }
      } else {
        series.append(
          FileSeries(
            store: store, cases: Array(cases.shuffled(using: &dice).prefix(25)),
            commands: Array(FaultCommands.all.shuffled(using: &dice).prefix(8)), seed: dice.next()))
      }
    }
    return series
  }

  func run() throws -> FaultTable {
    let bench = try FaultBench(store)
    let files = bench.files()
    let reachable = Set(bench.owners.keys)
    var dice = SeededGenerator(seed: seed)
    var table = FaultTable()
    // What is known of the healthy store is asked before.
    let healthyCheck = try bench.healthy(["fsck"])
    let questions = try commands.map { command in
      let arguments = bench.arguments(command)
      return Question(
        name: command.joined(separator: " "), arguments: arguments, healthy: try bench.healthy(arguments),
        paths: try bench.paths(arguments))
    }
    for (place, damage) in cases {
      let file = files[place]
      try bench.damage(file, damage, using: &dice)
      let fault = "\(damage) \(bench.naming("$STORE/" + file))"
      var isHarmless = true
      var hangs = 0
      // Where two commands hang, others do; to wait for each would take hours.
      for question in questions where hangs < 2 && question.depends(on: file) {
        let result = try bench.run(question.arguments)
        let verdict = Verdict(of: result, healthy: question.healthy)
        isHarmless = isHarmless && verdict == .healthy
        hangs += verdict == .hang ? 1 : 0
        table.add(verdict, command: question.name, kind: damage.rawValue)
        if verdict == .error { table.add(error: bench.naming(result.error ?? "")) }
        guard !verdict.isAllowed else { continue }
        table.add(
          FaultFinding(
            store: store, command: question.name, fault: fault, verdict: verdict,
            ending: bench.naming(result.ending(beside: question.healthy))))
      }
      let check = try bench.run(["fsck"])
      var verdict = Verdict(
        ofCheck: check, healthy: healthyCheck, isDerived: file.utf8.elementsEqual("refs/notes/weave".utf8))
      // A flip may change a letter's case, or a blank: Git sees nothing either, and each answer is as it was.
      if verdict == .healthy, try !isHarmless || bench.isMissed(file, reachable: reachable) {
        verdict = .wrong
      }
      table.add(verdict, command: "fsck", kind: damage.rawValue)
      if !verdict.isAllowed {
        table.add(
          FaultFinding(
            store: store, command: "fsck", fault: fault, verdict: verdict,
            ending: bench.naming(check.ending(beside: healthyCheck))))
      }
      try bench.restore()
    }
    return table
  }
}

/// A command, and what is known of it while nothing is damaged.
private struct Question {
  let name: String
  let arguments: [String]
  let healthy: ProcessResult
  let paths: Set<String>

  /// Whether it looks at the file, or at the directory that has it.
  func depends(on file: String) -> Bool {
    let directory = file.split(separator: "/").dropLast().joined(separator: "/")
    return paths.contains(file) || paths.contains(directory)
  }
}

extension FaultBench {
  /// The files of the store, by their paths in its directory.
  func files() -> [String] {
    let enumerator = FileManager.default.enumerator(atPath: lab.store.path)
    var files: [String] = []
    while let name = enumerator?.nextObject() as? String {
      if enumerator?.fileAttributes?[.type] as? FileAttributeType == .typeRegular { files.append(name) }
    }
    return files.sorted()
  }

  fileprivate func damage(_ file: String, _ damage: FileDamage, using dice: inout SeededGenerator) throws {
    try damage.apply(to: "\(lab.store.path)/\(file)", using: &dice)
    if Privileges.canBeNobody { lchown("\(lab.store.path)/\(file)", 65534, 65534) }
  }

  /// Whether Git finds fault with a store of which weave said that it is whole, for a file that matters.
  fileprivate func isMissed(_ file: String, reachable: Set<String>) throws -> Bool {
    guard ImmaterialFiles.reason(file, reachable: reachable) == nil else { return false }
    return try gitCheck().status != 0
  }
}
