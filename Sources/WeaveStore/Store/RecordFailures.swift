import ForeignText
import Git
import WeaveModel

/// The records that could not be read, are malformed, or hold what is private, while others could be sent or taken.
public struct RecordFailures: Sendable {
  public internal(set) var records: Set<RecordRef> = []
  public internal(set) var unreadable: [UnreadableRecord] = []
  public internal(set) var malformed: [RefusedEntry] = []
  /// Public ones that hold what is private, and what that is.
  public internal(set) var leaking: [RefusedEntry] = []

  public init() {}

  public var isEmpty: Bool { records.isEmpty }

  mutating func note(leak: String, in record: RecordRef) {
    if records.insert(record).inserted { leaking.append(RefusedEntry(name: record.name, reason: leak)) }
  }
}

extension Store {
  /// Runs `body`, which reads the record; where that cannot be read, or is malformed, notes it among `failures` and returns
  /// nil, so that the others go on.
  public func isolating<Value>(
    _ record: RecordRef, _ failures: inout RecordFailures, _ body: () throws -> Value
  ) throws -> Value? {
    do { return try body() } catch {
      note(error, of: record, among: &failures)
      return nil
    }
  }

  func note(_ error: any Error, of record: RecordRef, among failures: inout RecordFailures) {
    guard failures.records.insert(record).inserted else { return }
    let fault = (error as? UnreadableRecord)?.reason ?? error as? GitError
    guard let fault, isUnreadable(fault) else {
      return failures.malformed.append(RefusedEntry(name: record.name, reason: "\(error)"))
    }
    failures.unreadable.append(
      UnreadableRecord(record: record.name, reason: fault, lastResort: lastResort(without: record)))
  }

  /// How to give up what is recorded there; nil where that may not be.
  private func lastResort(without record: RecordRef) -> String? {
    record.kind.beginsAnew ? "where no copy has it, \(removal(of: record.name)) gives the record up" : nil
  }

  /// What to type to take a ref away that nothing goes past.
  func removal(of reference: String) -> String {
    let words = ["git", "--git-dir=\(repository.gitDirectory)", "update-ref", "-d", reference]
    return "`\(words.map { Quoted.shellWord($0) }.joined(separator: " "))`"
  }

  /// Copies what the records reach at their tips in `source` to `destination`.
  ///
  /// Of one that cannot be read there nothing that others do not need is copied; it is noted among `failures`.
  ///
  /// - Returns: those that are whole at `destination`.
  func copy(
    _ tips: [RecordRef: ObjectID], from source: Repository, to destination: Repository,
    _ failures: inout RecordFailures
  ) throws -> [RecordRef: ObjectID] {
    do {
      try destination.copyObjects(reachableFrom: Array(tips.values), from: source)
      return tips
    } catch {
      let copyFailure = error
      let readable = tips.filter { record, tip in
        do { try source.readObjects(reachableFrom: tip, lackingIn: destination) } catch {
          note(error, of: record, among: &failures)
          return false
        }
        return true
      }
      guard readable.count < tips.count else { throw copyFailure }
      try destination.copyObjects(reachableFrom: Array(readable.values), from: source)
      return readable
    }
  }

  /// Whether `tip` reaches `ancestor`, which may stand above what is lost.
  func reaches(_ ancestor: ObjectID, from tip: ObjectID) throws -> Bool {
    do { return try repository.isAncestor(ancestor, of: tip) } catch {
      if try isLost(error) && walks(from: tip, to: ancestor) { return true }
      throw error
    }
  }

  /// Whether one of the paths down from `tip` that can be read leads to `ancestor`.
  private func walks(from tip: ObjectID, to ancestor: ObjectID) throws -> Bool {
    var (pending, seen) = ([tip], Set([tip]))
    while let id = pending.popLast() {
      if id == ancestor { return true }
      do { pending += try repository.parents(of: id).filter { seen.insert($0).inserted } } catch {
        guard isLost(error) else { throw error }
      }
    }
    return false
  }
}

extension Repository {
  /// The commits that `tip` reaches and `former` does not. Where what `former` goes on from is lost, some that it reaches by
  /// another way may be among them.
  func commits(above former: ObjectID?, from tip: ObjectID) throws -> [ObjectID] {
    do {
      var cursor = try commits(from: [tip], hiding: former.map { [$0] } ?? [])
      var ids: [ObjectID] = []
      while let id = try cursor.next() { ids.append(id) }
      return ids
    } catch {
      guard let former, isLost(error) else { throw error }
      var (pending, ids) = ([tip], Set([tip]))
      while let id = pending.popLast() {
        pending += try parents(of: id).filter { $0 != former && ids.insert($0).inserted }
      }
      return Array(ids)
    }
  }
}
