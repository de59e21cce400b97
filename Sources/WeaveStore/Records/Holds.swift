import ForeignText
import Git
import WeaveModel

extension Store {
  /// What `weave hold` keeps where it is, by machine and project. Warns of what is damaged, and passes over it.
  public func holds() throws -> [(machine: String, hold: Hold)] {
    try texts(.holds, Self.hold)
  }

  /// As ``holds()``, but for those that are lost, of which it warns.
  public func holdsUnlessLost() throws -> [(machine: String, hold: Hold)] {
    let record = try manifest()
    return try (record.texts[.holds] ?? [:]).sorted { $0.key < $1.key }.compactMap { name, stored in
      do { return try self.reading(.holds, name, stored, Self.hold) } catch {
        guard isLost(error) else { throw error }
        warn("\(error), and is passed over")
        return nil
      }
    }
  }

  /// What the entry of that name says; nil for what is damaged or lost.
  func recordedHold(_ name: String, _ text: ManifestText) throws -> Hold? {
    do {
      return try self.reading(.holds, name, Manifest.StoredText(text, audience: .public), Self.hold)?.hold
    } catch  where isLost(error) { return nil }
  }

  /// The holds and acknowledgements that cannot be read, each in words.
  public func damagedTexts() throws -> [String] {
    let holds = try readings(of: .holds, Self.hold).filter { $0.value == nil }
      .map { "the hold \($0.name) is damaged; `weave release MACHINE PROJECT` removes it" }
    let acknowledgements = try readings(of: .acknowledgements, Self.acknowledgement)
      .filter { $0.value == nil }
      .map { "the acknowledgement \($0.name) is damaged; `weave status --unack MACHINE` removes it" }
    return holds + acknowledgements
  }

  static func hold(
    _ name: String, _ message: RecordMessage, _ author: Author
  ) -> (machine: String, hold: Hold)? {
    guard let machine = message["Weave-Machine"], let member = message["Weave-Hold"].flatMap(Member.init),
      entry(of: member.project, on: machine) == name
    else { return nil }
    let ends = message.values(of: "Weave-Until")
    guard ends.count <= 1, ends.allSatisfy(ISODate.isValid) else { return nil }
    let hold = Hold(
      project: member.project, at: .commit(member.commit), because: message.storedText, until: ends.first,
      author: author)
    return (machine, hold)
  }

  /// Keeps `member` where it is on `machine`, in place of what was held of that project there before. The commit is kept
  /// first.
  ///
  /// Who may know of it is decided by what it names, as of an observation.
  public func hold(
    _ member: Member, on machine: String, because text: String, until: String?, author: Signature
  ) throws {
    // Before anything is written.
    _ = try FreeText.normalized(text)
    try keep([member], author: author)
    let until = until.map { [("Weave-Until", $0)] } ?? []
    try setText(
      .holds, Self.entry(of: member.project, on: machine), subject: "hold \(member.project) on \(machine)",
      text: text,
      trailers: [("Weave-Machine", machine), ("Weave-Hold", "\(member.project) \(member.commit)")] + until,
      audience: audience(ofReportBy: machine, naming: [member.project]), author: author)
  }

  /// Says once more that the hold is ended, which somebody ended already: where it takes the word of several people.
  public func confirmRelease(
    of project: ProjectName, on machine: String, in audience: Audience, author: Signature
  ) throws {
    let subject = Self.subject(releasing: project, on: machine)
    let reference = RefName.manifest(audience)
    try advance(reference, log: "weave: \(subject)") { tip in
      guard let tip else { throw StoreError("the store has lost \(reference)", hint: "`weave fsck`") }
      return try writeRecord(
        tree: repository.commit(tip).tree, parent: tip, author: author, message: Array("\(subject)\n".utf8))
    }
  }

  private static func subject(releasing project: ProjectName, on machine: String) -> String {
    "release \(project) on \(machine)"
  }

  /// Ends the hold; whether there was one.
  public func release(_ project: ProjectName, on machine: String, author: Signature) throws -> Bool {
    try removeText(
      .holds, Self.entry(of: project, on: machine), subject: Self.subject(releasing: project, on: machine),
      author: author)
  }

  /// What `weave status --ack` acknowledges, by machine, also what is over. Warns of what is damaged, and passes over it.
  public func acknowledgements() throws -> [Acknowledgement] {
    try texts(.acknowledgements, Self.acknowledgement)
  }

  static func acknowledgement(
    _ name: String, _ message: RecordMessage, _ author: Author
  ) -> Acknowledgement? {
    guard let machine = message["Weave-Machine"], RefComponent.encode(machine) == name,
      let until = message["Weave-Until"].flatMap(Int64.init), ISODate.moments.contains(until)
    else { return nil }
    return Acknowledgement(machine: machine, because: message.storedText, until: until, author: author)
  }

