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
          recorded: recorded.text
            + (recorded.isSame(as: record.source) ? ", but for a secret in it that is not shown" : ""),
          isInUse: true)
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
    if trust != nil, try !recorded.wantsSame(as: accepted(.wanted, of: record, versions, recorded)) {
      add("what its machines run", "as it was accepted", "changed, and not signed by enough whom it trusts")
    }
    let probe = try accepted(.probe, of: record, versions, recorded).probe
    if probe != recorded.probe { add("its probe", Self.words(of: probe), Self.words(of: recorded.probe)) }
    let addresses = try accepted(.addresses, of: record, versions, recorded)
    let contacts = FormerContacts(addresses, try store.acceptedEntries(), record.component)
    for machine in recorded.machines {
      guard let former = contacts.former(of: machine) else { continue }
      add("the address of \(machine.name)", former, machine.contact, isInUse: false)
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

  /// Accepts, of the entries of those changes, `parts`.
  func accept(
    _ changes: [PendingChange], _ parts: [ConsentPart] = ConsentPart.allCases, author: Signature
  ) throws {
    guard !changes.isEmpty else { return }
    let entries = Set(changes.map { ExactText($0.entry) })
    let projects = try projects().filter { entries.contains(ExactText(Self.entry(of: $0.name))) }
    let records = try store.constellations().filter { entries.contains(ExactText(entry(of: $0))) }
    let moves = try parts.contains(.addresses) ? records.filter { !$0.isRemoved }.map(contactMoves) : []
    try store.accept(author: author) { accepted in
      for project in projects { accepted.accept(sourceOf: project) }
      for record in records {
        if record.isRemoved {
          accepted.acceptRemoval(of: record.component)
        } else {
          accepted.accept(parts, of: record)
        }
      }
      // Whoever says yes has seen it.
      for moves in moves { _ = moves.remember(in: &accepted) }
    }
    forgetReadConstellations()
  }

  /// What of the names of the constellation's machines goes, and what is there, once it is accepted as it is recorded.
  private func contactMoves(of record: ConstellationRecord) throws(UnreadableConstellation) -> ContactMoves {
    let recorded = try recorded(record)
    let versions: [ConsentPart: ObjectID]
    do { versions = try store.acceptedVersions(of: record) } catch { throw refusal(of: record, error) }
    return ContactMoves(
      from: try accepted(.addresses, of: record, versions, recorded), to: recorded,
      component: record.component)
  }

  /// What is used of them may be another now.
  private func forgetReadConstellations() { (readTexts, readConstellations, measuredByNow) = ([:], [:], nil) }

  /// Accepts of what a pull brought what needs no yes: what is new, what changes nothing of that kind, trust that is stronger, and
  /// what enough of those have signed who were trusted. `former` is where the manifests stood before.
  func acceptWhatNeedsNoYes(since former: [Audience: ObjectID], author: Signature) async throws {
    // As it was before what came with the same pull: else whoever brings a change could bring who is to sign it.
    let trusted = try store.acceptedEntries().trustVersions
    try acceptHarmless(author: author)
    let signed = try await signedChanges(since: former, trusting: trusted)
    try accept(signed, author: author)
  }

  /// Those of the constellations, as they were at these versions, that trust some signers only, by encoded name. None where one
  /// cannot be read: whose signatures it asks for is not known.
  private func trustingConstellations(
    at versions: [(record: ConstellationRecord, version: ObjectID)]
  ) -> [ExactText: Constellation] {
    var trusting: [ExactText: Constellation] = [:]
    for (record, version) in versions {
      do throws(UnreadableConstellation) {
        let constellation = try recorded(record, at: version)
        if constellation.trust != nil { trusting[ExactText(record.component)] = constellation }
      } catch { return [:] }
    }
    return trusting
  }

  private func acceptHarmless(author: Signature) throws {
    let known = try store.acceptedEntries()
    let projects = try store.recordedManifest().projects.values.filter { record in
      known.sources[record.name].map { record.source.needsNoConsent(insteadOf: $0) } ?? true
    }
    var parts: [(record: ConstellationRecord, parts: [ConsentPart], moves: ContactMoves?)] = []
    var removed: [ConstellationRecord] = []
    for record in try store.constellations() {
      do throws(UnreadableConstellation) {
        if record.isRemoved {
          if try recorded(record).trust == nil { removed.append(record) }
        } else {
          let harmless = try harmlessParts(of: record, known)
          parts.append((record, harmless, try harmless.contains(.addresses) ? contactMoves(of: record) : nil))
        }
      } catch { continue }
    }
    try store.accept(author: author) { accepted in
      for project in projects { accepted.accept(sourceOf: project) }
      for (record, parts, moves) in parts {
        // Where they are too many to be remembered, what was accepted of the addresses stays what others are held against.
        let isRemembered = moves?.remember(in: &accepted) ?? true
        accepted.accept(isRemembered ? parts : parts.filter { $0 != .addresses }, of: record)
      }
      for record in removed { accepted.acceptRemoval(of: record.component) }
      let names = try Set(store.recordedManifest().projects.keys)
      try accepted.forgetSources(besides: names) { try Set(store.fetchedReferences().keys) }
    }
    forgetReadConstellations()
  }

  private func harmlessParts(
    of record: ConstellationRecord, _ known: AcceptedEntries
  ) throws(UnreadableConstellation) -> [ConsentPart] {
    let versions = known.versions(of: record.component)
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
        case .wanted:
          try accepted(.trust, of: record, versions, recorded).trust == nil || recorded.wantsSame(as: former)
        case .addresses:
          FormerContacts(former, known, record.component).areThose(of: recorded.machines)
        }
      if isHarmless { harmless.append(part) }
    }
    return harmless
  }

  /// The changes that enough of those signed whom the constellations trusted: of a constellation its own signers, of a source
  /// those of each constellation with trust that names the project.
  private func signedChanges(
    since former: [Audience: ObjectID], trusting versions: [(record: ConstellationRecord, version: ObjectID)]
  ) async throws -> [PendingChange] {
    guard !versions.isEmpty else { return [] }
    let pending = try pendingChanges()
    guard !pending.isEmpty else { return [] }
    let trusting = trustingConstellations(at: versions)
    guard !trusting.isEmpty else { return [] }
    let changes = Dictionary(grouping: pending) { ExactText($0.entry) }
    let moved = try projects().filter { $0.recordedSource != nil }
    let sources = try endorsements(
      moved.map { record in
        let trusts = trusting.values.filter { $0.projects.contains { $0.name == record.name } }
        return (Self.entry(of: record.name), record.name.text, record.audience, trusts.compactMap(\.trust))
      }, in: .projects, since: former)
    let changed = try store.constellations().filter { !$0.isRemoved }
    let texts = try endorsements(
      changed.map { record in
        let trust = trusting[ExactText(record.component)]?.trust
        return (entry(of: record), record.component, record.audience, trust.map { [$0] } ?? [])
      }.filter { changes[ExactText($0.0)] != nil }, in: .constellations, since: former)
    let endorsements = sources + texts
    let signatures = try await signatures(of: Set(endorsements.flatMap(\.commits)).map { EventID($0) })
    return endorsements.filter { $0.isComplete(by: signatures) }.flatMap {
      changes[ExactText($0.entry)] ?? []
    }
  }

  /// Of the entries that some trust guards, by whom they would have to be signed. One walk for all of an audience's, as there may
  /// be as many of them as commits.
  private func endorsements(
    _ guarded: [(entry: String, name: String, audience: Audience, trusts: [Trust])],
    in directory: ConsentDirectory, since former: [Audience: ObjectID]
  ) throws -> [Endorsement] {
    let guarded = guarded.filter { !$0.trusts.isEmpty }
    return try Dictionary(grouping: guarded, by: \.audience).flatMap { audience, guarded in
      let commits = try store.lastChanges(
        of: Set(guarded.map { ExactText($0.name) }), in: directory, of: audience, above: former[audience])
      return guarded.map {
        Endorsement(entry: $0.entry, trusts: $0.trusts, commits: commits[ExactText($0.name)] ?? [])
      }
    }
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
    let contacts: FormerContacts
    do { contacts = FormerContacts(addresses, try store.acceptedEntries(), record.component) } catch {
      throw refusal(of: record, error)
    }
    let moved = recorded.machines.filter { contacts.former(of: $0) != nil }.map(\.name)
    var wanted = recorded
    if trust != nil {
      let former = try accepted(.wanted, of: record, versions, recorded)
      // As it is recorded where that is the same: addresses are of no moment to what runs.
      if !recorded.wantsSame(as: former) { wanted = former }
    }
    return wanted.using(
      trust: Trust.isNoWeaker(recorded.trust, than: trust) ? recorded.trust : trust,
      probe: try accepted(.probe, of: record, versions, recorded).probe, doubting: Set(moved))
  }

  /// The constellation as it is recorded.
  func recorded(
    _ record: ConstellationRecord, at version: ObjectID? = nil
  ) throws(UnreadableConstellation) -> Constellation {
    let version = version ?? record.version
    if let known = parsedVersions.constellation(record.component, version) { return known }
    let bytes: [UInt8]
    do { bytes = try store.text(of: record, at: version) } catch { throw refusal(of: record, error) }
    do throws(ConstellationError) {
      let parsed = try Constellation(
        parsing: String(foreign: bytes), file: storedName(of: record), isName: record.isStored)
      parsedVersions.keep(parsed, of: bytes.count, record.component, version)
      return parsed
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
}

/// The commits that made an entry what it is, which are a yes to it where enough signed them whom its constellations trust.
private struct Endorsement {
  let entry: String
  let trusts: [Trust]
  let commits: [ObjectID]

  /// Whether, by each trust, each of the commits is signed by one of its signers, and all by enough different ones.
  func isComplete(by signatures: [EventID: CheckedSignature]) -> Bool {
    guard !commits.isEmpty else { return false }
    let own = Dictionary(
      commits.compactMap { commit in signatures[EventID(commit)].map { (EventID(commit), $0) } },
      uniquingKeysWith: { first, _ in first })
    return trusts.allSatisfy { trust in
      let signers = own.signers(trustedBy: trust)
      return commits.allSatisfy { signers[EventID($0)] != nil } && Set(signers.values).count >= trust.atLeast
    }
  }
}

extension Machine {
  /// How it is reached: its address, else its name.
  fileprivate var contact: String { address?.text ?? name }
}

/// How machines were reached when that was accepted last, by all their names: whoever has one may be asked, or deployed to, in
/// the place of who had it.
private struct FormerContacts {
  private let accepted: Constellation
  private let entries: AcceptedEntries?
  private let component: String

  init(_ accepted: Constellation, _ entries: AcceptedEntries, _ component: String) {
    (self.accepted, self.component) = (accepted, component)
    self.entries = entries.hasFormerContacts(in: component) ? entries : nil
  }

  /// How whoever had one of the machine's names was reached, where that is not as the machine is; else nil.
  func former(of machine: Machine) -> String? {
    for name in [machine.name] + machine.aliases {
      if let former = accepted.machine(name) {
        if former.name.isExactly(machine.name) {
          // One without an address is reached by its name, and was.
          let isSame =
            former.address.map { machine.address?.text.isExactly($0.text) ?? false }
            ?? (machine.address == nil)
          if !isSame { return former.contact }
        } else if !former.contact.isExactly(machine.contact) {
          return former.contact
        }
      } else if let former = entries?.formerContact(of: name, in: component),
        !former.isExactly(machine.contact)
      {
        return former
      }
    }
    return nil
  }

  func areThose(of machines: [Machine]) -> Bool { machines.allSatisfy { former(of: $0) == nil } }
}

/// What names of machines go from a constellation, with how these were reached, and which it has.
private struct ContactMoves {
  private let component: String
  private var gone: [String: String] = [:]
  private let present: Set<String>

  init(from former: Constellation, to recorded: Constellation, component: String) {
    self.component = component
    present = Set(recorded.machines.flatMap { [$0.name] + $0.aliases })
    for machine in former.machines {
      for name in [machine.name] + machine.aliases where !present.contains(name) {
        gone[name] = machine.contact
      }
    }
  }

  func remember(in accepted: inout AcceptedEntries) -> Bool {
    accepted.remember(contacts: gone, forgetting: present, in: component)
  }
}
