import ForeignText
import Foundation
import WeaveModel

/// JSON as the formats write it: keys sorted, slashes as they are.
enum DeployJSON {
  /// On several lines, for files.
  static func document(_ value: some Encodable) throws -> String { try text(value, [.prettyPrinted]) + "\n" }

  /// On one line, for values within another format.
  static func line(_ value: some Encodable) throws -> String { try text(value, []) }

  private static func text(
    _ value: some Encodable, _ formatting: JSONEncoder.OutputFormatting
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting.union([.sortedKeys, .withoutEscapingSlashes])
    return Quoted.jsonDocument(String(decoding: try encoder.encode(value), as: UTF8.self))
  }
}

extension DesiredState {
  /// The commits of each selected machine, by its name and the project's.
  var commitsByMachine: [String: [String: String]] {
    Dictionary(uniqueKeysWithValues: selected.map { ($0.name, $0.commitsByName) })
  }
}

extension DesiredState.Machine {
  var commitsByName: [String: String] {
    Dictionary(uniqueKeysWithValues: commits.map { ($0.project.text, $0.commit.hex) })
  }
}
