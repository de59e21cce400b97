import ForeignText
import Git
import WeaveModel

extension Store {
  /// For each of the entries the commits of the audience's manifest that changed it last: on each way down from the tip the first
  /// at which it has the value of now, and whose parent has another. None of an entry where one of these is not above `former`;
  /// where a join took its value from one side, and the other had changed it, too; and of any where all that would take too
  /// long, as nobody's history does.
  ///
  /// A commit further down that made it so speaks for nothing: it was changed again since.
  public func lastChanges(
    of names: Set<ExactText>, in directory: ConsentDirectory, of audience: Audience,
    above former: ObjectID?
  ) throws -> [ExactText: [ObjectID]] {
    guard !names.isEmpty, let tip = try repository.resolve(RefName.manifest(audience)) else { return [:] }
    let new = Set(try repository.commits(above: former, from: tip))
    var walk = EntryWalk(repository, directory, names)
    var changes: [ExactText: [ObjectID]] = [:]
    for name in names.sorted() {
      if let found = try walk.lastChanges(of: name, from: tip, above: new) { changes[name] = found }
      guard !walk.isTooLong else { return [:] }
    }
    return changes
  }
}

/// A directory of the manifest whose entries are changed with a yes.
public enum ConsentDirectory: String, Sendable { case projects, constellations }

/// The commits of one directory of a manifest, each read once however many entries are looked up.
private struct EntryWalk {
  private typealias Entries = [ExactText: ObjectID]
  private struct Version {
    let parents: [ObjectID]
    /// That of the directory; nil where there is none.
    let tree: ObjectID?
  }
  private enum Value: Hashable {
    case text(ObjectID)
    case source(ExactText)
  }

  private let repository: Repository
  private let directory: ConsentDirectory
  private let names: Set<ExactText>
  private var versions: [ObjectID: Version] = [:]
  private var entries: [ObjectID: Entries] = [:]
  private var values: [ObjectID: Value] = [:]
  private var steps = 0

  init(_ repository: Repository, _ directory: ConsentDirectory, _ names: Set<ExactText>) {
    (self.repository, self.directory, self.names) = (repository, directory, names)
  }

  var isTooLong: Bool { steps > Self.mostSteps }
  /// Some seconds: commits, and entries that were read.
  private static let mostSteps = 2_000_000

  mutating func lastChanges(
    of name: ExactText, from tip: ObjectID, above new: Set<ObjectID>
  ) throws -> [ObjectID]? {
    let now = try value(of: name, at: tip)
    var (changes, pending, seen) = ([ObjectID](), [tip], Set([tip]))
    while let commit = pending.popLast() {
      steps += 1
      guard new.contains(commit), !isTooLong else { return nil }
      let parents = try version(at: commit).parents
      let same = try parents.filter { try value(of: name, at: $0) == now }
      guard !same.isEmpty else {
        changes.append(commit)
        continue
      }
      for other in parents where !same.contains(other) {
        guard try isUnchanged(name, from: other, downTo: same) else { return nil }
      }
      pending += same.filter { seen.insert($0).inserted }
    }
    return changes
  }

  /// Whether the entry has one value at `tip` and all that it reaches down to what `others` reach.
  private mutating func isUnchanged(
    _ name: ExactText, from tip: ObjectID, downTo others: [ObjectID]
  ) throws -> Bool {
    let expected = try value(of: name, at: tip)
    var cursor = try repository.commits(from: [tip], hiding: others)
    while let commit = try cursor.next() {
      steps += 1
      guard !isTooLong else { return false }
      // The last one above what both have in common has its parent there.
      for one in try [commit] + version(at: commit).parents where try value(of: name, at: one) != expected {
        return false
      }
    }
    return true
  }

  /// What the commit has of the entry: of a project where it is fetched from, as whoever changes another line has said nothing of
  /// that.
  private mutating func value(of name: ExactText, at commit: ObjectID) throws -> Value? {
    guard let tree = try version(at: commit).tree, let entry = try entries(of: tree)[name] else { return nil }
    if let known = values[entry] { return known }
    var value = Value.text(entry)
    if directory == .projects,
      let record = try ManifestPart.project(named: name.text, at: entry, in: repository)
    {
      value = .source(ExactText(record.source.textWithSecret))
    }
    values[entry] = value
    return value
  }

  private mutating func version(at commit: ObjectID) throws -> Version {
    if let known = versions[commit] { return known }
    let read = try repository.commit(commit)
    let entry = try repository.entry(directory.rawValue, in: read.tree)
    let version = Version(parents: read.parents, tree: entry?.isTree == true ? entry?.id : nil)
    versions[commit] = version
    return version
  }

  private mutating func entries(of tree: ObjectID) throws -> Entries {
    if let known = entries[tree] { return known }
    let list = try repository.tree(tree)
    steps += list.count
    let asked = list.map { (ExactText($0.name), $0.id) }.filter { [names] in names.contains($0.0) }
    let found = Entries(asked, uniquingKeysWith: { first, _ in first })
    entries[tree] = found
    return found
  }
}
