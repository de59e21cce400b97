import ForeignText
import Git
import WeaveModel

extension Store {
  /// The last commit of the ref's chain from which down all are among `commits`, and pass `isWhole`; nil where that is not
  /// one commit.
  func lastCommit(
    of name: String, among commits: [Commit], where isWhole: (Commit) throws -> Bool
  ) throws -> ObjectID? {
    let (own, base) = try ownCommits(of: name, among: commits)
    return try Self.tip(of: own, on: base, where: isWhole)
  }

  /// The commits of the ref's chain, and those that it may stand on: of the same record for another audience.
  func ownCommits(of name: String, among commits: [Commit]) throws -> (
    commits: [Commit], base: Set<ObjectID>
  ) {
    guard let record = RecordRef(name: name, among: kinds) else { return ([], []) }
    let base = Set(
      try Audience.allCases.filter { $0 != record.audience }.flatMap { audience in
        try readableTip(of: record.known(to: audience)).map(readableAncestry) ?? []
      })
    let newest = try record.dated.flatMap(newestReport)
    var own = commits.filter { commit in
      guard !base.contains(commit.id), belongs(commit, to: record) else { return false }
      return newest.map { RecordMessage(parsing: commit.message)?.reportNumber ?? .none <= $0 } ?? true
    }
    var known = base.union(own.map(\.id))
    // A join says nothing of its own, and may join joins.
    var joins = commits.filter { $0.parents.count > 1 && !known.contains($0.id) }
    while let index = joins.firstIndex(where: { $0.parents.allSatisfy(known.contains) }) {
      let join = joins.remove(at: index)
      known.insert(join.id)
      own.append(join)
    }
    return (own, base)
  }

  /// The number of the newest report in the record; nil where it is not known.
  private func newestReport(in record: RecordRef) throws -> ReportNumber? {
    do { return try repository.newestReport(in: record) } catch {
      if isLost(error) { return nil }
      throw error
    }
  }

  /// Nil where there is none, or none that can be read.
  private func readableTip(of record: RecordRef) -> ObjectID? { try? repository.resolve(record.name) }

  /// Nothing where a part of it is lost: then nothing can stand on it.
  private func readableAncestry(of tip: ObjectID) throws -> [ObjectID] {
    do { return try repository.ancestry(of: tip) } catch {
      if isLost(error) { return [] }
      throw error
    }
  }

  /// Whether the record reached the commit, by what the commit says of itself.
  private func belongs(_ commit: Commit, to record: RecordRef) -> Bool {
    if record.isLedger, let writer = record.writer {
      guard commit.tree == .emptyTree else { return false }
      let message = try? EventMessage(parsing: commit.message, hasEncodingHeader: commit.hasEncodingHeader)
      guard let message, message.ledger == LedgerID(store: id, writer: writer) else { return false }
      // A writer's private ledger begins with an event that names a private project: without it none of it is whole.
      return record.audience == .private
        || (try? self.audience(of: message.claim.members?.members ?? [])) == .public
    }
    guard let name = RecordMessage(parsing: commit.message).flatMap(record.kind.statedName) else {
      return false
    }
    return RefComponent.encode(name).isExactly(record.component)
  }

  /// The end of the longest chain whose commits pass `isWhole`, down to a commit without parents or one of `base`; of commits
  /// without parents, as `seen` has them, the newest report; nil where that is not one commit.
  ///
  /// A writer that was killed may have left a commit that was never in the chain, beside it or at its end.
  static func tip(
    of commits: [Commit], on base: Set<ObjectID>, where isWhole: (Commit) throws -> Bool
  ) throws -> ObjectID? {
    let whole = try commits.filter(isWhole)
    let parents = Dictionary(whole.map { ($0.id, $0.parents) }) { first, _ in first }
    // A commit of a project may bear a message like ours, on top of the project's history.
    func length(of id: ObjectID) -> Int? {
      var (pending, seen) = ([id], Set([id]))
      while let id = pending.popLast() {
        if base.contains(id) { continue }
        guard let above = parents[id] else { return nil }
        pending += above.filter { seen.insert($0).inserted }
      }
      return seen.count
    }
    func report(_ commit: Commit) -> (number: ReportNumber, seconds: Int64) {
      guard commit.parents.isEmpty else { return (.none, 0) }
      return (RecordMessage(parsing: commit.message)?.reportNumber ?? .none, commit.author.seconds)
    }
    let followed = Set(whole.flatMap(\.parents))
    let ends = whole.filter { !followed.contains($0.id) }.compactMap { commit in
      let (number, seconds) = report(commit)
      return length(of: commit.id).map { (id: commit.id, rank: ($0, number, seconds)) }
    }
    guard let best = ends.max(by: { $0.rank < $1.rank }), ends.count(where: { $0.rank == best.rank }) == 1
    else { return nil }
    return best.id
  }
}
