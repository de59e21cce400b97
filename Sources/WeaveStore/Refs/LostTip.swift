import ForeignText
import Git
import WeaveModel

/// A ref that has lost what it is known to have reached.
public struct LostTip: Error, Sendable, CustomStringConvertible {
  let name: String
  let known: ObjectID
  /// Where it stands; nil where it is gone.
  let present: ObjectID?
  /// Whether it is gone, or stands at a commit that `known` goes on from.
  let isBehind: Bool

  /// Nil where the ref reaches what is known of it.
  init?(_ name: String, known: ObjectID, present: ObjectID?, in repository: Repository) throws(GitError) {
    guard present != known else { return nil }
    if let present {
      // Somebody has put there what is no record: that is malformed, and not lost.
      guard try repository.kind(of: present) == .commit else { return nil }
      if try repository.reaches(known, from: present) { return nil }
      isBehind = try repository.reaches(present, from: known)
    } else {
      guard try !repository.isGivenUp(name, at: known) else { return nil }
      isBehind = true
    }
    (self.name, self.known, self.present) = (name, known, present)
  }

  public var description: String {
    let loss = present.map { "went back to \($0) from" } ?? "is gone, and stood at"
    return "cannot read \(name): it \(loss) \(known)"
  }

  /// What to type instead.
  public var hint: String {
    isBehind
      ? "`weave fsck --repair` puts it back"
      : "`git update-ref \(Quoted.shellWord(name)) \(known)` in the store's Git directory puts it back"
  }
}

extension Repository {
  /// Whether the ref, which is gone, stood at a chain of which something is lost, or whose newest is malformed: then it was
  /// removed so that it can begin anew. Without a ledger, or the manifest, no chain begins anew.
  fileprivate func isGivenUp(_ name: String, at tip: ObjectID) throws(GitError) -> Bool {
    switch RecordRef(name: name)?.kind {
    case .locks, .set: break
    default: return false
    }
    do throws(GitError) {
      if try isMalformed(at: tip) { return true }
      for id in try ancestry(of: tip) {
        for entry in try tree(commit(id).tree) where try !contains(entry.id) { return true }
      }
      return false
    } catch {
      guard isLost(error) else { throw error }
      return true
    }
  }

  /// Whether the lock or set at that commit is none.
  private func isMalformed(at tip: ObjectID) throws(GitError) -> Bool {
    guard try kind(of: tip) == .commit else { return true }
    var commit = try commit(tip)
    while commit.parents.count > 1 { commit = try self.commit(commit.parents[0]) }
    let message = RecordMessage(parsing: commit.message)
    guard message?["Weave-Lock"] != nil || message?["Weave-Set"] != nil else { return true }
    for entry in try tree(commit.tree) {
      guard try kind(of: entry.id) == .blob else { return true }
      let bytes = try blob(entry.id, atMost: CommitLines.mostBytes)
      do throws(StoreError) { _ = try CommitLines(parsing: bytes) } catch { return true }
    }
    return false
  }

  /// Whether both are commits that are here, and `tip` has `commit` among its ancestors or is it.
  fileprivate func reaches(_ commit: ObjectID, from tip: ObjectID) throws(GitError) -> Bool {
    guard try kind(of: commit) == .commit, try kind(of: tip) == .commit else { return false }
    return try isAncestor(commit, of: tip)
  }
}
