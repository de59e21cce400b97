import ArgumentParser
import Foundation
import WeaveModel

struct ResolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve", abstract: "Solve the instance on standard input, and say why it has no solution.",
    discussion: "Prints JSON: status, pick and behind, or core, new_links and restore.")

  @Flag(help: "Solve only: say no reasons.") var noExplain = false
  @Flag(help: "Do not look for revoked links to restore, which can take long.") var noRestore = false
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
      if !noExplain { clock.measure("explain") { explainNewer(than: picks, resolver) } }
      return answer
    case .gaveUp: return AnswerDocument(status: "UNKNOWN")
    case .impossible:
      guard !noExplain else { return AnswerDocument(status: "UNSAT") }
      return clock.measureWhole("explain", but: ["restore"]) { clock in
        Explainer(instance: instance, resolver: resolver, isRestoring: !noRestore).answer(&clock)
      }
    }
  }
}

/// Finds out of every newer commit what it would come to, as `weave why` does of those that no cheaper reason rules out.
private func explainNewer(than picks: Picks, _ resolver: Resolver) {
  for domain in resolver.problem.domains {
    for commit in domain.commits.prefix(while: { $0 != picks[domain.project] }) {
      _ = resolver.lexmin(fixing: commit, budget: ResolutionProblem.defaultBudget)
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

  /// Measures a part that has parts of its own, which `body` measures; those in `but` do not count.
  mutating func measureWhole<Value>(_ part: String, but left: [String], _ body: (inout Stopwatch) -> Value)
    -> Value
  {
    let former = left.reduce(0) { $0 + (times[$1]?.reduce(0, +) ?? 0) }
    let start = ContinuousClock.now
    let value = body(&self)
    let total = (ContinuousClock.now - start) / .milliseconds(1)
    let latter = left.reduce(0) { $0 + (times[$1]?.reduce(0, +) ?? 0) }
    times[part, default: []].append(total - (latter - former))
    return value
  }

  /// The median of each part, in milliseconds.
  var medians: [String: Double] { times.mapValues { $0.sorted()[$0.count / 2] } }
}