  /// Acknowledges what is wrong with the machine until then, in seconds since 1970, in place of what was acknowledged of it
  /// before.
  public func acknowledge(
    _ machine: String, because text: String, until: Int64, author: Signature
  ) throws {
    try setText(
      .acknowledgements, RefComponent.encode(machine), subject: "acknowledge \(machine)", text: text,
      trailers: [("Weave-Machine", machine), ("Weave-Until", String(until))],
      audience: audience(ofReportBy: machine, naming: []), author: author)
  }

  /// Ends the acknowledgement; whether there was one.
  public func endAcknowledgement(of machine: String, author: Signature) throws -> Bool {
    try removeText(
      .acknowledgements, RefComponent.encode(machine), subject: "end acknowledgement of \(machine)",
      author: author)
  }

  /// A project's name has no `@`, so that what follows the first one is the machine.
  static func entry(of project: ProjectName, on machine: String) -> String {
    "\(project)@\(RefComponent.encode(machine))"
  }
}

extension Store {
  /// More damaged ones than this are counted.
  private static var mostNamed: Int { 3 }

  /// The records of that kind in the manifest, by name. `read` is nil for what is damaged.
  fileprivate func texts<Value>(
    _ kind: ManifestTextKind, _ read: (String, RecordMessage, Author) throws -> Value?
  ) throws -> [Value] {
    let readings = try readings(of: kind, read)
    let damaged = readings.filter { $0.value == nil }.map(\.name)
    if damaged.count > Self.mostNamed {
      warn("\(damaged.count) \(kind.rawValue) are damaged, and passed over; `weave fsck` names them")
    } else {
      for name in damaged { warn("the \(kind.word) \(name) is damaged, and passed over; `weave fsck`") }
    }
    return readings.compactMap(\.value)
  }

  fileprivate func readings<Value>(
    of kind: ManifestTextKind, _ read: (String, RecordMessage, Author) throws -> Value?
  ) throws -> [(name: String, value: Value?)] {
    let texts = try (manifest().texts[kind] ?? [:]).sorted { $0.key < $1.key }
    let excess = excess(among: texts)
    return try texts.map { name, stored in
      (name, excess.contains(name) ? nil : try reading(kind, name, stored, read))
    }
  }

  /// Those that are passed over as damaged, for with the smaller ones they come to more than ``mostTextBytes``: in a pack a few
  /// bytes can be megabytes of each.
  private func excess(among texts: [(key: String, value: Manifest.StoredText)]) -> Set<String> {
    // One whose size cannot be told is read, which says why.
    texts.compactMap { text in
      (try? repository.size(of: text.value.version)).map { (key: text.key, size: $0) }
    }.tooMuch(beyond: Self.mostTextBytes)
  }

  /// Of all holds, and of all acknowledgements.
  private static var mostTextBytes: Int { 16 << 20 }

  fileprivate func reading<Value>(
    _ kind: ManifestTextKind, _ name: String, _ stored: Manifest.StoredText,
    _ read: (String, RecordMessage, Author) throws -> Value?
  ) throws -> Value? {
    guard stored.entry.isFile else { return nil }
    let bytes = try WeaveStore.reading("the \(kind.word) \(name)", wayOut: wayOut(of: name, kind)) {
      () -> [UInt8]? in
      do { return try repository.blob(stored.version, atMost: RecordMessage.mostBytes) } catch {
        guard !isUnreadable(error) else { throw error }
        return nil
      }
    }
    guard let bytes, let message = RecordMessage(parsing: bytes),
      let author = message["Weave-Author"].flatMap({ Signature(header: Array($0.utf8)) })
    else { return nil }
    return try read(name, message, Author(author))
  }

  /// What to type to be rid of the text of that name.
  private func wayOut(of name: String, _ kind: ManifestTextKind) -> String? {
    let parts = name.split(atScalar: "@", maxSplits: 1, keepsEmpty: true).map(String.init)
    guard let component = parts.last, let machine = RefComponent.decode(component) else { return nil }
    return switch kind {
    case .holds:
      "`weave release \(Quoted.shellOperand(machine)) \(Quoted.shellWord(parts[0]))` removes it, `weave hold` says it anew"
    case .acknowledgements:
      "`weave status \(Quoted.shellOption("--unack", machine))` removes it, `--ack` says it anew"
    case .constellations: nil
    }
  }

  fileprivate func setText(
    _ kind: ManifestTextKind, _ name: String, subject: String, text: String,
    trailers: [(key: String, value: String)], audience: Audience, author: Signature
  ) throws {
    let message = RecordMessage(
      subject: subject, text: text, trailers: trailers + [("Weave-Author", author.header)])
    let version = try repository.writeBlob(message.encoded())
    try updateManifest(subject: subject, author: author) {
      $0.texts[kind, default: [:]][name] = Manifest.StoredText(version: version, audience: audience)
    }
  }

  fileprivate func removeText(
    _ kind: ManifestTextKind, _ name: String, subject: String, author: Signature
  ) throws -> Bool {
    var wasThere = false
    try updateManifest(subject: subject, author: author) {
      wasThere = $0.texts[kind]?.removeValue(forKey: name) != nil
    }
    return wasThere
  }
}
