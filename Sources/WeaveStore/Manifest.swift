import ForeignText
import Git
import WeaveModel

/// A project as the manifest has it.
public struct ProjectRecord: Hashable, Sendable {
  public var name: ProjectName
  /// What `git fetch` takes: a URL or a path. One with a secret was recorded before weave took secrets out of it; see
  /// ``Store/url(of:)`` for what to fetch from.
  public var source: RepositoryURL
  /// What the manifest says instead, where somebody changed it and nobody here has accepted that.
  public internal(set) var recordedSource: RepositoryURL?
  /// The branch or tag whose commits a resolution may pick; nil for the source's HEAD.
  public var track: String?
  /// Why `track` can name no ref of any source, with what mends it; nil where it can, or there is none.
  public var trackProblem: String? {
    guard let track else { return nil }
    guard Store.references(trackedAs: track).isEmpty else { return nil }
    return "\(name) tracks '\(track)', which can be the name of no branch and no tag; "
      + "`weave project set \(name) track NAME` mends that"
  }
  /// Whether the project's checkout receives `refs/notes/weave`.
  public var wantsNotes: Bool
  /// Who may know of it.
  public var audience: Audience
  /// The lines that this version does not know, in their order.
  var unknownLines: [[UInt8]] = []

  public init(
    name: ProjectName, source: RepositoryURL, track: String? = nil, wantsNotes: Bool = false,
    audience: Audience = .public
  ) {
    (self.name, self.source, self.track, self.wantsNotes) = (name, source, track, wantsNotes)
    self.audience = audience
  }

  /// Throws where it is longer than a manifest may say it.
  func checkLengths() throws(StoreError) {
    for (what, text) in [("source", source.textWithSecret), ("track", track ?? "")]
    where text.utf8.count > ProjectSource.mostBytes {
      throw StoreError(
        "the \(what) of \(name) has \(text.utf8.count) bytes, of at most \(ProjectSource.mostBytes)")
    }
  }
}

/// An entry of a project in a manifest that is malformed: its name is none, it is no file, or it is more than an entry may be.
public struct MalformedProject: Hashable, Sendable, CustomStringConvertible {
  let path: String
  public let name: String
  public let audience: Audience

  public var reason: String {
    do {
      _ = try ProjectName(name)
      return
        "it is no file of at most \(ManifestPart.mostEntryBytes >> 10) KiB, with a source and a track of at most "
        + "\(ProjectSource.mostBytes) bytes"
    } catch { return "\(error)" }
  }

  public var description: String {
    let damage =
      "\(FreeText.name(path)) in the \(audience) manifest is damaged, and counts for nothing: \(reason)"
    // A longer one nobody can type.
    guard name.utf8.count <= ManifestPart.mostNameBytes else { return damage }
    return damage + "; `weave project remove \(Quoted.shellOperand(name))` takes it out"
  }
}

/// A constellation as the manifest has it, whose text nobody has read yet.
public struct ConstellationRecord: Hashable, Sendable {
  /// The most that the text of one may have (Docs/formats/store.md 12.1).
  public static let mostBytes = 16 << 20

  /// The name under which it is stored, encoded (``RefComponent``).
  public let component: String
  /// The id of the blob that holds the text: the version that a lock records.
  public let version: ObjectID
  public let audience: Audience
  /// Whether somebody removed it, and nobody here has accepted that: it has trust, and stays in use.
  public let isRemoved: Bool
  let isFile: Bool

  init(_ component: String, _ stored: Manifest.StoredText) {
    (self.component, self.version, self.audience) = (component, stored.version, stored.audience)
    (isRemoved, isFile) = (stored.isRemoved, stored.entry.isFile)
  }

  /// The name under which it is stored; nil where that is too long to be told from the manifest, or somebody wrote no
  /// name there.
  public var name: String? { RefComponent.decode(component) }

  /// Whether it is stored under `name`, to the byte.
  public func isStored(as name: String) -> Bool {
    RefComponent.encode(name).utf8.elementsEqual(component.utf8)
  }
}

/// The projects, constellations, holds and acknowledgements of a store, of both audiences.
public struct Manifest: Sendable {
  public let store: StoreID
  public var projects: [ProjectName: ProjectRecord] = [:]
  var texts: [ManifestTextKind: [String: StoredText]] = [:]

