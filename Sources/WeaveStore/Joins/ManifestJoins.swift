import ForeignText
import Git
import WeaveModel

/// Whether the joins of a manifest hold nothing but what they join (Docs/formats/store.md 6): each entry that merges
/// clean is the merge's, and each that does not is one side's, as `weave pull --ours` and `--theirs` choose. Any best common
/// ancestor will do: where there are several, it is not said which a weave takes.
struct ManifestJoins {
  /// In the order of the names' bytes.
  private typealias Entries = [(name: ExactText, text: ManifestText)]
  private let repository: Repository
  /// Each clone begins a private manifest of its own, when it first has something private; of a public one there is one beginning.
  private let canBeUnrelated: Bool
  private var entryCount = 0

  init(of audience: Audience, in repository: Repository) {
    (canBeUnrelated, self.repository) = (audience == .private, repository)
  }

  /// Why one of the `joins` in the history of `tip` is none; nil where all are.
  mutating func refusal(of joins: [ObjectID], below tip: ObjectID) throws -> String? {
    guard !joins.isEmpty else { return nil }
    var graph = try CommitGraph(of: tip, in: repository)
    for join in joins {
      let parents = try repository.parents(of: join)
      guard parents.count == 2 else { return "\(join): it joins more than two" }
      let bases = graph.mergeBases(of: parents[0], parents[1])
      guard canBeUnrelated || !bases.isEmpty else {
        return "\(join): what it joins has no beginning in common, and one of the two is none of this store's"
      }
      var problem: String?
      for base in bases.isEmpty ? [nil] : bases.map(Optional.some) {
        problem = try entry(of: join, thatIsNot: parents, since: base)
        guard graph.steps <= Self.mostSteps, entryCount <= Self.mostEntries else {
          return "\(join): the joins below it are too many to be looked at"
        }
        if problem == nil { break }
      }
      if let problem { return "\(join): \(problem) is of neither side that it joins" }
    }
    return nil
  }

  /// Of all joins together: some seconds.
  private static let mostSteps = 20_000_000
  private static let mostEntries = 20_000_000

  /// An entry of the join that does not come from the two by a merge; nil where all do.
  private mutating func entry(
    of join: ObjectID, thatIsNot parents: [ObjectID], since base: ObjectID?
  ) throws -> String? {
    var trees = try ([join] + parents).map { try entries(of: repository.commit($0).tree) }
    trees.append(try base.map { try entries(of: repository.commit($0).tree) } ?? [])
    for (path, versions) in Versions(in: trees) where !Self.isMerged(versions) {
      guard ManifestPart.isDirectory(path.text),
        versions.allSatisfy({ $0 == nil || $0?.mode == FileMode.directory })
      else { return path.text }
      let inner = try versions.map { try $0.map { try entries(of: $0.id) } ?? [] }
      for (name, versions) in Versions(in: inner) where !Self.isMerged(versions) {
        guard try isMerged(versions, as: name.text, in: path.text) else { return "\(path)/\(name)" }
      }
    }
    return nil
  }

  /// The entries of a tree; an empty one counts as none.
  private mutating func entries(of tree: ObjectID) throws -> Entries {
    let list = try repository.tree(tree)
    entryCount += list.count
    let entries = list.filter { $0.id != .emptyTree }.map {
      (name: ExactText($0.name), text: ManifestText(id: $0.id, mode: $0.mode))
    }
    // As Git orders them, but for directories, and what somebody else wrote need not be in any order.
    let isSorted = zip(entries, entries.dropFirst()).allSatisfy { $0.name < $1.name }
    return isSorted ? entries : entries.sorted { $0.name < $1.name }
  }

  /// Each name that some of the trees have, in order, with what each has there: of one that has a name twice, the first.
  private struct Versions: Sequence, IteratorProtocol {
    private let trees: [Entries]
    private var places: [Int]

    init(in trees: [Entries]) { (self.trees, places) = (trees, trees.map { _ in 0 }) }

    mutating func next() -> (name: ExactText, versions: [ManifestText?])? {
      let heads = trees.indices.compactMap { places[$0] < trees[$0].count ? trees[$0][places[$0]].name : nil }
      guard let name = heads.min() else { return nil }
      var versions: [ManifestText?] = []
      for (index, tree) in trees.enumerated() {
        let place = places[index]
        while places[index] < tree.count, tree[places[index]].name == name { places[index] += 1 }
        versions.append(places[index] > place ? tree[place].text : nil)
      }
      return (name, versions)
    }
  }

  /// Whether the first of the versions (of the join, its two parents and their ancestor) is what a merge of the others has.
  private static func isMerged<Version: Equatable>(_ versions: [Version?]) -> Bool {
    let (join, one, other, base) = (versions[0], versions[1], versions[2], versions[3])
    if one == other || other == base { return join == one }
    if one == base { return join == other }
    return join == one || join == other
  }

  /// As ``isMerged(_:)``, of what weave writes otherwise than it stands in a tree.
  private func isMerged(_ versions: [ManifestText?], as name: String, in directory: String) throws -> Bool {
    switch directory {
    case "removed":
      // What was private once stays so.
      return versions[0] != nil && (versions[0] == versions[1] || versions[0] == versions[2])
    case "projects":
      let records = try versions.map {
        try $0.map { try ManifestPart.project(named: name, at: $0.id, in: repository) }
      }
      guard !records.contains(where: { $0 == .some(nil) }) else { return false }
      let read = records.map { $0 ?? nil }
      let (base, one, other) = ManifestMerge.withoutSecrets(base: read[3], ours: read[1], theirs: read[2])
      return Self.isMerged([read[0], one, other, base])
    default: return false
    }
  }
}
