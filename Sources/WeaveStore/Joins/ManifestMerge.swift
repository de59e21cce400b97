import ForeignText
import Git
import WeaveModel

/// An entry of the manifest that two sides changed, each in another way.
public struct ManifestConflict: Hashable, Sendable {
  /// `project/NAME`, `constellation/NAME`, `hold/PROJECT@MACHINE` or `acknowledgement/MACHINE`, the names encoded; of what
  /// this version does not know its path.
  public let entry: String
  /// What each side has, in words; nil where it has none.
  public let ours: String?
  public let theirs: String?
}

/// Whose version of an entry is to be taken.
public enum ManifestSide: Hashable, Sendable { case ours, theirs }

/// A three-way merge of manifests by entry: a project, a whole constellation, a hold, an acknowledgement, or what this
/// version does not know. The format is the greater of the two.
struct ManifestMerge {
  private(set) var merged: ManifestPart
  private(set) var conflicts: [ManifestConflict] = []

  init(
    base: ManifestPart, ours: ManifestPart, theirs: ManifestPart, choices: [String: ManifestSide],
    describe: (ObjectID) -> String
  ) {
    merged = ours
    merged.removed.merge(theirs.removed) { ours, _ in ours }
    merged.format = max(ours.format, theirs.format)
    for path in Set(ours.unknown.keys).union(theirs.unknown.keys).sorted() {
      merged.unknown[path] = merge(
        path.text, base.unknown[path], ours.unknown[path], theirs.unknown[path], choices
      ) { describe($0.id) }
    }
    for name in Set(ours.projects.keys).union(theirs.projects.keys).sorted() {
      let (base, ours, theirs) = Self.withoutSecrets(
        base: base.projects[name], ours: ours.projects[name], theirs: theirs.projects[name])
      merged.projects[name] = merge("project/\(name)", base, ours, theirs, choices) { $0.words }
    }
    for kind in ManifestTextKind.allCases {
      let (base, ours, theirs) = (base.texts[kind] ?? [:], ours.texts[kind] ?? [:], theirs.texts[kind] ?? [:])
      for name in Set(ours.keys).union(theirs.keys).sorted() {
        merged.texts[kind, default: [:]][name] = merge(
          "\(kind.word)/\(name)", base[name], ours[name], theirs[name], choices
        ) { describe($0.id) }
      }
    }
  }

  /// The three versions of a project that a merge compares: of two sources that differ only in their secret, the one without.
  static func withoutSecrets(
    base: ProjectRecord?, ours: ProjectRecord?, theirs: ProjectRecord?
  ) -> (base: ProjectRecord?, ours: ProjectRecord?, theirs: ProjectRecord?) {
    (
      base?.withSource(of: ours).withSource(of: theirs), ours?.withSource(of: theirs),
      theirs?.withSource(of: ours)
    )
  }

  private mutating func merge<Value: Equatable>(
    _ entry: String, _ base: Value?, _ ours: Value?, _ theirs: Value?, _ choices: [String: ManifestSide],
    _ describe: (Value) -> String
  ) -> Value? {
    if ours == theirs || theirs == base { return ours }
    if ours == base { return theirs }
    switch choices[entry] {
    case .ours: return ours
    case .theirs: return theirs
    case nil:
      conflicts.append(
        ManifestConflict(entry: entry, ours: ours.map(describe), theirs: theirs.map(describe)))
      return ours
    }
  }
}

extension ProjectRecord {
  /// The record with the source of `other` where that is the same without a secret.
  fileprivate func withSource(of other: ProjectRecord?) -> ProjectRecord {
    guard source.hasSecret, let other, !other.source.hasSecret, source.isSame(as: other.source) else {
      return self
    }
    var record = self
    record.source = other.source
    return record
  }
}
