import ForeignText
import Git
import WeaveModel

/// The parts of a constellation that decide whom a store believes, what it runs and where it goes. Each is accepted by itself.
public enum ConsentPart: String, CaseIterable, Hashable, Sendable {
  case trust, probe, addresses
  /// All else of the text: machines, roles, pins, couplings. It waits for a yes where the constellation trusts some signers only.
  case wanted
}

/// What of the manifest was accepted here: what is used, whatever somebody else has recorded since (Docs/design/consent.md).
public struct AcceptedEntries: Equatable, Sendable {
  /// Where the projects are fetched from. Those of projects that are gone stay: one of that name may come again.
  public private(set) var sources: [ProjectName: RepositoryURL] = [:]
  private var versions: [Audience: [ConsentPart: [ExactText: ObjectID]]] = [:]
  private var formerContacts = RememberedContacts()

  /// Of all sources together: those of more projects than a manifest may have.
  private static let mostBytes = 64 << 20

  init() {}

  /// All that is recorded.
  init(accepting manifest: Manifest) {
    for record in manifest.projects.values { accept(sourceOf: record) }
    for (component, stored) in manifest.constellations {
      accept(ConsentPart.allCases, of: ConstellationRecord(component, stored))
    }
  }

  init(at commit: ObjectID, in repository: Repository) throws {
    for entry in try repository.tree(repository.commit(commit).tree) {
      if entry.name == "sources" {
        try readSources(repository.blob(entry.id, atMost: Self.mostBytes))
      } else if entry.name == Self.formerContactsName {
        formerContacts = try RememberedContacts(parsing: repository.blob(entry.id, atMost: Self.mostBytes))
      } else if let audience = Audience(rawValue: entry.name) {
        for directory in try repository.tree(entry.id) {
          guard let part = ConsentPart(rawValue: directory.name) else { continue }
          for text in try repository.tree(directory.id) {
            versions[audience, default: [:]][part, default: [:]][ExactText(text.name)] = text.id
          }
        }
      }
    }
  }