  struct StoredText: Hashable, Sendable {
    let entry: ManifestText
    let audience: Audience
    /// Whether it is in use and not recorded any more.
    var isRemoved = false

    init(_ entry: ManifestText, audience: Audience) { (self.entry, self.audience) = (entry, audience) }

    init(version: ObjectID, audience: Audience) {
      self.init(ManifestText(id: version), audience: audience)
    }

    var version: ObjectID { entry.id }
  }

  /// The names of private projects that were removed, as their entries: they stay private.
  private var removed: [ProjectName: ManifestText] = [:]
  var formats: [Audience: ManifestFormat] = [:]
  /// What this version does not know, by path.
  var unknown: [Audience: [ExactText: ManifestText]] = [:]

  init(_ parts: [Audience: ManifestPart], store: StoreID) {
    self.store = store
    removed = parts[.private]?.removed ?? [:]
    formats = parts.mapValues(\.format)
    unknown = parts.mapValues(\.unknown)
    // The private last: what both hold is private.
    for audience in Audience.allCases {
      guard let part = parts[audience] else { continue }
      for var record in part.projects.values {
        record.audience = audience
        projects[record.name] = record
      }
      for (kind, entries) in part.texts {
        for (name, entry) in entries {
          texts[kind, default: [:]][name] = StoredText(entry, audience: audience)
        }
      }
    }
  }

  /// The texts of the constellations, by encoded name.
  var constellations: [String: StoredText] {
    get { texts[.constellations] ?? [:] }
    set { texts[.constellations] = newValue }
  }

  /// Puts what was accepted in the place of what somebody else has changed since.
  mutating func use(_ accepted: AcceptedEntries) {
    for (name, source) in accepted.sources {
      guard let record = projects[name], !record.source.needsNoConsent(insteadOf: source) else { continue }
      projects[name]?.recordedSource = record.source
      projects[name]?.source = source
    }
    for (component, stored) in accepted.removed(from: self) {
      constellations[component] = stored
      constellations[component]?.isRemoved = true
    }
  }

  /// What is for that audience alone.
  func part(_ audience: Audience) -> ManifestPart {
    var part = ManifestPart(store: store)
    for var record in projects.values where record.audience == audience {
      record.audience = .public
      part.projects[record.name] = record
    }
    for (kind, stored) in texts {
      let own = stored.filter { $0.value.audience == audience }.mapValues(\.entry)
      if !own.isEmpty { part.texts[kind] = own }
    }
    if audience == .private { part.removed = removed }
    if let format = formats[audience] {
      (part.format, part.unknown) = (format, unknown[audience] ?? [:])
    } else if part.count > 0 {
      // A private manifest begins with the format of the public one, and with what goes with it.
      part.format = formats[.public] ?? .first
      part.unknown = unknown[.public]?.filter { $0.key == ExactText(ManifestFormat.marker) } ?? [:]
    }
    return part
  }

  /// Whether a private project of that name was removed: the name stays private.
  public func isRemoved(_ project: ProjectName) -> Bool {
    removed[project] != nil || part(.private).malformedNames.contains(project)
  }

  /// The entries of projects that are malformed and count for nothing: an older weave took them. Sorted by path.
  public var malformedProjects: [MalformedProject] {
    Audience.allCases.flatMap { audience in
      part(audience).malformed.compactMap { path in
        let parts = path.split(atScalar: "/", maxSplits: 1).map(String.init)
        return parts.count == 2 && ["projects", "removed"].contains(parts[0])
          ? MalformedProject(path: path, name: parts[1], audience: audience) : nil
      }
    }.sorted { ($0.path, $0.audience.rawValue) < ($1.path, $1.audience.rawValue) }
  }

  /// The names of the files that stand where a directory belongs, which each gives way to. Sorted by audience.
  public var misplacedFiles: [String] {
    Audience.allCases.flatMap { audience in
      part(audience).malformed.filter { !$0.holds("/") }.map { "\($0) in the \(audience) manifest" }
    }
  }

  /// Takes out a malformed entry. A project's name in the private manifest stays private.
  public mutating func remove(_ malformed: MalformedProject) {
    unknown[malformed.audience]?[ExactText(malformed.path)] = nil
    guard malformed.audience == .private, let name = try? ProjectName(malformed.name) else { return }
    removed[name] = ManifestText(id: .emptyBlob)
  }

