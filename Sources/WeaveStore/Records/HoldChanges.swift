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

  /// So many are remembered: some megabytes.
  private static let mostReadHolds = 100_000

  private func holdChanges(
    from tip: ObjectID, _ isAsked: @escaping (String) -> Bool
  ) throws -> (now: [String: RecordedHold], changes: [String: [HoldChange]]) {
    var (folders, comparison) = (HoldFolders(in: repository), TreeComparison(in: repository))
    struct Version: Hashable { let entry: Int, text: ManifestText }
    var read: [Version: RecordedHold] = [:]
    func hold(_ entry: Int, _ text: ManifestText?) throws -> RecordedHold {
      guard let text else { return .nothing }
      let version = Version(entry: entry, text: text)
      if let hold = read[version] { return hold }
      let hold: RecordedHold
      if let found = try recordedHold(folders.names[entry], text), case .commit(let commit) = found.at {
        hold = .commit(commit)
      } else {
        hold = .damaged(text.id)
      }
      if read.count >= Self.mostReadHolds { read = [:] }
      read[version] = hold
      return hold
    }
    var changes: [Int: HoldChanges] = [:]
    func note(_ entry: Int, _ hold: RecordedHold, _ commit: Commit) {
      changes[entry, default: HoldChanges()].note(
        HoldChange(
          id: commit.id, hold: hold, author: Author(commit.author),
          claimsSignature: commit.signatureFormat != nil))
    }
    var order = ChainOrder(from: tip, in: repository)
    while let commit = try order.next() {
      guard commit.parents.count < 2 else { continue }
      let parent = try commit.parents.first.map(repository.commit)
      let (new, old) = (try folders.tree(of: commit), try parent.flatMap { try folders.tree(of: $0) })
      let changed = try comparison.changes(from: old, to: new).filter { isAsked($0.name) }
      for change in changed {
        let entry = folders.number(of: change.name)
        let text = change.after.map { ManifestText(id: $0.id, mode: $0.mode) }
        note(entry, try hold(entry, text), commit)
      }
      // Said again by whoever signs it too.
      if let name = Self.released(commit), isAsked(name),
        !changed.contains(where: { $0.name.isExactly(name) }),
        try !comparison.has(name, in: new)
      {
        note(folders.number(of: name), .nothing, commit)
      }
    }
    var now: [String: RecordedHold] = [:]
    if let tree = try folders.tree(of: repository.commit(tip)) {
      for item in try repository.tree(tree) where isAsked(item.name) {
        let entry = folders.number(of: item.name)
        now[item.name] = try hold(entry, ManifestText(id: item.id, mode: item.mode))
      }
    }
    return (
      now, Dictionary(uniqueKeysWithValues: changes.map { (folders.names[$0.key], $0.value.deciding) })
    )
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

/// The changes of one hold that decide what it is: all that claim to be signed, and of what stands between these as much as says where
/// a run of one value ends, however often somebody turned it over.
private struct HoldChanges {
  private(set) var deciding: [HoldChange] = []

  mutating func note(_ change: HoldChange) {
    guard let last = deciding.last, !change.claimsSignature, !last.claimsSignature else {
      deciding.append(change)
      return
    }
    // Two that differ end each run.
    let isSecond = deciding.count > 1 && !deciding[deciding.count - 2].claimsSignature
    if !isSecond, change.hold != last.hold { deciding.append(change) }
  }
}

/// The directories of holds of a manifest's commits, and a number for each entry.
private struct HoldFolders {
  private let repository: Repository
  private(set) var names: [String] = []
  private var numbers: [ExactText: Int] = [:]

  init(in repository: Repository) { self.repository = repository }

  mutating func number(of name: String) -> Int {
    let key = ExactText(name)
    if let number = numbers[key] { return number }
    numbers[key] = names.count
    names.append(name)
    return names.count - 1
  }

  func tree(of commit: Commit) throws -> ObjectID? {
    let entry = try repository.entry(ManifestTextKind.holds.rawValue, in: commit.tree)
    return entry?.mode == FileMode.directory ? entry?.id : nil
  }
}