  private mutating func readSources(_ bytes: [UInt8]) throws {
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
      guard parts.count == 2 else { throw StoreError("what was accepted of sources is damaged") }
      sources[try ProjectName(String(foreign: parts[0]))] = RepositoryURL(String(foreign: parts[1]))
    }
  }

  private static let formerContactsName = "former-contacts"

  func write(to repository: Repository) throws -> ObjectID {
    let lines = sources.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value.textWithSecret)\n" }.joined()
    var root = [
      TreeEntry(name: "sources", mode: FileMode.file, id: try repository.writeBlob(Array(lines.utf8)))
    ]
    if !formerContacts.isEmpty {
      let blob = try repository.writeBlob(formerContacts.bytes)
      root.append(TreeEntry(name: Self.formerContactsName, mode: FileMode.file, id: blob))
    }
    for (audience, parts) in versions {
      var directories: [TreeEntry] = []
      for (part, texts) in parts where !texts.isEmpty {
        // What is lost of one text keeps no other from being accepted.
        let tree = try repository.writeTree(
          texts.map { TreeEntry(name: $0.key.text, mode: FileMode.file, id: $0.value) }, canLackEntries: true)
        directories.append(TreeEntry(name: part.rawValue, mode: FileMode.directory, id: tree))
      }
      guard !directories.isEmpty else { continue }
      let tree = try repository.writeTree(directories)
      root.append(TreeEntry(name: audience.rawValue, mode: FileMode.directory, id: tree))
    }
    return try repository.writeTree(root)
  }

  /// The versions of the constellation's text of which each part was accepted last.
  public func versions(of component: String) -> [ConsentPart: ObjectID] {
    let key = ExactText(component)
    return versions.values.reduce(into: [:]) { found, parts in
      for (part, texts) in parts { if let version = texts[key] { found[part] = version } }
    }
  }

  /// The constellations whose trust was accepted and that `manifest` does not have, by encoded name.
  func removed(from manifest: Manifest) -> [String: Manifest.StoredText] {
    var removed: [String: Manifest.StoredText] = [:]
    for (audience, parts) in versions {
      for (component, version) in parts[.trust] ?? [:] where manifest.constellations[component.text] == nil {
        removed[component.text] = Manifest.StoredText(version: version, audience: audience)
      }
    }
    return removed
  }

  /// The texts of which the trust was accepted last.
  public var trustVersions: [(record: ConstellationRecord, version: ObjectID)] {
    versions.flatMap { audience, parts in
      (parts[.trust] ?? [:]).map { component, version in
        let stored = Manifest.StoredText(version: version, audience: audience)
        return (ConstellationRecord(component.text, stored), version)
      }
    }
  }

  /// How the machine was reached that had that name, or alias, in the constellation, and is gone; nil where none is.
  public func formerContact(of name: String, in component: String) -> String? {
    formerContacts[name, in: component]
  }

  public func hasFormerContacts(in component: String) -> Bool { formerContacts.hasAny(in: component) }

  /// Remembers how machines were reached that the constellation does not have any more, by their names, and forgets those that it
  /// has. Returns false, and remembers nothing, where that would be too much beside what is remembered of all.
  public mutating func remember(
    contacts: [String: String], forgetting present: Set<String>, in component: String
  ) -> Bool {
    formerContacts.remember(contacts, forgetting: present, in: component)
  }

  /// Forgets the sources of projects that are neither `known` nor were ever fetched: nothing is here that one of that name could
  /// be taken for. A hub could make them as many as it likes.
  public mutating func forgetSources(besides known: Set<ProjectName>, fetched: () throws -> Set<ProjectName>)
    rethrows
  {
    let gone = Set(sources.keys).subtracting(known)
    guard !gone.isEmpty else { return }
    for name in gone.subtracting(try fetched()) { sources[name] = nil }
  }

  public mutating func accept(sourceOf record: ProjectRecord) {
    sources[record.name] = record.recordedSource ?? record.source
  }

  public mutating func accept(_ parts: [ConsentPart], of record: ConstellationRecord) {
    let key = ExactText(record.component)
    for part in parts {
      for other in Audience.allCases where other != record.audience { versions[other]?[part]?[key] = nil }
      versions[record.audience, default: [:]][part, default: [:]][key] = record.version
    }
  }

  /// From here on the constellation, which is removed, is not in use any more; what was accepted of the rest stays, as one of
  /// that name may come again.
  public mutating func acceptRemoval(of component: String) {
    for audience in Audience.allCases { versions[audience]?[.trust]?[ExactText(component)] = nil }
  }

  /// Accepts what a command of one's own changes.
  mutating func accept(_ new: Manifest, insteadOf old: Manifest) {
    for record in new.projects.values where record.source != old.projects[record.name]?.source {
      accept(sourceOf: record)
    }
    for name in old.projects.keys where new.projects[name] == nil { sources[name] = nil }
    for (component, stored) in new.constellations where stored != old.constellations[component] {
      accept(ConsentPart.allCases, of: ConstellationRecord(component, stored))
    }
    for component in old.constellations.keys where new.constellations[component] == nil {
      forget(component)
    }
  }

  /// Forgets all that was accepted of the constellation: whoever adds one of that name anew begins anew.
  mutating func forget(_ component: String) {
    for audience in Audience.allCases {
      for part in ConsentPart.allCases { versions[audience]?[part]?[ExactText(component)] = nil }
    }
    formerContacts.forget(component)
  }
}

extension RepositoryURL {
  /// Whether to fetch from here instead of from `former` needs no yes: it is the same repository, by a way that is no weaker.
  /// Not by ssh as somebody else, who may have another one under that name.
  public func needsNoConsent(insteadOf former: RepositoryURL) -> Bool {
    let (new, old) = (withoutLogin, former.withoutLogin)
    if new.isExactly(old) { return true }
    return new.begins(with: "https://") && (old.begins(with: "https://") || old.begins(with: "http://"))
      && Self.isPlain(new) && Self.isPlain(old) && RepositoryAddress(new) == RepositoryAddress(old)
  }

  /// Whether nothing of a URL of HTTP can mean one thing to weave, and another to Git, curl or a server: of other spellings than
  /// these none is taken for another.
  private static func isPlain(_ url: String) -> Bool {
    guard let rest = url.cut(at: ":")?.after.dropping(prefix: "//") else { return false }
    let parts = (rest.dropping(suffix: "/") ?? rest).split(atScalar: "/", keepsEmpty: true)
    func isMade(_ part: Substring, with others: String) -> Bool {
      !part.isEmpty
        && part.unicodeScalars.allSatisfy { $0.isASCIIAlphanumeric || others.unicodeScalars.contains($0) }
    }
    return isMade(parts[0], with: "-.:")
      && parts.dropFirst().allSatisfy { isMade($0, with: "-_.") && $0 != "." && $0 != ".." }
  }
}
