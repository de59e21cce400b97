import Git
import WeaveModel

/// Whether what a remote sent for a record may be taken: the one place that says so (Docs/security.md, "What is
/// refused").
///
/// A pull looks at an exchange repository, so that nothing which it lets pass can reach what is private here; a hub looks at
/// itself, with what a push brings (``PushInspection``). Nothing is written.
struct Inspection {
  let repository: Repository
  /// Of which the manifest must be; nil where it is the first, and says so.
  let store: StoreID?
  /// Whose records those of a remote are held against; nil where these are in `repository`.
  private let here: Repository?
  /// Those that may be of a resolution, and those that may be of an observation.
  private let clean: LineCounts
  private let observed: LineCounts

  init(in repository: Repository, for store: StoreID?, besides here: Repository? = nil) {
    (self.repository, self.store, self.here) = (repository, store, here)
    clean = LineCounts(repository, canBeDirty: false)
    observed = LineCounts(repository, canBeDirty: true)
  }

  /// Why `tip` may not become the record's; nil where it may. Of its history only `new` is looked at.
  func refusal(of record: RecordRef, at tip: ObjectID, _ new: NewCommits) -> String? {
    do {
      guard try repository.kind(of: tip) == .commit else { return "its tip is no commit" }
      if let reason = new.refusal { return reason }
      switch record.kind.inspecting {
      case .commits(let refusal): return try firstRefusal(new) { try refusal(self, $0, record) }
      case .chain(let refusal):
        return try refusalOfChain(new, of: record) { try refusal(self, $0, record) }
      case .whole(let refusal): return try refusal(self, record, tip, new)
      }
    } catch {
      return "\(error)"
    }
  }

  /// The newest commit below those of the record that are refused, where what is below may be taken whole; else nil.
  func soundTip(of record: RecordRef, _ new: NewCommits) throws -> ObjectID? {
    let heads = try soundHeads(of: record, new)
    guard heads.count == 1 else { return nil }
    let below = newCommits(of: heads[0], besides: new.known)
    return refusal(of: record, at: heads[0], below) == nil ? heads[0] : nil
  }

  /// The new commits of a record that reach none that is refused by itself, as their heads, sorted. Empty where a commit cannot
  /// be read, and of what is looked at as a whole.
  func soundHeads(of record: RecordRef, _ new: NewCommits) throws -> [ObjectID] {
    guard new.failure == nil, let refusalOfCommit = record.kind.refusalOfCommit else { return [] }
    func isRefused(_ commit: Commit) -> Bool {
      do { return try refusalOfCommit(self, commit, record) != nil } catch { return true }
    }
    var children: [ObjectID: [ObjectID]] = [:]
    var pending: [ObjectID] = []
    for id in new.ids {
      for parent in try repository.parents(of: id) { children[parent, default: []].append(id) }
      // What has too many bytes is not read.
      if try new.refusals[id] != nil || isRefused(repository.commit(id)) { pending.append(id) }
    }
    var unsound = Set(pending)
    while let id = pending.popLast() {
      for child in children[id] ?? [] where unsound.insert(child).inserted { pending.append(child) }
    }
    return new.ids.filter { id in
      !unsound.contains(id) && (children[id] ?? []).allSatisfy(unsound.contains)
    }.sorted()
  }

  /// The commits of a record that are new: those that `tip` reaches and none of `known`.
  func newCommits(of tip: ObjectID, besides known: [ObjectID]) -> NewCommits {
    var new = NewCommits(besides: known)
    do {
      guard try repository.kind(of: tip) == .commit else { return new }
      if known.count == 1,
        let few = try repository.commits(from: tip, downTo: known[0], atMost: Self.fewCommits)
      {
        for id in few { new.append(id, size: try repository.size(of: id)) }
        return new
      }
      var cursor = try repository.commits(from: [tip], hiding: known)
      while let id = try cursor.next() { new.append(id, size: try repository.size(of: id)) }
    } catch { new.fail("\(error)") }
    return new
  }

  /// So many are found by their parents; for more a walk by dates is faster, which reads all where these lie.
  static let fewCommits = 1_000

  private func firstRefusal(_ new: NewCommits, _ refusal: (Commit) throws -> String?) throws -> String? {
    for id in new.ids {
      if let reason = try refusal(repository.commit(id)) { return "\(id): \(reason)" }
    }
    return nil
  }

