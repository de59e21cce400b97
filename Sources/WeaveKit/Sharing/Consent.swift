import ForeignText
import Git
import WeaveModel
import WeaveStore

/// A change of somebody else's that waits for a yes: what is used here is not what is recorded (Docs/design/consent.md).
public struct PendingChange: Sendable, Equatable {
  /// What to type for it: `project/NAME` or `constellation/NAME`.
  public let entry: String
  /// What of it was changed, as "its source".
  public let subject: String
  /// In words; of an address, which is not used at all, what it was.
  public let used: String
  public let recorded: String
  /// Whether what was accepted is used meanwhile.
  public let isInUse: Bool
}

extension Machine {
  /// Why a machine whose ``isAddressInDoubt`` is not reached.
  static let addressInDoubt =
    "somebody changed its address, and nobody here has accepted that: `weave accept` shows both"
}

extension Workspace {
  /// Every change that waits for a yes: of projects, then of constellations, each by name. One that cannot be read is none.
  public func pendingChanges() throws -> [PendingChange] {
    var changes = try projects().compactMap { record in
      record.recordedSource.map { recorded in
        PendingChange(
          entry: Self.entry(of: record.name), subject: "its source", used: record.source.text,
          recorded: recorded.text, isInUse: true)
      }
    }
    for record in try store.constellations() { changes += try pendingChanges(of: record) }
    return changes
  }

  private static func entry(of project: ProjectName) -> String { "project/\(project)" }

  private func entry(of record: ConstellationRecord) -> String { "constellation/\(storedName(of: record))" }

  private func pendingChanges(of record: ConstellationRecord) throws -> [PendingChange] {
    let entry = entry(of: record)
    let versions = try store.acceptedVersions(of: record)
    if record.isRemoved {
      return [
        PendingChange(
          entry: entry, subject: "the constellation", used: "as it was accepted", recorded: "removed",
          isInUse: true)
      ]
    }
    guard versions.values.contains(where: { $0 != record.version }) else { return [] }
    let recorded: Constellation
    do throws(UnreadableConstellation) { recorded = try self.recorded(record) } catch { return [] }
    var changes: [PendingChange] = []
    func add(_ subject: String, _ used: String, _ recorded: String, isInUse: Bool = true) {
      changes.append(
        PendingChange(entry: entry, subject: subject, used: used, recorded: recorded, isInUse: isInUse))
    }
    let trust = try accepted(.trust, of: record, versions, recorded).trust
    if !Trust.isNoWeaker(recorded.trust, than: trust) {
      add("its trust", Self.words(of: trust), Self.words(of: recorded.trust))
    }
    let probe = try accepted(.probe, of: record, versions, recorded).probe
    if probe != recorded.probe { add("its probe", Self.words(of: probe), Self.words(of: recorded.probe)) }
    let addresses = try accepted(.addresses, of: record, versions, recorded)
    for machine in recorded.machines where recorded.reaches(machine, otherwiseThan: addresses) {
      add(
        "the address of \(machine.name)", Self.address(of: addresses.machine(machine.name)),
        Self.address(of: machine), isInUse: false)
    }
    return changes
  }

  /// Accepts the changes of those entries, as ``pendingChanges()`` calls them, or all. Returns what waited.
  public func accept(_ entries: [String], all: Bool = false) async throws -> [PendingChange] {
    let author = try await author()
    if all {
      let changes: [PendingChange]
      // What was accepted may be lost: then all that is recorded is accepted anew.
      do { changes = try pendingChanges() } catch {
        try store.acceptAll(author: author)
        return []
      }
      try accept(changes, author: author)
      return changes
    }
    let pending = try pendingChanges()
    for entry in entries where !pending.contains(where: { $0.entry.isExactly(entry) }) {
      let nearest = Nearest.match(entry, among: pending.map(\.entry)).map { "did you mean '\($0)'?" }
      throw WeaveError(
        "nothing of '\(FreeText.name(entry))' waits for a yes",
        hint: nearest ?? "`weave accept` lists what does")
    }
    let chosen = pending.filter { change in entries.contains { $0.isExactly(change.entry) } }
    try accept(chosen, author: author)
    return chosen
  }

