import ForeignText
import Git
import WeaveModel

/// What a manifest says of a hold.
public enum RecordedHold: Hashable, Sendable {
  case nothing
  case commit(CommitID)
  /// Something that is no hold.
  case damaged(ObjectID)
}

/// A commit of a manifest that began, changed or ended a hold, or says again that it is ended.
public struct HoldChange: Sendable {
  /// The commit of the manifest.
  public let id: ObjectID
  public let hold: RecordedHold
  public let author: Author
  /// Whether it is signed. Whose the signature is, and whether it is one, is another question.
  public let claimsSignature: Bool
}

/// The hold of a project on a machine, as one audience's manifest has it.
public struct HoldHistory: Sendable {
  public let project: ProjectName
  public let machine: String
  public let audience: Audience
  /// What the manifest says of it now.
  public let now: RecordedHold
  /// None before one that goes on from it.
  public let changes: [HoldChange]
}

extension Store {
  /// How it came to what the manifests say of the holds of those machines and projects: of each that ever was one. What a join of
  /// manifests has, one of its sides said. Reads the whole history of the manifests.
  public func holdHistories(
    of projects: [ProjectName], on machines: [String]
  ) throws -> [HoldHistory] {
    var names: [String: String] = [:]
    for machine in machines { names[RefComponent.encode(machine)] = machine }
    let projects = Dictionary(projects.map { ($0.text, $0) }, uniquingKeysWith: { first, _ in first })
    func parts(of entry: String) -> (ProjectName, String)? {
      let parts = entry.split(atScalar: "@", maxSplits: 1).map(String.init)
      guard parts.count == 2, let project = projects[parts[0]], let machine = names[parts[1]] else {
        return nil
      }
      return (project, machine)
    }
    return try Audience.allCases.flatMap { audience -> [HoldHistory] in
      let words = RefName.manifest(audience)
      return try reading(words) { () -> [HoldHistory] in
        guard let tip = try recordTip(words) else { return [] }
        var (now, changes) = try holdChanges(from: tip) { parts(of: $0) != nil }
        return changes.keys.sorted().compactMap { entry in
          guard let (project, machine) = parts(of: entry) else { return nil }
          return HoldHistory(
            project: project, machine: machine, audience: audience,
            now: now.removeValue(forKey: entry) ?? .nothing,
            changes: changes[entry] ?? [])
        }
      }
    }
  }

  private func holdChanges(
    from tip: ObjectID, _ isAsked: (String) -> Bool
  ) throws -> (now: [String: RecordedHold], changes: [String: [HoldChange]]) {
    var folders: [ObjectID: HoldFolder] = [:]
    var known: [ObjectID: [String: ManifestText]] = [:]
    var read: [String: RecordedHold] = [:]
    func folder(of commit: Commit) throws -> HoldFolder {
      if let folder = folders[commit.id] { return folder }
      let entry = try repository.tree(commit.tree).first { $0.name == ManifestTextKind.holds.rawValue }
      let folder = HoldFolder(tree: entry?.mode == FileMode.directory ? entry?.id : nil)
      folders[commit.id] = folder
      return folder
    }
    func entries(_ folder: HoldFolder) throws -> [String: ManifestText] {
      guard let tree = folder.tree else { return [:] }
      if let entries = known[tree] { return entries }
      let entries = Dictionary(
        try repository.tree(tree).filter { isAsked($0.name) }.map {
          ($0.name, ManifestText(id: $0.id, mode: $0.mode))
        }, uniquingKeysWith: { first, _ in first })
      known[tree] = entries
      return entries
    }
    func hold(_ entry: String, _ text: ManifestText?) throws -> RecordedHold {
      guard let text else { return .nothing }
      let key = "\(entry) \(text.mode) \(text.id)"
      if let hold = read[key] { return hold }
      let hold: RecordedHold
      if let found = try recordedHold(entry, text), case .commit(let commit) = found.at {
        hold = .commit(commit)
      } else {
        hold = .damaged(text.id)
      }
      read[key] = hold
      return hold
    }
    var changes: [String: [HoldChange]] = [:]
    func note(_ entry: String, _ hold: RecordedHold, _ commit: Commit) {
      changes[entry, default: []].append(
        HoldChange(
          id: commit.id, hold: hold, author: Author(commit.author),
          claimsSignature: commit.signatureFormat != nil))
    }
    var order = ChainOrder(from: tip, in: repository)
    while let commit = try order.next() {
      guard commit.parents.count < 2 else { continue }
      let (new, parent) = (try folder(of: commit), try commit.parents.first.map(repository.commit))
      let old = try parent.map(folder) ?? HoldFolder(tree: nil)
      let (after, before) = (try entries(new), old.tree == new.tree ? nil : try entries(old))
      if let before {
        for entry in Set(after.keys).union(before.keys).sorted() where after[entry] != before[entry] {
          note(entry, try hold(entry, after[entry]), commit)
        }
      }
      // Said again by whoever signs it too.
      if let entry = Self.released(commit), isAsked(entry), after[entry] == nil,
        (before ?? after)[entry] == nil
      {
        note(entry, .nothing, commit)
      }
    }
    let now = try entries(folder(of: repository.commit(tip)))
    return (Dictionary(uniqueKeysWithValues: try now.map { ($0.key, try hold($0.key, $0.value)) }), changes)
  }

  /// The entry of which the commit's message says that it is released.
  private static func released(_ commit: Commit) -> String? {
    guard commit.message.count < 1024, let rest = String(foreign: commit.message).dropping(prefix: "release ")
    else { return nil }
    let parts = String(rest).trimmingLineFeed.split(atScalar: " ").map(String.init)
    guard parts.count == 3, parts[1] == "on", let project = try? ProjectName(parts[0]) else { return nil }
    return entry(of: project, on: parts[2])
  }
}

private struct HoldFolder { let tree: ObjectID? }
