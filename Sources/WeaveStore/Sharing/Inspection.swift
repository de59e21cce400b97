import Git
import WeaveModel

/// Whether what a remote sent for a record may be taken: the one place that says so (Docs/security.md, "What is
/// refused").
///
/// A pull looks at an exchange repository, so that nothing which it lets pass can reach what is private here; a hub looks at
/// itself, with what a push brings (``PushInspection``). Nothing is written.
struct Inspection {
  private let repository: Repository
  /// Of which the manifest must be; nil where it is the first, and says so.
  private let store: StoreID?
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
      switch record.kind {
      case .ledger: return try firstRefusal(new, Self.refusalOfLedgerCommit)
      case .manifest:
        return try refusalOfManifest(at: tip) ?? refusalOfLostFormat(at: tip, new)
          ?? refusalOfManifestJoins(at: tip, of: record.audience, new) ?? refusalOfRespelling(new, of: record)
      case .locks(let component):
        return try refusalOfChain(new, of: record, joining: { try repository.join(of: $0, before: $1) }) {
          try refusalOfLock($0, component)
        }
      case .set(let component):
        return try refusalOfChain(new, of: record, joining: { try repository.join(of: $0, before: $1) }) {
          commit in
          if commit.parents.count > 1 { return try refusalOfResolution(commit.tree) }
          guard let name = RecordMessage(parsing: commit.message)?["Weave-Set"],
            RefComponent.encode(name) == component
          else { return "it is no set of that name" }
          if let reason = SetName.reason(against: name) { return "it is no set's name: \(reason)" }
          return try refusalOfResolution(commit.tree)
        }
      case .observed(let component):
        return try refusalOfChain(
          new, of: record, joining: { try repository.join(ofObservations: [$0, $1]) }
        ) { commit in
          try refusalOfMachine(commit, component) ?? refusalOfNumber(commit)
            ?? refusalOfResolution(commit.tree, canBeDirty: true) ?? refusalOfObservation(commit.tree)
        }
      case .seen(let component):
        let commit = try repository.commit(tip)
        guard commit.parents.isEmpty, commit.tree == .emptyTree else { return "it is more than one date" }
        return try refusalOfMachine(commit, component)
      }
    } catch {
      return "\(error)"
    }
  }

  private static func refusalOfLedgerCommit(_ commit: Commit) -> String? {
    commit.tree == .emptyTree ? nil : "its tree is not empty"
  }

  private func refusalOfLock(_ commit: Commit, _ component: String) throws -> String? {
    if commit.parents.count > 1 { return try refusalOfResolution(commit.tree) }
    let message = RecordMessage(parsing: commit.message)
    guard let message, message["Weave-Lock"].map(RefComponent.encode) == component else {
      return "it is no lock of \(component)"
    }
    return try message.lockProblem ?? refusalOfResolution(commit.tree)
  }

  /// The newest lock below those that are refused, where what is below may be taken whole; else nil. Without it what somebody
  /// put on top would freeze the chain for all, and a new clone would have no lock, and answer as if there had been none.
  func soundTip(ofLocks record: RecordRef, _ new: NewCommits) throws -> ObjectID? {
    guard case .locks(let component) = record.kind else { return nil }
    let heads = try soundHeads(of: new) { commit in
      do { return try refusalOfLock(commit, component) } catch { return "\(error)" }
    }
    guard heads.count == 1 else { return nil }
    let below = newCommits(of: heads[0], besides: new.known)
    return refusal(of: record, at: heads[0], below) == nil ? heads[0] : nil
  }

  /// As ``soundHeads(of:_:)``: what somebody put on top of a ledger cuts nobody off.
  func soundHeads(ofLedger new: NewCommits) throws -> [ObjectID] {
    try soundHeads(of: new, Self.refusalOfLedgerCommit)
  }

  /// The new commits of a record that reach none that is refused, as their heads, sorted. Empty where a commit cannot be read.
  private func soundHeads(
    of new: NewCommits, _ refusal: (Commit) throws -> String?
  ) throws -> [ObjectID] {
    guard new.failure == nil else { return [] }
    var children: [ObjectID: [ObjectID]] = [:]
    var pending: [ObjectID] = []
    for id in new.ids {
      for parent in try repository.parents(of: id) { children[parent, default: []].append(id) }
      // What has too many bytes is not read.
      if try new.refusals[id] != nil || refusal(repository.commit(id)) != nil {
        pending.append(id)
      }
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
    _ new: NewCommits, of record: RecordRef, joining: (ObjectID, ObjectID) throws -> Join,
    _ refusal: (Commit) throws -> String?
  ) throws -> String? {
    var joins = ChainJoins(in: repository)
    let reason = try firstRefusal(new) { commit in
      joins.note(commit)
      return try refusal(commit)
    }
    return try reason ?? joins.refusal(making: joining) ?? refusalOfRespelling(new, of: record)
  }

  /// Of one signature many spellings are good, and each makes another commit of what one signer said once: on a fork of its own it
  /// would be said once more, after what followed it. Who has signed the same twice is refused with whoever spelled it anew, but
  /// where nothing goes on from the one and not from the other.
  ///
  /// Reads each new commit, and where one that is signed forks off what is known, that from the fork on; of what is here and not
  /// where the remote's are looked at, all.
  private func refusalOfRespelling(_ new: NewCommits, of record: RecordRef) throws -> String? {
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
        try here.resolve(RecordRef(record.kind, $0).name)
      }.filter { !new.known.contains($0) }
      let hidden = try (new.known + forks).filter { try here.kind(of: $0) == .commit }
      if !tips.isEmpty {
        var cursor = try here.commits(from: tips, hiding: hidden)
        while let id = try cursor.next() { try said.note(here.commit(id), isNew: false, in: here) }
      }
    }
    return said.refusal
  }

  private func refusalOfManifest(at tip: ObjectID) throws -> String? {
    let part = try ManifestPart(at: tip, in: repository)
    if let store, part.store != store { return "it is of another store, \(part.store)" }
    if let path = part.malformed.first {
      return "its entry \(FreeText.name(path)) is none that a manifest can have"
    }
    for record in part.projects.values.sorted(by: { $0.name < $1.name }) {
      if let reason = ProjectSource.refusal(of: record.source.textWithSecret) {
        return "the source of \(record.name): \(reason)"
      }
      if let problem = record.trackProblem { return problem }
    }
    return nil
  }

  /// Weave 0.1.0 writes only the entries that it knows: where a manifest has lost its format, it has lost more.
  private func refusalOfLostFormat(at tip: ObjectID, _ new: NewCommits) throws -> String? {
    guard try !format(at: tip).isStated else { return nil }
    for id in new.ids {
      for parent in try repository.parents(of: id) where try format(at: parent).isStated {
        return "it was written by weave 0.1.0, which loses what newer ones record: "
          + "it has no `format`, and \(parent), which it goes on from, has one"
      }
    }
    return nil
  }

  private func refusalOfManifestJoins(
    at tip: ObjectID, of audience: Audience, _ new: NewCommits
  ) throws -> String? {
    var joins = ManifestJoins(of: audience, in: repository)
    return try joins.refusal(
      of: new.ids.filter { try repository.parents(of: $0).count > 1 }, below: tip)
  }

  private func format(at commit: ObjectID) throws -> ManifestFormat {
    try ManifestFormat(at: commit, in: repository)
  }

  private func refusalOfMachine(_ commit: Commit, _ component: String) throws -> String? {
    let message = RecordMessage(parsing: commit.message)
    guard let machine = message?["Weave-Machine"], RefComponent.encode(machine) == component,
      message?.reportNumber != nil
    else { return "it is nothing that \(component) said" }
    return MachineName.reason(against: machine).map { "'\(machine)' cannot name a machine: \($0)" }
  }

  private func refusalOfObservation(_ tree: ObjectID) throws -> String? {
    try repository.tree(tree).contains { $0.name == "observed" } ? nil : "it has no `observed`"
  }

  /// Of a join, which is made again, the number is that of one of its parents.
  private func refusalOfNumber(_ commit: Commit) throws -> String? {
    guard commit.parents.count < 2 else { return nil }
    return try repository.reportNumber(at: commit.id).refusal(
      after: commit.parents.map(repository.reportNumber))
  }

  /// Everything in the tree must read as `project SHA` lines; only where it `canBeDirty` may a project be.
  private func refusalOfResolution(_ tree: ObjectID, canBeDirty: Bool = false) throws -> String? {
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