  /// As ``firstRefusal(_:_:)``, of a chain whose joins are a function of what they join.
  private func refusalOfChain(
    _ new: NewCommits, of record: RecordRef, _ refusal: (Commit) throws -> String?
  ) throws -> String? {
    var joins = ChainJoins(in: repository)
    let reason = try firstRefusal(new) { commit in
      joins.note(commit)
      return try refusal(commit)
    }
    return try reason ?? joins.refusal { try record.kind.join(of: $0, before: $1, in: repository) }
      ?? refusalOfRespelling(new, of: record)
  }

  /// Of one signature many spellings are good, and each makes another commit of what one signer said once: on a fork of its own it
  /// would be said once more, after what followed it. Who has signed the same twice is refused with whoever spelled it anew, but
  /// where nothing goes on from the one and not from the other.
  ///
  /// Reads each new commit, and where one that is signed forks off what is known, that from the fork on; of what is here and not
  /// where the remote's are looked at, all.
  func refusalOfRespelling(_ new: NewCommits, of record: RecordRef) throws -> String? {
    let ids = Set(new.ids)
    var said = SignedCommits()
    var forks: Set<ObjectID> = []
    var isForked = false
    for id in new.ids {
      let commit = try repository.commit(id)
      try said.note(commit, isNew: true, in: repository)
      if !commit.parents.contains(where: ids.contains) {
        forks.formUnion(commit.parents)
        isForked = isForked || commit.parents != new.known
      }
    }
    guard said.hasSigned else { return nil }
    if isForked, !new.known.isEmpty {
      var cursor = try repository.commits(from: new.known, hiding: Array(forks))
      while let id = try cursor.next() {
        try said.note(repository.commit(id), isNew: false, in: repository)
      }
    }
    if let here {
      let tips = try Audience.allCases.compactMap {
        try here.resolve(record.known(to: $0).name)
      }.filter { !new.known.contains($0) }
      let hidden = try (new.known + forks).filter { try here.kind(of: $0) == .commit }
      if !tips.isEmpty {
        var cursor = try here.commits(from: tips, hiding: hidden)
        while let id = try cursor.next() { try said.note(here.commit(id), isNew: false, in: here) }
      }
    }
    return said.refusal
  }

  /// Everything in the tree must read as `project SHA` lines; only where it `canBeDirty` may a project be.
  func refusalOfResolution(_ tree: ObjectID, canBeDirty: Bool = false) throws -> String? {
    let lines = canBeDirty ? observed : clean
    if lines.sound.contains(tree) { return nil }
    var total = 0
    for entry in try repository.tree(tree) {
      guard entry.mode == FileMode.file else { return "'\(entry.name)' is no file" }
      guard let count = try lines.count(in: entry.id) else {
        return "it is more than a machine may say at once, \(MachineReport.mostBytes >> 20) MiB"
      }
      total += count
      guard total <= Self.mostLines else {
        return "it has more than \(Self.mostLines) commits of all machines together"
      }
    }
    lines.sound.insert(tree)
    return nil
  }

  /// Machines times projects: whoever reads a resolution has each of them in memory, though a pack may hold each blob once.
  private static let mostLines = 4_000_000
}

/// How many lines blobs have that were found to be of commits: many entries may have one, and many commits one tree.
private final class LineCounts {
  private let repository: Repository
  private let canBeDirty: Bool
  private var counts: [ObjectID: Int] = [:]
  /// The trees that were found sound.
  var sound: Set<ObjectID> = []

  init(_ repository: Repository, canBeDirty: Bool) {
    (self.repository, self.canBeDirty) = (repository, canBeDirty)
  }

  /// Nil where it is more than a machine may say. Throws where the blob is not of such lines.
  func count(in blob: ObjectID) throws -> Int? {
    if let known = counts[blob] { return known }
    let bytes = try repository.blob(blob, atMost: CommitLines.mostBytes)
    guard !canBeDirty || bytes.count <= MachineReport.mostBytes else { return nil }
    let count = try CommitLines(parsing: bytes, canBeDirty: canBeDirty).commits.count
    counts[blob] = count
    return count
  }
}
