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
    guard RefName.references(trackedAs: track).isEmpty else { return nil }
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
