import ForeignText
import Git

/// The format of one audience's manifest: a number that rises when a record comes that older versions of weave would
/// misread or lose (Docs/formats/store.md, "The format").
struct ManifestFormat: Hashable, Comparable {
  /// Nil where the manifest has no entry that says it: then it is 1.
  private let stated: Int?

  private init(stated: Int?) { self.stated = stated }

  /// That of weave 0.1.0, whose manifests do not state it.
  static let first = ManifestFormat(stated: nil)
  /// At whose manifests weave 0.1.0 stops.
  static let second = ManifestFormat(stated: 2)
  /// The greatest that this version can read and write.
  static let newest = second
  /// The entry of the manifest's tree that states it.
  static let entry = "format"
  private static let mostBytes = 64
  /// The entry that stops weave 0.1.0 at a manifest of format 2.
  static let marker = "projects/this store needs weave 0.2 or newer"

  /// The format that the manifest with that tree at `commit` is of.
  init(of root: [TreeEntry], at commit: ObjectID, in repository: Repository) throws {
    try self.init(root.first { $0.name == Self.entry }, at: commit, in: repository)
  }

  /// The format that the manifest at `commit` is of. Reads nothing else of it.
  init(at commit: ObjectID, in repository: Repository) throws {
    try self.init(
      repository.entry(Self.entry, in: repository.commit(commit).tree), at: commit, in: repository)
  }

  private init(_ entry: TreeEntry?, at commit: ObjectID, in repository: Repository) throws {
    guard let entry else {
      self = .first
      return
    }
    let text = String(foreign: try repository.blob(entry.id, atMost: Self.mostBytes)).trimmingLineFeed
    guard let number = Int(text), number >= 1, "\(number)".utf8.elementsEqual(text.utf8) else {
      throw StoreError("the manifest \(commit) is damaged: its `format` is no number")
    }
    stated = number
  }

  /// Throws where this version cannot tell what a manifest of this format says.
  func requireKnown() throws { if let unknown { throw unknown } }

  /// Why this version cannot tell what a manifest of this format says; nil where it can.
  var unknown: StoreError? {
    guard self > .newest else { return nil }
    return StoreError(
      "the store is of format \(number), and this weave knows \(Self.newest.number) at most",
      hint: "upgrade weave")
  }

  var number: Int { stated ?? 1 }
  var isStated: Bool { stated != nil }

  /// What the entry holds; nil where there is none.
  var bytes: [UInt8]? { stated.map { Array("\($0)\n".utf8) } }

  static func < (left: Self, right: Self) -> Bool { (left.stated ?? 0) < (right.stated ?? 0) }
}
