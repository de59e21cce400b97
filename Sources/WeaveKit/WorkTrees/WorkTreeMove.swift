import ForeignText
import Git
import GitProcess
import WeaveModel
import WeaveStore

/// Moving a clean work tree from one commit to another, so that a move that was cut off can be told from a user's
/// changes, and completed.
struct WorkTreeMove: Sendable {
  let path: String
  /// The Git directory of this work tree alone.
  let gitDirectory: String
  let git: GitProcess
  /// Whether it is a user's own checkout.
  let isOwn: Bool

  private var note: String { gitDirectory + "/weave-move" }

  /// Throws where an untracked or ignored file is in the way of the move.
  func requireWayFree(from: CommitID, to commit: CommitID) async throws {
    let added = try await git.addedPaths(from: from.hex, to: commit.hex, in: path)
    let inTheWay = added.filter { FileSystem.kind(of: "\(path)/\($0)") != .nothing }
    guard inTheWay.isEmpty else {
      throw WeaveError(
        "\(path) has files in the way that \(commit.short) brings: \(listed(inTheWay))",
        hint: "move them elsewhere; nothing was moved")
    }
  }

  /// Moves it, which must be clean and at `from`.
  func move(from: CommitID, to commit: CommitID) async throws {
    try FileSystem.replace(note, with: "\(from) \(commit)\n")
    do {
      try await git.detach(path, at: commit.hex, .refuse, isOwn: isOwn)
    } catch {
      let status = try? await git.status(of: path)
      // Git refuses before it changes anything; and a hook of the user's may fail when all is done.
      if status?.isClean == true { FileSystem.removeAll(note) }
      guard isOwn, status?.isClean == true, status?.head == commit.hex else { throw error }
      return
    }
    FileSystem.removeAll(note)
  }

  /// Completes a move that was cut off, if one was. Locks of Git that are dead are removed.
  ///
  /// Throws where something was changed since that is neither of the two commits.
  func completeIfCutOff(warn: (String) -> Void) async throws {
    guard let text = try? FileSystem.read(note) else { return }
    let ids = String(decoding: text, as: UTF8.self).words.compactMap {
      CommitID(hex: String($0))
    }
    StaleGitLocks.remove(in: gitDirectory, of: FileSystem.canonical(path), warn: warn)
    let status = try await git.status(of: path, listsAllFiles: true)
    // HEAD moves last: elsewhere than at the first, what is changed is somebody's.
    guard ids.count == 2, status.head == ids[0].hex, !status.isClean else {
      return FileSystem.removeAll(note)
    }
    let repository = try Repository.open(at: path)
    for file in status.changedPaths {
      guard try isOurs(file, from: ids[0], to: ids[1], in: repository) else {
        throw WeaveError(
          "\(path) was cut off on its way to \(ids[1].short), and \(file) was changed besides",
          hint:
            "`git -C \(Quoted.shellWord(path)) checkout --force --detach \(ids[1].hex)` completes it, and loses that change"
        )
      }
    }
    try await git.detach(path, at: ids[1].hex, .discard, isOwn: isOwn)
    FileSystem.removeAll(note)
  }

  /// Whether the file is as `from` or `to` has it, or is the beginning of what `to` has.
  private func isOurs(
    _ file: String, from: CommitID, to commit: CommitID, in repository: Repository
  ) throws -> Bool {
    let before = content(of: file, at: from, in: repository)
    let after = content(of: file, at: commit, in: repository)
    guard before != after else { return false }
    switch FileSystem.kind(of: "\(path)/\(file)") {
    case .nothing: return true
    case .link:
      let target = FileSystem.linkTarget("\(path)/\(file)")
      return target == before || target == after
    case .file:
      let bytes = try FileSystem.read("\(path)/\(file)")
      return bytes == before || after?.starts(with: bytes) == true
    case .other: return false
    }
  }

  private func content(of file: String, at commit: CommitID, in repository: Repository) -> [UInt8]? {
    (try? repository.resolveRevision("\(repository.treeOfCommit(commit.objectID)):\(file)")).flatMap {
      // As large as Git itself writes into the checkout.
      try? repository.blob($0, atMost: .max)
    }
  }
}