  private func accept(_ changes: [PendingChange], author: Signature) throws {
    guard !changes.isEmpty else { return }
    let entries = Set(changes.map { ExactText($0.entry) })
    let projects = try projects().filter { entries.contains(ExactText(Self.entry(of: $0.name))) }
    let records = try store.constellations().filter { entries.contains(ExactText(entry(of: $0))) }
    try store.accept(author: author) { accepted in
      for project in projects { accepted.accept(sourceOf: project) }
      for record in records {
        if record.isRemoved {
          accepted.acceptRemoval(of: record.component)
        } else {
          accepted.accept(ConsentPart.allCases, of: record)
        }
      }
    }
    forgetReadConstellations()
  }

  /// What is used of them may be another now.
  private func forgetReadConstellations() { (readConstellations, measuredByNow) = ([:], nil) }

  /// Accepts of what a pull brought what needs no yes: what is new, what changes nothing of that kind, trust that is stronger, and
  /// what enough of those have signed who were trusted. `former` is where the manifests stood before.
  func acceptWhatNeedsNoYes(since former: [Audience: ObjectID], author: Signature) async throws {
    try acceptHarmless(author: author)
    let signed = try await signedChanges(since: former)
    try accept(signed, author: author)
  }

  private func acceptHarmless(author: Signature) throws {
    let known = try store.acceptedEntries()
    let projects = try store.recordedManifest().projects.values.filter { record in
      known.sources[record.name].map { record.source.needsNoConsent(insteadOf: $0) } ?? true
    }
    var parts: [(record: ConstellationRecord, parts: [ConsentPart])] = []
    var removed: [ConstellationRecord] = []
    for record in try store.constellations() {
      do throws(UnreadableConstellation) {
        if record.isRemoved {
          if try recorded(record).trust == nil { removed.append(record) }
        } else {
          parts.append((record, try harmlessParts(of: record, known.versions(of: record.component))))
        }
      } catch { continue }
    }
    try store.accept(author: author) { accepted in
      for project in projects { accepted.accept(sourceOf: project) }
      for (record, parts) in parts { accepted.accept(parts, of: record) }
      for record in removed { accepted.acceptRemoval(of: record.component) }
    }
    forgetReadConstellations()
  }

  private func harmlessParts(
    of record: ConstellationRecord, _ versions: [ConsentPart: ObjectID]
  ) throws(UnreadableConstellation) -> [ConsentPart] {
    let changed = ConsentPart.allCases.filter { versions[$0] != record.version }
    guard !changed.isEmpty else { return [] }
    let recorded = try recorded(record)
    var harmless: [ConsentPart] = []
    for part in changed {
      let former = try accepted(part, of: record, versions, recorded)
      let isHarmless =
        switch part {
        case .trust: Trust.isNoWeaker(recorded.trust, than: former.trust)
        case .probe: recorded.probe == former.probe
        case .addresses: !recorded.machines.contains { recorded.reaches($0, otherwiseThan: former) }
        }
      if isHarmless { harmless.append(part) }
    }
    return harmless
  }

  /// The changes that enough of those signed whom the constellations trusted: of a constellation its own signers, of a source
  /// those of each constellation with trust that names the project.
  private func signedChanges(since former: [Audience: ObjectID]) async throws -> [PendingChange] {
    let pending = try pendingChanges()
    guard !pending.isEmpty else { return [] }
    var signed: [PendingChange] = []
    let constellations = try readableConstellations().map(\.constellation)
    for record in try projects() where record.recordedSource != nil {
      let trusts = constellations.filter { $0.projects.contains { $0.name == record.name } }.compactMap(
        \.trust)
      let commits = try store.manifestCommits(
        bringing: record.name.text, in: "projects", of: record.audience, above: former[record.audience])
      guard !trusts.isEmpty else { continue }
      var isSignedByAll = true
      for trust in trusts where isSignedByAll { isSignedByAll = try await isSigned(commits, by: trust) }
      if isSignedByAll { signed += pending.filter { $0.entry == Self.entry(of: record.name) } }
    }
    for record in try store.constellations() where !record.isRemoved {
      let entry = entry(of: record)
      let changes = pending.filter { $0.entry.isExactly(entry) }
      guard !changes.isEmpty, let trust = try parsed(record).constellation.trust else { continue }
      let commits = try store.manifestCommits(
        bringing: record.component, in: "constellations", of: record.audience, above: former[record.audience])
      if try await isSigned(commits, by: trust) { signed += changes }
    }
    return signed
  }

