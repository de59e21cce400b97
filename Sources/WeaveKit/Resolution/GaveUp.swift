import ForeignText
import WeaveModel

/// The resolver spent its budget before the answer was known.
public struct GaveUp: Error, Sendable, CustomStringConvertible {
  public let machines: [String]
  /// Steps of work, the same on every machine.
  public let steps: Int
  /// A set that fits, where one was found; whether anything newer fits is not known.
  public let best: [Member]?

  public var description: String {
    "gave up after \(steps) step\(steps == 1 ? "" : "s") on \(listed(machines))"
  }
}

extension GaveUp: ExplainedError {
  var explanation: Explanation {
    let found = best.map { members in
      "the newest that was found to fit, not proved to be the newest: "
        + members.map(\.description).joined(separator: " ")
    }
    return Explanation(
      description, details: found.map { [Redaction.text($0)] } ?? [],
      hints: ["--steps NUMBER lets it take more"], kind: .undecided)
  }
}
