import ForeignText
import Foundation

/// What Terraform's `data "external"` asks, on standard input: a JSON object of strings.
public struct TerraformQuery: Sendable, Equatable {
  public let constellation, machine, project: String?

  private static let keys = ["constellation", "machine", "project"]

  /// The query that `bytes` are.
  public init(parsing bytes: [UInt8]) throws(UnwritableState) {
    let hint = "for example {\"constellation\": \"canon\", \"machine\": \"toto\", \"project\": \"laurelin\"}"
    guard String(decoding: bytes, as: UTF8.self).reasonAgainstMarks == nil,
      let value = try? JSONSerialization.jsonObject(with: Data(bytes)),
      let object = value as? [String: Any]
    else {
      throw UnwritableState("the query on standard input is no JSON object", hint: hint)
    }
    var query: [String: String] = [:]
    for (key, value) in object.sorted(by: { $0.key < $1.key }) {
      guard Self.keys.contains(key) else {
        throw UnwritableState(
          "the query has the key '\(key)', which is unknown",
          hint: "the keys are " + Self.keys.joined(separator: ", "))
      }
      guard let text = value as? String, !text.isEmpty else {
        throw UnwritableState("the query's '\(key)' is no string, or an empty one", hint: hint)
      }
      query[key] = text
    }
    (constellation, machine, project) = (query["constellation"], query["machine"], query["project"])
  }
}
