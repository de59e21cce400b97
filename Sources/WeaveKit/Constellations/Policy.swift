import ForeignText
import Git
import WeaveModel
import WeaveStore

/// Whom a store believes, what it runs and where it fetches from (Docs/design/consent.md): of each constellation with trust or a
/// probe these, and each project's source.
public struct Policy: Sendable, Equatable {
  public struct Line: Sendable, Equatable {
    /// `constellation/NAME` or `project/NAME`.
    public let entry: String
    /// `trust`, `probe` or `source`.
    public let subject: String
    /// In words.
    public let value: String
    /// Word by word, as the id has it.
    fileprivate let words: [String]
  }

  /// Constellations first, then projects, each by name.
  public let lines: [Line]

  /// The id of a Git blob that holds each word of each line with its length.
  public func id() throws -> ObjectID {
    let words =
      ["weave.policy/1"] + lines.flatMap { ["\($0.words.count + 2)", $0.entry, $0.subject] + $0.words }
    return try ObjectID.ofBlob(Array(words.map { "\($0.utf8.count) \($0)\n" }.joined().utf8))
  }
}

extension Workspace {
  /// What is in use here. Throws where a stored constellation cannot be read.
  public func policy() throws -> Policy {
    try policy(of: store.constellations().map { try parsed($0).constellation }, store.manifest())
  }

  /// What would be in use if all that is recorded were accepted.
  private func recordedPolicy() throws -> Policy {
    try policy(
      of: store.constellations().filter { !$0.isRemoved }.map { try recorded($0) }, store.recordedManifest())
  }

  private func policy(of constellations: [Constellation], _ manifest: Manifest) throws -> Policy {
    var lines: [Policy.Line] = []
    for constellation in constellations.sorted(by: { ExactText($0.name) < ExactText($1.name) }) {
      let entry = "constellation/\(constellation.name)"
      if let trust = constellation.trust {
        lines.append(
          Policy.Line(
            entry: entry, subject: "trust", value: Self.words(of: trust),
            words: [trust.locks.rawValue, "\(trust.atLeast)"] + trust.signers.sorted()))
      }
      if let probe = constellation.probe {
        lines.append(
          Policy.Line(entry: entry, subject: "probe", value: Self.words(of: probe), words: probe.words))
      }
    }
    for record in manifest.projects.values.sorted(by: { $0.name < $1.name }) {
      lines.append(
        Policy.Line(
          entry: "project/\(record.name)", subject: "source", value: record.source.text,
          words: [record.source.withoutLogin]))
    }
    return Policy(lines: lines)
  }

  /// What is in use, a line for each constellation's trust and probe, and one for each host that projects are fetched from.
  func believed() throws -> [String] {
    let constellations = try readableConstellations().map(\.constellation)
    let lines = try policy(of: constellations, store.manifest()).lines
    let others = lines.filter { $0.subject != "source" }.map { "\($0.entry): \($0.subject) \($0.value)" }
    var hosts: [ExactText: Int] = [:]
    for record in try projects() {
      if let host = Self.host(of: record.source.text) { hosts[ExactText(host), default: 0] += 1 }
    }
    return others
      + hosts.sorted { $0.key < $1.key }.map { host, count in
        "\(count == 1 ? "1 project is" : "\(count) projects are") fetched from \(host.text)"
      }
  }

  /// Throws where what is in use is not the policy of that id. Where all that is recorded is, it is accepted: whoever gave the id
  /// knew it.
  public func require(policy id: String) async throws {
    let used = try policy().id().description
    guard used != id else { return }
    let pending = try pendingChanges()
    if !pending.isEmpty, try recordedPolicy().id().description == id {
      // Of addresses the id says nothing: those wait.
      return try accept(pending.filter(\.isInUse), [.trust, .probe], author: await author())
    }
    throw WeaveError(
      "the policy here is \(used), and not \(FreeText.name(id))",
      hint: "`weave policy` shows what it is; `weave accept` what waits for a yes")
  }
}
