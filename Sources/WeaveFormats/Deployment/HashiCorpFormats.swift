import ForeignText
import Foundation
import WeaveModel

extension DesiredState {
  private struct NomadVariable: Encodable {
    let namespace = "default"
    let path: String
    let items: [String: String]

    enum CodingKeys: String, CodingKey { case namespace = "Namespace", path = "Path", items = "Items" }
  }

  /// The most that the keys and values of a variable may have together
  /// (https://developer.hashicorp.com/nomad/docs/concepts/variables).
  private static let nomadLimit = 65_536
  private static let nomadPathLimit = 128

  /// A variable for `nomad var put -in json -`: of one machine `weave/CONSTELLATION/MACHINE` with an item for each
  /// project; of all `weave/CONSTELLATION`, whose item `machines` is JSON, with the names as they are.
  public func nomadVariable() throws -> String {
    let machineNames = try MappedNames(machines.map(\.name), of: "machine") { $0.nomadPathPart }
    var path = "weave/" + constellation.nomadPathPart
    var items = ["id": resolution]
    if let machine = selectedMachine {
      path += "/" + machineNames[machine]
      let commits = selected.flatMap(\.commits)
      // A template says `.laurelin` of an identifier only.
      let names = try MappedNames(
        commits.map(\.project.text), of: "project", taken: ["id": "holds the resolution's id"]
      ) { $0.underscored() }
      for member in commits { items[names[member.project.text]] = member.commit.hex }
    } else {
      items["machines"] = try DeployJSON.line(commitsByMachine)
    }
    guard path.utf8.count <= Self.nomadPathLimit else {
      throw UnwritableState(
        "the path '\(path)' has \(path.utf8.count) characters, and Nomad takes \(Self.nomadPathLimit)",
        hint: "give the constellation or the machine a shorter name")
    }
    let size = items.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    guard size <= Self.nomadLimit else {
      throw UnwritableState(
        "the variable has \(size) bytes, and Nomad takes \(Self.nomadLimit)",
        hint: "--machine MACHINE writes a variable for each machine")
    }
    return try DeployJSON.document(NomadVariable(path: path, items: items))
  }

  private struct ConsulKey: Encodable {
    let key: String
    let flags = 0
    let value: String

    init(_ key: String, _ text: String) {
      (self.key, value) = (key, Data(text.utf8).base64EncodedString())
    }
  }

  /// Keys for `consul kv import`: `weave/CONSTELLATION/MACHINE/PROJECT`, and last the id of the whole, so that whoever
  /// watches that key sees all others. Of one machine the id is beside its projects.
  public func consulKeys() throws -> String {
    let top = "weave/" + constellation.mapScalars { $0 == "/" ? "_" : nil }
    var keys: [ConsulKey] = []
    for machine in selected {
      _ = try MappedNames(
        machine.commits.map(\.project.text), of: "project",
        taken: selectedMachine == nil ? [:] : ["id": "holds the resolution's id"]
      ) { $0 }
      keys += machine.commits.map { ConsulKey("\(top)/\(machine.name)/\($0.project)", $0.commit.hex) }
    }
    keys.append(ConsulKey(top + (selectedMachine.map { "/" + $0 } ?? "") + "/id", resolution))
    return try DeployJSON.document(keys)
  }
}

extension String {
  /// As Nomad takes it in a path: no dots.
  fileprivate var nomadPathPart: String { underscored(keeping: "-~") }
}
