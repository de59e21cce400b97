import Git
import WeaveModel

extension LostTip {
  /// Nil where the ref reaches what is known of it.
  init?(
    _ name: String, known: ObjectID, present: ObjectID?, in repository: Repository, among kinds: [RecordKind]
  ) throws(GitError) {
    guard present != known else { return nil }
    var isBehind = true
    if let present {
      // Somebody has put there what is no record: that is malformed, and not lost.
      guard try repository.kind(of: present) == .commit else { return nil }
      if try repository.reaches(known, from: present) { return nil }
      isBehind = try repository.reaches(present, from: known)
    } else if let kind = RecordRef(name: name, among: kinds)?.kind, kind.beginsAnew {
      guard try !repository.isGivenUp(kind, at: known) else { return nil }
    }
    self.init(name: name, known: known, present: present, isBehind: isBehind)
  }
}

extension Repository {
  /// Whether the ref, which is gone, stood at a chain of which something is lost, or whose newest is malformed: then it was
  /// removed so that it can begin anew.
  fileprivate func isGivenUp(_ kind: RecordKind, at tip: ObjectID) throws(GitError) -> Bool {
    do throws(GitError) {
      if try isMalformed(kind, at: tip) { return true }
      for id in try ancestry(of: tip) {
        for entry in try tree(commit(id).tree) where try !contains(entry.id) { return true }
      }
      return false
    } catch {
      guard isLost(error) else { throw error }
      return true
    }
  }

  /// Whether the record of that kind at that commit is none.
  private func isMalformed(_ kind: RecordKind, at tip: ObjectID) throws(GitError) -> Bool {
    guard try self.kind(of: tip) == .commit else { return true }
    var commit = try commit(tip)
    while commit.parents.count > 1 { commit = try self.commit(commit.parents[0]) }
    guard RecordMessage(parsing: commit.message).flatMap(kind.statedName) != nil else { return true }
    guard case .files(let reading) = kind.content else { return false }
    for entry in try tree(commit.tree) {
      guard try self.kind(of: entry.id) == .blob else { return true }
      let bytes = try blob(entry.id, atMost: CommitLines.mostBytes)
      do { _ = try reading(bytes, true) } catch { return true }
    }
    return false
  }

  /// Whether both are commits that are here, and `tip` has `commit` among its ancestors or is it.
  fileprivate func reaches(_ commit: ObjectID, from tip: ObjectID) throws(GitError) -> Bool {
    guard try kind(of: commit) == .commit, try kind(of: tip) == .commit else { return false }
    return try isAncestor(commit, of: tip)
  }
}
