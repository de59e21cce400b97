import Git
import WeaveModel

extension Store {
  /// The commit that the next one of a chain is to follow: `tip`, where the chain stands, unless that or what it holds is
  /// lost, or `parse` takes it for malformed. Then the last from which down all can be read, or nil; that is said.
  ///
  /// Where the commit is lost, this looks at every commit of the store.
  ///
  /// - Parameters:
  ///   - reference: the ref of the chain.
  ///   - record: what it is, in words.
  /// - Throws: where `tip` cannot be read, and is not lost.
  func parent(
    after tip: ObjectID?, of reference: String, _ record: String,
    parsing parse: (ObjectID) throws -> Void = { _ in }
  ) throws -> ObjectID? {
    guard let tip, let fault = try fault(at: tip, of: record, parse) else { return tip }
    let last = try lastWhole(of: reference, at: tip, parsing: parse)
    let successor =
      last.map { "what is recorded now follows \($0), the last from which down all can be read" }
      ?? "what is recorded now is a new beginning, as no earlier one can be read"
    warn("\(record), \(tip), \(fault); \(successor)")
    return last
  }

  /// How the commit, or what it holds, is lost or malformed, in words; nil where it can be read.
  private func fault(
    at tip: ObjectID, of record: String, _ parse: (ObjectID) throws -> Void
  ) throws -> String? {
    var read: Set<ObjectID> = []
    do {
      try reading(record) { try readWhole(tip, besides: &read) }
      try parse(tip)
    } catch {
      if isLost(error) { return "is lost: \((error as? UnreadableRecord)?.reason.message ?? "\(error)")" }
      if isUnreadable(error) { throw error }
      return "is damaged: \((error as? MalformedRecord)?.reason ?? "\(error)")"
    }
    return nil
  }

  /// Reads the commit, and all that it holds but for what is in `read`.
  private func readWhole(_ id: ObjectID, besides read: inout Set<ObjectID>) throws(GitError) {
    let tree = try repository.commit(id).tree
    guard !read.contains(tree) else { return }
    for entry in try repository.tree(tree) where entry.mode == FileMode.file && !read.contains(entry.id) {
      try repository.verify(entry.id, is: .blob)
      read.insert(entry.id)
    }
    read.insert(tree)
  }

  /// The last commit of the chain that stands at `tip` from which down all can be read; nil where there is none.
  func lastWhole(
    of reference: String, at tip: ObjectID, parsing parse: (ObjectID) throws -> Void = { _ in }
  ) throws -> ObjectID? {
    var read: Set<ObjectID> = []
    return try lastCommit(of: reference, among: readableCommits(at: tip)) { commit in
      do {
        try readWhole(commit.id, besides: &read)
        try parse(commit.id)
      } catch {
        if isLost(error) || !isUnreadable(error) { return false }
        throw error
      }
      return true
    }
  }

  /// Those that `tip` reaches; where that cannot be told, those of the store. Without what is lost.
  private func readableCommits(at tip: ObjectID) throws -> [Commit] {
    var ids: [ObjectID]
    do {
      ids =
        try repository.kind(of: tip) == .commit ? repository.ancestry(of: tip) : repository.storedObjects()
    } catch {
      guard isLost(error) else { throw error }
      ids = try repository.storedObjects()
    }
    return try ids.compactMap { id -> Commit? in
      do throws(GitError) {
        guard try repository.kind(of: id) == .commit else { return nil }
        return try repository.commit(id)
      } catch {
        if isLost(error) || error.code == .malformed { return nil }
        throw error
      }
    }
  }
}
