import ForeignText
import Git

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// `NAME.lock` files that a killed process left behind.
enum StaleLock {
  /// The refs that nobody but weave writes.
  private static let ownRefs = ["refs/weave", "refs/notes/weave", "refs/remotes/"]

  /// What besides refs Git locks in a bare repository that it fetches into or collects.
  private static let others = ["packed-refs", "HEAD", "config", "gc.pid", "objects/info/commit-graph"]

  /// As ``remove(reference:gitDirectory:warn:)``, for each ref below `name`, and for ``others``.
  static func removeAll(under name: String, gitDirectory: String, warn: (String) -> Void) {
    var references = others
    LooseFiles.visit(name, of: gitDirectory) { name, _ in
      if let reference = name.dropping(suffix: ".lock") { references.append(String(reference)) }
    }
    for reference in references { remove(reference: reference, gitDirectory: gitDirectory, warn: warn) }
    // Git writes the packed refs there, and finds a draft of a killed process in its way.
    remove(file: "packed-refs.new", of: gitDirectory, after: 60, warn: warn)
  }

  /// Removes the lock file of `reference` if nobody living can have made it: `weave/lock` is held, so that no weave has, and
  /// it has not changed for longer than any Git takes that may lock this file. Returns whether one was removed, and tells `warn`.
  ///
  /// - Parameter worktree: for an index, where a Git that works with it stands.
  @discardableResult
  static func remove(
    reference: String, gitDirectory: String, worktree: String? = nil, warn: (String) -> Void
  ) -> Bool {
    let isOwn = ownRefs.contains { reference.begins(with: $0) }
    let isHeldOpen = ["config", "index"].contains(reference)
    return remove(
      file: "\(reference).lock", of: gitDirectory, after: isOwn || isHeldOpen ? 2 : 60,
      worktree: isHeldOpen ? .some(worktree) : nil, warn: warn)
  }

  /// Waits for as long as a lock on the repository's configuration may be a living Git's or is not known to be dead, and removes
  /// one that is. Throws, and says what to do, after three seconds.
  static func clearConfiguration(of gitDirectory: String, warn: (String) -> Void) throws {
    let path = "\(gitDirectory)/config.lock"
    for _ in 0..<60 {
      if access(path, F_OK) != 0 || remove(reference: "config", gitDirectory: gitDirectory, warn: warn) {
        return
      }
      guard !Task.isCancelled else { break }
      usleep(50_000)
    }
    throw StoreError(
      "\(path) is in the way: a Git is changing the configuration, or one was killed",
      hint: "`rm \(Quoted.shellWord(path))` when no Git is at work there")
  }

  /// See ``StaleGitLocks/isLeftBehind(_:in:)``.
  static func isLeftBehind(_ lock: String, in directory: String) -> Bool {
    var status = stat()
    guard lstat(lock, &status) == 0 else { return false }
    let age = age(status)
    return age >= 1 || age >= 0.1 && FileUse.isFree(status, worktree: directory)
  }

  private static func age(_ status: stat) -> Double {
    #if canImport(Darwin)
      let modified = status.st_mtimespec
    #else
      let modified = status.st_mtim
    #endif
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec - modified.tv_sec) + Double(now.tv_nsec - modified.tv_nsec) / 1e9
  }

  private static let certain = 60.0

  /// - Parameter worktree: not nil for what a living Git has open; only that, or an age of a minute, says whether one lives.
  @discardableResult
  private static func remove(
    file: String, of gitDirectory: String, after patience: Int, worktree: String?? = nil,
    warn: (String) -> Void
  ) -> Bool {
    let path = "\(gitDirectory)/\(file)"
    var status = stat()
    guard lstat(path, &status) == 0 else { return false }
    let age = age(status)
    guard age >= Double(patience) else { return false }
    if case .some(let worktree) = worktree, age < certain {
      guard FileUse.isFree(status, worktree: worktree) else { return false }
    }
    guard unlink(path) == 0 else { return false }
    warn("removed the stale lock \(file) that a killed process left")
    return true
  }
}
