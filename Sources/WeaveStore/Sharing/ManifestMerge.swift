import Git
import WeaveModel

/// An entry of the manifest that two sides changed, each in another way.
public struct ManifestConflict: Hashable, Sendable {
  /// `project/NAME` or `constellation/NAME`.
  public let entry: String
  /// What each side has, in words; nil where it has none.
  public let ours: String?
  public let theirs: String?
}

/// Whose version of an entry is to be taken.
public enum ManifestSide: Hashable, Sendable { case ours, theirs }

/// A three-way merge of manifests by entry: a project or a whole constellation.
struct ManifestMerge {
  private(set) var merged: ManifestPart
  private(set) var conflicts: [ManifestConflict] = []

  init(
    base: ManifestPart, ours: ManifestPart, theirs: ManifestPart, choices: [String: ManifestSide],
    describe: (ObjectID) -> String
  ) {
    merged = ours
    merged.removed.formUnion(theirs.removed)
    for name in Set(ours.projects.keys).union(theirs.projects.keys).sorted() {
      merged.projects[name] = merge(
        "project/\(name)", base.projects[name], ours.projects[name], theirs.projects[name], choices
      ) { $0.lines.split(separator: "\n").joined(separator: ", ") }
    }
    for name in Set(ours.constellations.keys).union(theirs.constellations.keys).sorted() {
      merged.constellations[name] = merge(
        "constellation/\(name)", base.constellations[name], ours.constellations[name],
        theirs.constellations[name], choices, describe)
    }
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
