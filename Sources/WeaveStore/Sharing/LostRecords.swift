import Git
import WeaveModel

extension Store {
  /// Which of a remote's records, as `known` has them, have lost something here: of their newest state, of the remote's
  /// where that is here, of what tells whether ours goes on from it, or of a ledger's events.
  ///
  /// Reads the newest state of each. What an earlier state alone has lost is not looked for.
  public func lostRecords(among known: [RecordRef: ObjectID]) throws -> [RecordRef] {
    var lost: Set<RecordRef> = []
    var read: Set<ObjectID> = []
    for (record, theirs) in known {
      do {
        guard let ours = try repository.resolve(record.name) else { continue }
        try readState(at: ours, besides: &read)
        if !record.isReplaced, ours != theirs, try repository.contains(theirs) {
          try readState(at: theirs, besides: &read)
          _ = try repository.isAncestor(theirs, of: ours)
        }
      } catch {
        if isLost(error) { lost.insert(record) }
      }
    }
    do { _ = try ledgers() } catch let error as UnreadableLedger {
      lost.formUnion(known.keys.filter { $0.isLedger && $0.writer == error.writer })
    } catch is LostTip {
      // What the remote has of it is received as new.
    }
    return lost.sorted { $0.path < $1.path }
  }

  /// Reads the commit, and all below it but its parents and what is in `read`.
  private func readState(at tip: ObjectID, besides read: inout Set<ObjectID>) throws {
    var pending = [try repository.commit(tip).tree]
    while let id = pending.popLast() {
      guard read.insert(id).inserted else { continue }
      guard try repository.kind(of: id) == .tree else {
        try repository.verify(id, is: .blob)
        continue
      }
      pending += try repository.tree(id).filter { !$0.isGitlink }.map(\.id)
    }
  }

  /// Puts what is lost here of the record, and of what it was at `theirs`, back from `source`, each object checked by its
  /// id; returns how many. Reads all of the record's history.
  public func restore(_ record: RecordRef, at theirs: ObjectID?, from source: Repository) throws -> Int {
    // What never was here is not restored but received, once it was looked at.
    let known = try theirs.flatMap { try repository.contains($0) ? $0 : nil }
    let tips = try [repository.resolve(record.name), known].compactMap { $0 }
    var (pending, visited, count) = (tips, Set(tips), 0)
    while let id = pending.popLast() {
      var below: [ObjectID]
      do { below = try objects(below: id, of: record.name) } catch {
        guard isLost(error) else { throw error }
        do { try repository.restoreObject(id, from: source) } catch {
          guard isLost(error) else { throw error }
          continue
        }
        count += 1
        below = try objects(below: id, of: record.name)
      }
      pending += below.filter { visited.insert($0).inserted }
    }
    return count
  }

  private func objects(below id: ObjectID, of reference: String) throws -> [ObjectID] {
    try below(id, of: reference, isNewest: false, false).map(\.id)
  }
}
