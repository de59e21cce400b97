import Git
import WeaveModel

/// Whether the error tells of something that is lost: gone, or no longer what was written. To look again finds no more,
/// unlike in a file that may not be read, or for which there is no descriptor.
public func isLost(_ error: any Error) -> Bool {
  guard let error = (error as? UnreadableRecord)?.reason ?? error as? GitError else { return false }
  return [.notFound, .corrupt, .hashMismatch].contains(error.code)
}

extension Store {
  /// The commit that the next one of a chain is to follow: `tip`, where the chain stands, unless that or what it holds is
  /// lost. Then the last from which down all can be read, or nil; that is said.
  ///
  /// Where the commit is lost, this looks at every commit of the store.
  ///
  /// - Parameters:
  ///   - reference: the ref of the chain.
  ///   - record: what it is, in words.
  /// - Throws: where `tip` cannot be read, and is not lost.
  func parent(after tip: ObjectID?, of reference: String, _ record: String) throws -> ObjectID? {
    guard let tip, let loss = try loss(at: tip, of: record) else { return tip }
    let last = try lastWhole(of: reference, at: tip)
    let successor =
      last.map { "what is recorded now follows \($0), the last from which down all can be read" }
      ?? "what is recorded now is a new beginning, as no earlier one can be read"
    warn("\(record), \(tip), is lost: \(loss.message); \(successor)")
    return last
  }

  /// Why the commit, or what it holds, is lost; nil where it can be read.
  private func loss(at tip: ObjectID, of record: String) throws -> GitError? {
    var read: Set<ObjectID> = []
    do { try readWhole(tip, besides: &read) } catch {
      guard isLost(error) else { throw UnreadableRecord(record: record, reason: error) }
      return error
    }
    return nil
  }

  /// Reads the commit, and all that it holds but for what is in `read`.
  private func readWhole(_ id: ObjectID, besides read: inout Set<ObjectID>) throws(GitError) {
    let tree = try repository.commit(id).tree
    guard !read.contains(tree) else { return }
    for entry in try repository.tree(tree) where entry.mode == FileMode.file && !read.contains(entry.id) {
      _ = try repository.blob(entry.id)
      read.insert(entry.id)
    }
    read.insert(tree)
  }

  /// The last commit of the chain that stands at `tip` from which down all can be read; nil where there is none.
  func lastWhole(of reference: String, at tip: ObjectID) throws -> ObjectID? {
    var read: Set<ObjectID> = []
    return try lastCommit(of: reference, among: readableCommits(at: tip)) { commit in
      do { try readWhole(commit.id, besides: &read) } catch {
        if isLost(error) { return false }
        throw error
      }
      return true
    }
  }

  /// Those that `tip` reaches; where that cannot be told, those of the store. Without what is lost.
  private func readableCommits(at tip: ObjectID) throws -> [Commit] {
    var ids: [ObjectID]
    do { ids = try repository.ancestry(of: tip) } catch {
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
