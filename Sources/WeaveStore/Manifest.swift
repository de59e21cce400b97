import Git
import WeaveModel

/// A project as the manifest has it.
public struct ProjectRecord: Hashable, Sendable {
  public var name: ProjectName
  /// What `git fetch` takes: a URL or a path.
  public var source: String
  /// The branch or tag whose commits a resolution may pick; nil for the source's HEAD.
  public var track: String?
  /// Whether the project's checkout receives `refs/notes/weave`.
  public var wantsNotes: Bool

  public init(name: ProjectName, source: String, track: String? = nil, wantsNotes: Bool = false) {
    (self.name, self.source, self.track, self.wantsNotes) = (name, source, track, wantsNotes)
  }
}

/// A constellation as the manifest has it: the text as it was given.
public struct ConstellationRecord: Hashable, Sendable {
  public var name: String
  public var text: String
  /// The id of the blob that holds the text: the version that a lock records.
  public var version: ObjectID
}

/// The projects and constellations of a store: one version, read from one commit's tree.
public struct Manifest: Sendable {
  public let store: StoreID
  public var projects: [ProjectName: ProjectRecord] = [:]
  /// The text of each constellation by its encoded name.
  var constellations: [String: ObjectID] = [:]

  init(store: StoreID) { self.store = store }

  init(at commit: ObjectID, in repository: Repository) throws {
    let root = try repository.tree(repository.commit(commit).tree)
    guard let entry = root.first(where: { $0.name == "store" }) else {
      throw StoreError("the manifest \(commit) is damaged: it has no `store`")
    }
    store = try StoreID(String(decoding: repository.blob(entry.id), as: UTF8.self).trimmingLineFeed)
    for directory in root where directory.mode == FileMode.directory {
      for entry in try repository.tree(directory.id) {
        switch directory.name {
        case "projects":
          let record = try Self.project(named: entry.name, bytes: repository.blob(entry.id))
          projects[record.name] = record
        case "constellations": constellations[entry.name] = entry.id
        default: continue
        }
      }
    }
  }

  private static func project(named name: String, bytes: [UInt8]) throws -> ProjectRecord {
    var record = ProjectRecord(name: try ProjectName(name), source: "")
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { continue }
      switch parts[0] {
      case "source": record.source = String(parts[1])
      case "track": record.track = String(parts[1])
      case "notes": record.wantsNotes = parts[1] == "true"
      default: continue
      }
    }
    return record
  }

  func write(to repository: Repository) throws -> ObjectID {
    var projectEntries: [TreeEntry] = []
    for record in projects.values {
      var text = "source \(record.source)\n"
      if let track = record.track { text += "track \(track)\n" }
      if record.wantsNotes { text += "notes true\n" }
      projectEntries.append(
        TreeEntry(name: record.name.text, mode: FileMode.file, id: try repository.writeBlob(Array(text.utf8)))
      )
    }
    let constellationEntries = constellations.map {
      TreeEntry(name: $0.key, mode: FileMode.file, id: $0.value)
    }
    var root = [
      TreeEntry(name: "store", mode: FileMode.file, id: try repository.writeBlob(Array("\(store)\n".utf8)))
    ]
    for (name, entries) in [("projects", projectEntries), ("constellations", constellationEntries)]
    where !entries.isEmpty {
      root.append(TreeEntry(name: name, mode: FileMode.directory, id: try repository.writeTree(entries)))
    }
    return try repository.writeTree(root)
  }
}

/// The modes of the tree entries that weave writes.
enum FileMode {
  static let file: UInt32 = 0o100644
  static let directory: UInt32 = 0o040000
}

extension String {
  var trimmingLineFeed: String { hasSuffix("\n") ? String(dropLast()) : self }
}

extension Store {
  /// The manifest as it stands.
  public func manifest() throws -> Manifest {
    guard let tip = try repository.resolve(RefName.manifest) else { return Manifest(store: id) }
    return try Manifest(at: tip, in: repository)
  }

  /// Changes the manifest in one atomic step; `change` sees the newest and may refuse by throwing.
  public func updateManifest(subject: String, author: Signature, _ change: (inout Manifest) throws -> Void)
    throws
  {
    try advance(RefName.manifest, log: "weave: \(subject)") { tip in
      guard let tip else { throw StoreError("the store has lost \(RefName.manifest)", hint: "`weave fsck`") }
      var manifest = try Manifest(at: tip, in: repository)
      try change(&manifest)
      let tree = try manifest.write(to: repository)
      guard try repository.commit(tip).tree != tree else { return nil }
      return try repository.writeCommit(
        tree: tree, parents: [tip], author: author, committer: author, message: Array("\(subject)\n".utf8))
    }
  }

  /// The constellation stored under `name`, or nil.
  public func constellation(named name: String) throws -> ConstellationRecord? {
    guard let version = try manifest().constellations[RefComponent.encode(name)] else { return nil }
    return ConstellationRecord(
      name: name, text: String(decoding: try repository.blob(version), as: UTF8.self), version: version)
  }

  /// Who stored the constellation as it is now, and when; nil where none of that name is stored. Reads the manifest's
  /// history back to there.
  public func constellationAuthor(named name: String) throws -> Author? {
    let component = RefComponent.encode(name)
    guard let version = try manifest().constellations[component] else { return nil }
    var author: Author?
    var next = try repository.resolve(RefName.manifest)
    while let id = next, try Manifest(at: id, in: repository).constellations[component] == version {
      let commit = try repository.commit(id)
      (author, next) = (Author(commit.author), commit.parents.first)
    }
    return author
  }

  /// The text of every stored constellation, in the order of their encoded names.
  public func constellationTexts() throws -> [(text: String, version: ObjectID)] {
    try manifest().constellations.sorted { $0.key < $1.key }.map {
      (String(decoding: try repository.blob($0.value), as: UTF8.self), $0.value)
    }
  }

  /// Stores `text` under `name`, in place of what was there; returns its version.
  public func setConstellation(named name: String, text: String, author: Signature) throws -> ObjectID {
    let version = try repository.writeBlob(Array(text.utf8))
    try updateManifest(subject: "constellation add \(name)", author: author) {
      $0.constellations[RefComponent.encode(name)] = version
    }
    return version
  }

  /// Removes the constellation from the manifest; its earlier versions stay in the manifest's history.
  public func removeConstellation(named name: String, author: Signature) throws {
    try updateManifest(subject: "constellation remove \(name)", author: author) {
      $0.constellations[RefComponent.encode(name)] = nil
    }
  }
}
