import ArgumentParser
import Foundation
import WeaveModel

struct ResolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Solve the instance on standard input, and say why it has no solution.",
    discussion: "Prints JSON: status, pick and behind, or core, new_links and restore.")

  @Flag(help: "Solve only: say no reasons.") var noExplain = false
  @Flag(help: "Add the milliseconds of each part, and the peak of memory from solving on.") var timings =
    false
  @Option(help: "Repeat solving and explaining this often; the times are medians.") var repeats = 1
  @Option(help: "Give up after this many steps.") var budget = ResolutionProblem.defaultBudget

  func run() throws {
    var clock = Stopwatch()
    let loaded = try clock.measure("load") { () throws -> NumberedInstance in
      let instance = try JSONDecoder().decode(
        Instance.self, from: FileHandle.standardInput.readToEnd() ?? Data())
      return try NumberedInstance(instance)
    }
    let memory = MemoryPeak()
    var answer = AnswerDocument(status: "")
    for _ in 0..<max(1, repeats) { answer = solve(loaded, &clock) }
    if timings {
      answer.milliseconds = clock.medians
      answer.peakMegabytes = memory.megabytes
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    print(String(decoding: try encoder.encode(answer), as: UTF8.self))
  }

  private func solve(_ instance: NumberedInstance, _ clock: inout Stopwatch) -> AnswerDocument {
    let (resolver, outcome) = clock.measure("solve") { () -> (Resolver, ResolutionAnswer) in
      let resolver = Resolver(instance.problem())
      return (resolver, resolver.lexmin(budget: budget))
    }
    switch outcome {
    case .resolved(let picks):
      var answer = AnswerDocument(status: "SAT")
      answer.pick = instance.named(picks)
      answer.behind = Dictionary(uniqueKeysWithValues: picks.map { ($0.key.text, instance.behind($0.value)) })
      return answer
    case .gaveUp: return AnswerDocument(status: "UNKNOWN")
    case .impossible:
      guard !noExplain else { return AnswerDocument(status: "UNSAT") }
      return Explainer(instance: instance, resolver: resolver).answer(&clock)
    }
  }
}

/// How long the parts of a run took.
struct Stopwatch {
  private var times: [String: [Double]] = [:]

  mutating func measure<Value>(_ part: String, _ body: () throws -> Value) rethrows -> Value {
    let start = ContinuousClock.now
    let value = try body()
    times[part, default: []].append((ContinuousClock.now - start) / .milliseconds(1))
    return value
  }

  /// The median of each part, in milliseconds.
  var medians: [String: Double] { times.mapValues { $0.sorted()[$0.count / 2] } }
}