  /// Takes the project out. The name of a private one stays private: records that nobody has read name it.
  public mutating func remove(_ project: ProjectName) {
    if projects.removeValue(forKey: project)?.audience == .private {
      removed[project] = ManifestText(id: .emptyBlob)
    }
  }

  /// Adds or changes a project.
  public mutating func set(_ record: ProjectRecord) {
    projects[record.name] = record
    removed[record.name] = nil
    for audience in Audience.allCases { unknown[audience]?[ExactText("projects/\(record.name)")] = nil }
  }

  /// The encoded names of the constellations that are here, and were not there or not the same, sorted.
  public func constellationsChanged(since former: Manifest) -> [String] {
    constellations.filter { former.constellations[$0.key]?.version != $0.value.version }.map(\.key).sorted()
  }
}

extension Store {
  /// The manifest as it is used here: as it is recorded, but for what nobody here has accepted. Throws where it is of a newer
  /// format, but in ``readingAnyFormat(_:)``.
  public func manifest() throws -> Manifest {
    var manifest = try recordedManifest()
    if let accepted = try accepted() { manifest.use(accepted) }
    return manifest
  }

  /// The manifest as it is recorded. Throws as ``manifest()``.
  public func recordedManifest() throws -> Manifest {
    var parts: [Audience: ManifestPart] = [:]
    for audience in Audience.allCases {
      parts[audience] = try recordTip(RefName.manifest(audience)).map {
        let tip = $0
        return try reading(RefName.manifest(audience)) { try ManifestPart(at: tip, in: repository) }
      }
      if !readsAnyFormat { try parts[audience]?.format.requireKnown() }
    }
    return Manifest(parts, store: id)
  }

  /// Lets `body` see what this version understands of a manifest of a newer format. Not for what answers about fitness,
  /// or about what is wanted: that would leave out what the newer records say.
  public func readingAnyFormat<Value>(_ body: () async throws -> Value) async rethrows -> Value {
    let former = readsAnyFormat
    readsAnyFormat = true
    defer { readsAnyFormat = former }
    return try await body()
  }

  /// As ``readingAnyFormat(_:)``, without waiting.
  public func readingAnyFormat<Value>(_ body: () throws -> Value) rethrows -> Value {
    let former = readsAnyFormat
    readsAnyFormat = true
    defer { readsAnyFormat = former }
    return try body()
  }

  /// Throws where the store is of a newer format than this version knows.
  public func requireKnownFormat() throws { _ = try recordedManifest() }

  /// Changes the manifest; `change` sees the newest and may refuse by throwing. Each audience's is changed in one atomic
  /// step, the one that gains an entry first: cut off in between, an entry that changes its audience is in both, and so
  /// private.
  ///
  /// What it changes is accepted here, and `alsoAccepting`, though it was recorded so already.
  public func updateManifest(
    subject: String, author: Signature,
    alsoAccepting: (inout AcceptedEntries, Manifest) -> Void = { _, _ in },
    _ change: (inout Manifest) throws -> Void
  ) throws {
    try locked {
      let old = try recordedManifest()
      var new = old
      try change(&new)
      for record in new.projects.values
      where record.source.hasSecret && record.source != old.projects[record.name]?.source {
        throw StoreError(
          "the source of \(record.name), \(record.source), has a secret, which no record may hold")
      }
      for record in new.projects.values { try record.checkLengths() }
      func growth(_ audience: Audience) -> Int { new.part(audience).count - old.part(audience).count }
      let changed = Audience.allCases.filter { new.part($0) != old.part($0) }
      // What is written before a ref moves says as much as the manifest.
      if changed.contains(.private) { try Self.closeToOthers(repository, warn: warn) }
      // Signed before the first moves: cut off in between, an entry would be in both.
      for audience in changed where signsRecords {
        _ = try nextLocked(
          new.part(audience), after: repository.resolve(RefName.manifest(audience)), subject: subject,
          author: author)
      }
      // Made first, that a full disk stops it before anything has moved; in force last: cut off in between it is one's own
      // change that waits for a yes.
      let acceptance = try acceptanceLocked(author: author, from: old) {
        $0.accept(new, insteadOf: old)
        alsoAccepting(&$0, new)
      }
      for audience in changed.sorted(by: { growth($0) > growth($1) }) {
        try writeLocked(new.part(audience), for: audience, subject: subject, author: author)
      }
      do { try acceptance.map(acceptLocked) } catch {
        warn("it is recorded, and not yet used here (\(error)); `weave accept` says yes to it")
      }
    }
  }

