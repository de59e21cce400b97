import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

/// What a hook of a hub does: it looks at a push as a pull from there would, before the hub takes it (githooks(5)).
///
/// Nothing of the surroundings counts but what Git tells a hook: `GIT_DIR`, the variables of where objects are, `GIT_NAMESPACE`,
/// and who pushes as the server says. No store is looked for.
public struct HubHook {
  private let hub: Hub
  private let rules: HubRules
  private let pusher: Pusher?
  private let caller: Surroundings
  private let objects: ObjectDirectories

  /// - Parameter rules: those that hold whatever the hub's configuration says.
  public init(caller: Surroundings, rules: HubRules) throws {
    let environment = caller.environment
    guard let directory = environment["GIT_DIR"], !directory.isEmpty else {
      throw WeaveError(
        "GIT_DIR is not set, by which Git tells a hook where its repository is",
        hint: "this is run by Git, as hooks/update or hooks/pre-receive of a hub; Docs/signatures.md says how"
      )
    }
    objects = ObjectDirectories(
      [environment["GIT_OBJECT_DIRECTORY"] ?? "", environment["GIT_QUARANTINE_PATH"] ?? ""].filter {
        !$0.isEmpty
      }
        + ObjectDirectories(variable: environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] ?? "").paths
    ).absolute(from: caller.workingDirectory)
    // Git runs what this repository says by now, this hook among it: whose it is makes no difference any more.
    Libgit2.setOwnerValidation(false)
    let hub = try Hub(
      at: FileSystem.absolute(directory, from: caller.workingDirectory), readingObjectsFrom: objects.paths,
      namespace: environment["GIT_NAMESPACE"] ?? "")
    self.hub = hub
    self.rules = try HubRules(of: hub).union(rules)
    let name = ["REMOTE_USER", "GL_USER", "GL_USERNAME"].lazy.compactMap { environment[$0] }
      .first { !$0.isEmpty }
    pusher = try name.map { try Pusher(named: $0, at: hub) }
    self.caller = caller
  }

  /// What is refused of the changes, each `(old, new, ref)` with ids in hexadecimal, all zeros for none; nil where all may be
  /// taken. Throws where that cannot be told.
  public func refusal(of changes: [(old: String, new: String, ref: String)]) async throws -> RefusedEntry? {
    var moves: [RefChange] = []
    for (old, new, ref) in changes {
      guard let old = Self.id(old), let new = Self.id(new) else {
        return RefusedEntry(name: ref, reason: "'\(old) \(new)' is no change of a ref: these are no ids")
      }
      moves.append(RefChange(name: ref, old: old.id, new: new.id))
    }
    let outcome = try PushInspection(of: hub, by: rules, from: pusher).outcome(of: moves)
    if let refused = outcome.refused { return refused }
    guard rules.contains(.signedOnly) else { return nil }
    for (ledger, events) in outcome.events {
      if let reason = try await refusal(ofSignaturesOf: events) {
        return RefusedEntry(name: ledger, reason: reason)
      }
    }
    return nil
  }

  /// Nil for what is no id; none for zeros.
  private static func id(_ text: String) -> (id: ObjectID?, ())? {
    guard let id = ObjectID(hex: text) else { return nil }
    return (text.utf8.allSatisfy { $0 == UInt8(ascii: "0") } ? nil : id, ())
  }

  private static let verifiersAtOnce = 4

  /// Why not each of the events is signed by somebody whom the hub's settings know.
  private func refusal(ofSignaturesOf events: [ObjectID]) async throws -> String? {
    var formats: [String: CheckedSignature.Format] = [:]
    for event in events {
      guard let format = CheckedSignature.Format(try hub.repository.commit(event).signatureFormat) else {
        return "the event \(event) is not signed, and this repository takes signed ones alone: "
          + "`git config weave.sign true` in your store signs what you record from now on"
      }
      // Git is asked of none that ends it, nor gpg of what unpacks to gigabytes.
      guard try hub.repository.signedCommit(event).hasReadableSignature else {
        return Self.refusal(of: event, as: .bad)
      }
      formats[event.description] = format
    }
    guard !formats.isEmpty else { return nil }
    let git = caller.git.reading(objects)
    let gitDirectory = hub.repository.gitDirectory
    let settings = try await SignatureSettings(
      ofRepositoryAt: gitDirectory, pathsFrom: gitDirectory, git: git, caller: caller)
    if !settings.hasAllowedSigners, formats.values.contains(.ssh) {
      return "this repository takes signed events alone and knows nobody's key: "
        + "gpg.ssh.allowedSignersFile is to be set here"
    }
    let reports = try await git.signatures(
      of: formats.keys.sorted(), gitDirectory: gitDirectory, processes: Self.verifiersAtOnce,
      configuration: settings.configuration)
    var verdicts: [String: SignatureVerdict] = [:]
    for report in reports {
      guard let format = formats[report.commit] else { continue }
      verdicts[report.commit] = SignatureVerdict(report, format)
    }
    for event in events {
      let finding = verdicts[event.description]?.finding ?? .unverifiable
      guard finding == .good else { return Self.refusal(of: event, as: finding) }
    }
    return nil
  }

  private static func refusal(of event: ObjectID, as finding: SignatureVerdict.Finding) -> String {
    "the signature of the event \(event) is not good here (\(finding.rawValue)): "
      + "its key is to be among those that this repository knows"
  }
}

extension ObjectDirectories {
  fileprivate func absolute(from directory: String) -> ObjectDirectories {
    ObjectDirectories(paths.map { FileSystem.absolute($0, from: directory) })
  }
}
