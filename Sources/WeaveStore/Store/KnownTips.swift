import ForeignText
import Git
import WeaveModel

/// Where this store's records were last seen to stand that say what is fit and what is wanted, as their kind says
/// (Docs/design/known-tips.md). Such a ref goes forward and is never deleted, so that one that is gone, or further back, has lost
/// what it said since.
///
/// It is a fallback, and may be deleted at any time: where the file cannot be read, or is damaged, nothing is known. It may
/// be behind the refs, and is never ahead of them.
struct KnownTips: Equatable, Sendable {
  private static let magic = "weave known tips 1"
  private static let name = "known-tips"

  private var tips: [String: ObjectID] = [:]
  private let kinds: [RecordKind]

  /// Nothing yet, of records of these kinds.
  init(of kinds: [RecordKind] = RecordKind.all) { self.kinds = kinds }

  /// Reads what is known of the store at `gitDirectory`.
  init(gitDirectory: String, of kinds: [RecordKind] = RecordKind.all) {
    self.init(of: kinds)
    guard let bytes = DerivedFile(name: Self.name, gitDirectory: gitDirectory).read(),
      let headEnd = bytes.firstIndex(of: UInt8(ascii: "\n"))
    else { return }
    let content = bytes[(headEnd + 1)...]
    guard bytes[..<headEnd].elementsEqual(Self.head(of: content).utf8) else { return }
    for line in content.split(separator: UInt8(ascii: "\n")) {
      guard let blank = line.firstIndex(of: UInt8(ascii: " ")),
        let tip = ObjectID(hex: String(decoding: line[..<blank], as: UTF8.self))
      else { continue }
      tips[String(decoding: line[(blank + 1)...], as: UTF8.self)] = tip
    }
  }

  subscript(name: String) -> ObjectID? { tips[name] }

  /// Sorted.
  var names: [String] { tips.keys.sorted() }

  /// Notes where the ref stands, if that is one of a record to be known.
  mutating func note(_ name: String, at tip: ObjectID) {
    guard covers(name) else { return }
    tips[name] = tip
  }

  mutating func note(_ newer: KnownTips) {
    tips.merge(newer.tips) { $1 }
  }

  private func covers(_ name: String) -> Bool {
    RecordRef(name: name, among: kinds)?.kind.isRemembered ?? (name == RefName.accepted)
  }

  /// Where the store at `gitDirectory` cannot be written to, nothing is.
  func write(gitDirectory: String) {
    let lines = tips.map { "\($0.value) \($0.key)\n" }.sorted().joined()
    DerivedFile(name: Self.name, gitDirectory: gitDirectory)
      .write(Array("\(Self.head(of: Array(lines.utf8)[...]))\n\(lines)".utf8))
  }

  private static func head(of content: ArraySlice<UInt8>) -> String {
    "\(magic) \(IndexChecksum.hex(of: content))"
  }
}

extension Store {
  /// Throws where the ref, which stands at `tip`, has lost what it is known to have reached.
  func requireKnown(_ name: String, at tip: ObjectID?) throws {
    guard let known = knownTips[name], known != tip else { return }
    if let lost = try reading(
      name, { try LostTip(name, known: known, present: tip, in: repository, among: kinds) })
    {
      throw lost
    }
    // Not asked of the same place again.
    if let tip { knownTips.note(name, at: tip) }
  }

  /// The refs of the records of that kind and audience, sorted by name. Throws where one that is known is gone, or has lost
  /// what it is known to have reached.
  func recordReferences(of kind: RecordKind, _ audience: Audience) throws -> [Reference] {
    let prefix = RefName.records + kind.path(audience)
    let references = try repository.references(of: kind, audience)
    var tips: [String: ObjectID] = [:]
    for reference in references { if case .direct(let tip) = reference.target { tips[reference.name] = tip } }
    for name in knownTips.names where name.begins(with: prefix) { try requireKnown(name, at: tips[name]) }
    return references
  }

  /// Notes that the ref has been moved there, by a caller that holds the store's lock.
  func noteLocked(_ reference: String, at tip: ObjectID) {
    knownTips.note(reference, at: tip)
    movedTips.note(reference, at: tip)
  }

  /// Adds the refs that were moved to what others have noted, while no other process does.
  func writeKnownTips() {
    guard !movedTips.names.isEmpty else { return }
    var known = KnownTips(gitDirectory: repository.gitDirectory, of: kinds)
    if known.names.isEmpty { known = presentTips() }
    known.note(movedTips)
    known.write(gitDirectory: repository.gitDirectory)
    movedTips = KnownTips(of: kinds)
  }

  /// Where all stand; nothing where that cannot be read.
  private func presentTips() -> KnownTips {
    var tips = KnownTips(of: kinds)
    for reference in (try? repository.references(matching: RefName.records + "*")) ?? [] {
      if case .direct(let tip) = reference.target { tips.note(reference.name, at: tip) }
    }
    if let tip = (try? repository.resolve(RefName.accepted)) ?? nil { tips.note(RefName.accepted, at: tip) }
    return tips
  }

  /// Each ref that has lost what it is known to have reached. Sorted by name.
  public func lostTips() -> [LostTip] { LostTip.all(in: repository, among: kinds) }

  /// Puts each ref that is gone, or has gone back, to where it is known to have stood; whether that commit is still here
  /// is not asked. Says what was done, and what cannot be.
  public static func restoreTips(in gitDirectory: String, warn: (String) -> Void) throws {
    for lost in LostTip.all(in: try Repository.open(at: gitDirectory)) {
      let (name, known) = (lost.name, lost.known)
      guard lost.isBehind else {
        warn(
          "\(name) is at \(lost.present.map(\.description) ?? "no commit"), which does not go on from \(known), where it stood; "
            + "`git update-ref \(Quoted.shellWord(name)) \(known)` in \(gitDirectory) puts it back")
        continue
      }
      try ReferenceFile.replace("\(gitDirectory)/\(name)", by: known)
      let loss = lost.present.map { "had gone back to \($0)" } ?? "was gone"
      warn("\(name) \(loss); it is at \(known) again")
    }
  }
}

extension LostTip {
  /// Sorted by name. Without those of which that cannot be told, as the ref is there and cannot be read.
  static func all(in repository: Repository, among kinds: [RecordKind] = RecordKind.all) -> [LostTip] {
    // Before any ref is looked at: those only go on.
    let known = KnownTips(gitDirectory: repository.gitDirectory, of: kinds)
    return known.names.compactMap { name in
      guard let tip = known[name] else { return nil }
      return try? LostTip(
        name, known: tip, present: repository.resolve(name), in: repository, among: kinds)
    }
  }
}