  /// Makes `part` the audience's manifest. To be called with the store's lock held, which every writer of it takes.
  func writeLocked(
    _ part: ManifestPart, for audience: Audience, subject: String, author: Signature
  ) throws {
    try part.format.requireKnown()
    if audience == .private { try Self.closeToOthers(repository, warn: warn) }
    try advanceLocked(RefName.manifest(audience), log: "weave: \(subject)") { tip in
      guard tip != nil || audience == .private else {
        throw StoreError("the store has lost \(RefName.manifest(audience))", hint: "`weave fsck`")
      }
      return try nextLocked(part, after: tip, subject: subject, author: author)
    }
  }

  /// The commit of the part that follows `tip`.
  func nextLocked(
    _ part: ManifestPart, after tip: ObjectID?, subject: String, author: Signature
  ) throws -> ObjectID {
    try writeRecord(
      tree: part.write(to: repository), parent: tip, author: author, message: Array("\(subject)\n".utf8))
  }

  /// The constellation stored under `name`, or nil.
  public func constellation(named name: String) throws -> ConstellationRecord? {
    try constellation(component: RefComponent.encode(name))
  }

  /// The constellation whose name is stored as `component`, or nil.
  public func constellation(component: String) throws -> ConstellationRecord? {
    try manifest().constellations[component].map { ConstellationRecord(component, $0) }
  }

  /// Every stored constellation, in the order of their encoded names. Reads no text.
  public func constellations() throws -> [ConstellationRecord] {
    try manifest().constellations.map { ConstellationRecord($0.key, $0.value) }
      .sorted { $0.component.utf8.lexicographicallyPrecedes($1.component.utf8) }
  }

  /// The constellation's text as it was given; of another version where that is said.
  public func text(of constellation: ConstellationRecord, at version: ObjectID? = nil) throws -> [UInt8] {
    guard constellation.isFile else {
      throw StoreError("it is no file in the manifest")
    }
    return try repository.blob(version ?? constellation.version, atMost: ConstellationRecord.mostBytes)
  }

  /// How many bytes the constellation's text has. Does not read it.
  public func textSize(of constellation: ConstellationRecord) throws -> Int {
    try repository.size(of: constellation.version)
  }

  /// Who stored the constellation as it is now, and when; nil where none of that name is stored. Reads the manifest's
  /// history back to there.
  public func constellationAuthor(named name: String) throws -> Author? {
    let component = RefComponent.encode(name)
    guard let stored = try manifest().constellations[component] else { return nil }
    var author: Author?
    var next = try repository.resolve(RefName.manifest(stored.audience))
    while let id = next,
      try ManifestPart.past(at: id, in: repository)?.texts[.constellations]?[component] == stored.entry
    {
      let commit = try repository.commit(id)
      author = Author(commit.author)
      // A join has the constellation from the parent that has it too.
      next = try commit.parents.first {
        try ManifestPart.past(at: $0, in: repository)?.texts[.constellations]?[component] == stored.entry
      }
    }
    return author
  }

  /// Stores `text` under `name`, in place of what was there; returns its version.
  public func setConstellation(named name: String, text: String, audience: Audience, author: Signature) throws
    -> ObjectID
  {
    let version = try repository.writeBlob(Array(text.utf8))
    let component = RefComponent.encode(name)
    let stored = Manifest.StoredText(version: version, audience: audience)
    try updateManifest(
      subject: "constellation add \(name)", author: author,
      alsoAccepting: { accepted, _ in
        accepted.accept(ConsentPart.allCases, of: ConstellationRecord(component, stored))
      }
    ) {
      $0.constellations[component] = stored
    }
    return version
  }

  /// Removes the constellation from the manifest; its earlier versions stay in the manifest's history.
  public func removeConstellation(_ constellation: ConstellationRecord, author: Signature) throws {
    let name = constellation.name ?? constellation.component
    try updateManifest(
      subject: "constellation remove \(name)", author: author,
      alsoAccepting: { accepted, _ in accepted.forget(constellation.component) }
    ) {
      $0.constellations[constellation.component] = nil
    }
  }
}