  /// Whether enough of the signers, different ones, have signed one of the commits.
  private func isSigned(_ commits: [ObjectID], by trust: Trust) async throws -> Bool {
    guard !commits.isEmpty else { return false }
    let found = try await signatures(of: commits.map { EventID($0) })
    let principals = Set(
      found.values.compactMap { signature in
        signature.verdict.finding == .good ? signature.verdict.principal.map { ExactText($0) } : nil
      })
    return trust.signers.count { principals.contains(ExactText($0)) } >= trust.atLeast
  }

  // MARK: What is used

  /// What is used of the constellation: as it is recorded, but for what nobody here has accepted.
  func used(
    _ recorded: Constellation, of record: ConstellationRecord
  ) throws(UnreadableConstellation) -> Constellation {
    let versions: [ConsentPart: ObjectID]
    do { versions = try store.acceptedVersions(of: record) } catch { throw refusal(of: record, error) }
    guard versions.values.contains(where: { $0 != record.version }) else { return recorded }
    let trust = try accepted(.trust, of: record, versions, recorded).trust
    let addresses = try accepted(.addresses, of: record, versions, recorded)
    let moved = recorded.machines.filter { recorded.reaches($0, otherwiseThan: addresses) }.map(\.name)
    return recorded.using(
      trust: Trust.isNoWeaker(recorded.trust, than: trust) ? recorded.trust : trust,
      probe: try accepted(.probe, of: record, versions, recorded).probe, doubting: Set(moved))
  }

  /// The constellation as it is recorded.
  func recorded(
    _ record: ConstellationRecord, at version: ObjectID? = nil
  ) throws(UnreadableConstellation) -> Constellation {
    let bytes: [UInt8]
    do { bytes = try store.text(of: record, at: version) } catch { throw refusal(of: record, error) }
    do throws(ConstellationError) {
      return try Constellation(
        parsing: String(foreign: bytes), file: storedName(of: record), isName: record.isStored)
    } catch { throw refusal(of: record, error) }
  }

  /// The constellation whose part was accepted last; `recorded` where that is as it is recorded, or nobody was asked.
  private func accepted(
    _ part: ConsentPart, of record: ConstellationRecord, _ versions: [ConsentPart: ObjectID],
    _ recorded: Constellation
  ) throws(UnreadableConstellation) -> Constellation {
    guard let version = versions[part], version != record.version else { return recorded }
    do throws(UnreadableConstellation) { return try self.recorded(record, at: version) } catch {
      throw UnreadableConstellation(
        name: error.name,
        reason: "what was accepted of its \(part.rawValue) cannot be read (\(error.reason)); "
          + "`weave accept --all` accepts what is recorded", isLost: error.isLost)
    }
  }

  // MARK: In words

  static func words(of trust: Trust?) -> String {
    guard let trust else { return "in everybody" }
    let count = trust.atLeast == trust.signers.count ? "" : "\(trust.atLeast) of "
    return count + trust.signers.map { FreeText.name($0) }.joined(separator: ", ")
      + (trust.locks == .signed ? "; locks signed" : "")
  }

  static func words(of probe: Probe?) -> String {
    guard let probe else { return "none" }
    return FreeText.listed(Quoted.shellCommand(Array(probe.words.dropFirst())))
  }

  private static func address(of machine: Machine?) -> String {
    machine?.address?.text ?? "none, so its name"
  }
}

extension Constellation {
  /// Whether the machine is in both, and is not reached as in `other`.
  fileprivate func reaches(_ machine: Machine, otherwiseThan other: Constellation) -> Bool {
    guard let former = other.machine(machine.name), former.name.isExactly(machine.name) else { return false }
    return former.address != machine.address
  }
}
