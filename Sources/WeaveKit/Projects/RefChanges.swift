import ForeignText
import Git
import WeaveModel
import WeaveStore

/// What became of a project's branches and tags by a fetch, but for the tip that it tracks.
public struct RefChanges: Sendable, Equatable {
  /// A tag that is another commit than before.
  public struct MovedTag: Sendable, Equatable {
    public let name: String
    public let before, after: CommitID
  }

  /// By name.
  public internal(set) var movedTags: [MovedTag] = []
  public internal(set) var newBranches = 0
  public internal(set) var newTags = 0
  public internal(set) var goneBranches = 0
  public internal(set) var goneTags = 0

  /// In words: "tag v1 moved 5749a2a -> 1038b5c; 2 new branches; 1 tag gone"; nil where nothing changed.
  public var words: String? {
    var parts = movedTags.prefix(Self.mostNamed).map {
      "tag \($0.name) moved \($0.before.short) -> \($0.after.short)"
    }
    if movedTags.count > Self.mostNamed {
      parts.append("\(movedTags.count - Self.mostNamed) more tags moved")
    }
    func count(_ number: Int, _ before: String, _ noun: String, _ after: String) {
      guard number > 0 else { return }
      let plural = number == 1 ? "" : noun == "branch" ? "es" : "s"
      parts.append("\(number) \(before)\(noun)\(plural)\(after)")
    }
    count(newBranches, "new ", "branch", "")
    count(newTags, "new ", "tag", "")
    count(goneBranches, "", "branch", " gone")
    count(goneTags, "", "tag", " gone")
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private static let mostNamed = 5
}

extension Store {
  /// What became of the project's branches and tags since they stood as `known` has them, by their full names in the
  /// project; nothing where there were none, before the first fetch.
  func changes(of project: ProjectName, since known: [String: Reference.Target]) throws -> RefChanges {
    let known = known.filter { $0.key.begins(with: "refs/") }
    guard !known.isEmpty else { return RefChanges() }
    let namespace = RefName.namespace(project)
    var now: [String: Reference.Target] = [:]
    for reference in try repository.references(matching: namespace + "refs/*") {
      now[String(reference.name.dropFirst(bytes: namespace.utf8.count))] = reference.target
    }
    var changes = RefChanges()
    for (name, target) in now where known[name] != target {
      let isTag = name.begins(with: "refs/tags/")
      guard let former = known[name] else {
        if isTag { changes.newTags += 1 } else { changes.newBranches += 1 }
        continue
      }
      guard isTag, case .direct(let old) = former, case .direct(let new) = target else { continue }
      let (before, after) = (CommitID(try peeledIfHere(old)), CommitID(try repository.peelIfCommit(new)))
      guard before != after else { continue }
      let short = String(name.dropFirst(bytes: "refs/tags/".utf8.count))
      changes.movedTags.append(RefChanges.MovedTag(name: short, before: before, after: after))
    }
    for name in known.keys where now[name] == nil {
      if name.begins(with: "refs/tags/") { changes.goneTags += 1 } else { changes.goneBranches += 1 }
    }
    changes.movedTags.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    return changes
  }

  /// What the tag leads to; itself where that is no commit, or was thrown away.
  private func peeledIfHere(_ id: ObjectID) throws -> ObjectID {
    try repository.contains(id) ? repository.peelIfCommit(id) : id
  }
}
