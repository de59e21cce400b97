import ForeignText
import Git
import WeaveModel

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
