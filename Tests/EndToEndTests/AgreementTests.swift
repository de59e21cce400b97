import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// Instances by `weave-bench generate`, answered by `weave-bench resolve`, and judged by the definition: a judge of the
/// tests' own, which shares nothing with the resolver.
@Suite("random resolutions, judged by the definition")
struct AgreementTests {
  private static let batches = 12
  private static let instancesOfABatch = 25

  private static let kinds: [[String]] = {
    let graphs = ["star", "chain", "clique", "random", "tree", "ring", "roles"].flatMap { graph in
      [[], ["--nary", "0.6", "--arity", "4"]].map { ["--graph", graph, "--density", "0.6"] + $0 }
    }
    let hard = ["rb", "late", "trap", "parity"].map { ["--hard", $0] }
    return graphs + hard + [["--hard", "trap", "--nary", "0.5"], ["--hard", "late", "--graph", "tree"]]
  }()

  /// How the instance of that number is made. No kind comes with the same sizes each time.
  private func arguments(_ number: Int) -> [String] {
    let round = number / Self.kinds.count
    let mixed = number + round
    return ["generate"] + Self.kinds[number % Self.kinds.count] + [
      "--projects", "\(3 + mixed % 4)", "--commits", "\(4 + (mixed + round) % 6)", "--roles", "3",
      "--role-size", "3",
      "--pins", "\([0, 0, 1, 2, 3][mixed % 5])", "--links", "\(12 + 7 * mixed % 61)",
      "--revoked", ["0.02", "0.5", "0.25"][round % 3], "--seed", "\(number + 1)",
    ]
  }

  private func run(_ arguments: [String], input: [UInt8] = []) throws -> [UInt8] {
    let environment = TestEnvironment(home: NSTemporaryDirectory()).variables
    return try runProcess(
      weaveBenchExecutable, arguments, in: NSTemporaryDirectory(), environment: environment, input: input
    ).succeeded(["weave-bench"] + arguments).stdoutBytes
  }

  @Test("`weave-bench resolve` says what the definition says", arguments: 0..<batches)
  func agreement(batch: Int) throws {
    var statuses: Set<String> = []
    for number in batch * Self.instancesOfABatch..<(batch + 1) * Self.instancesOfABatch {
      let arguments = arguments(number)
      let made = try run(arguments)
      let instance = try AgreementInstance(JSONDecoder().decode(InstanceFile.self, from: Data(made)))
      let answer = try JSONDecoder().decode(AnswerFile.self, from: Data(run(["resolve"], input: made)))
      let disagreements = instance.disagreements(with: answer)
      #expect(disagreements == [], "weave-bench \(arguments.joined(separator: " "))")
      statuses.insert(answer.status)
    }
    #expect(statuses == ["SAT", "UNSAT"], "each batch has instances with a resolution and without one")
  }
}
