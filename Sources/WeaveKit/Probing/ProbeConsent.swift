import ForeignText
import Git
import WeaveModel

/// A stored constellation's probe that nobody allowed here yet.
public struct ProbeNotAllowed: Error, CustomStringConvertible {
  let constellation: String
  let command: String
  let machines: [String]

  public var description: String {
    "the stored constellation \(constellation) would have this run here, and nobody here allowed it yet"
  }

  private var details: [String] { [command, "for each of: " + machines.joined(separator: ", ")] }
}

extension Workspace {
  private static let allowedKey = "weave.probe"

  /// Throws ``ProbeNotAllowed`` where the constellation's probe came from the store, from anybody perhaps, and was not
  /// allowed here, unless `allowing`: then it is from now on, as long as it stays word for word the same.
  func requireConsent(
    to probe: Probe, of loaded: LoadedConstellation, on machines: [String], allowing: Bool
  ) throws {
    // A file is the user's own.
    guard loaded.version != nil else { return }
    let name = loaded.constellation.name
    let words = (["weave.probe/2", name] + probe.words).map { "\($0.utf8.count) \($0)\n" }.joined()
    let digest = try ObjectID.ofBlob(Array(words.utf8)).description
    let repository = store.repository
    let allowed = try repository.ownConfigValues(matching: "^weave\\.probe$")
    guard !allowed.contains(where: { $0.value == digest }) else { return }
    guard allowing else {
      throw ProbeNotAllowed(
        constellation: name, command: Quoted.shellCommand(Array(probe.words.dropFirst())),
        machines: machines)
    }
    try store.changeConfiguration { try repository.addConfigValue(Self.allowedKey, digest) }
  }
}

extension ProbeNotAllowed: ExplainedError {
  var explanation: Explanation {
    Explanation(
      description, details: details, hints: ["`weave probe --allow` allows just that, for good"], kind: .usage
    )
  }
}
