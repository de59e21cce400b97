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

  /// Removes what lies in the way of Git among the refs below `name`, and of ``others``, as ``remove(reference:gitDirectory:
  /// worktree:warn:)`` does; waits for as long as one may be a living Git's and is not known to be dead, two seconds at most.
  static func removeAll(under name: String, gitDirectory: String, warn: (String) -> Void) {
    var references = others
    LooseFiles.visit(name, of: gitDirectory) { name, _ in
      if let reference = name.dropping(suffix: ".lock") { references.append(String(reference)) }
    }
    // Git writes the packed refs there, and finds a draft of a killed process in its way.
    var files = references.map { ("\($0).lock", rule(for: $0)) } + [("packed-refs.new", .other)]
    let deadline = FileUse.now() + own
    while true {
      files = files.filter { file, rule in
        !remove(file: file, of: gitDirectory, by: rule, warn: warn) && isYoung("\(gitDirectory)/\(file)")
      }
      guard !files.isEmpty, FileUse.now() < deadline, !Task.isCancelled else { return }
      usleep(50_000)
    }
  }

  /// Removes the lock file of `reference` if nobody living can have made it: `weave/lock` is held, so that no weave has, and
  /// it has not changed for longer than any Git takes that may lock this file. Returns whether one was removed, and tells `warn`.
  ///
  /// - Parameter worktree: for an index, where a Git that works with it stands.
  @discardableResult
  static func remove(
    reference: String, gitDirectory: String, worktree: String? = nil, warn: (String) -> Void
  ) -> Bool {
    remove(
      file: "\(reference).lock", of: gitDirectory, by: rule(for: reference, worktree: worktree), warn: warn)
  }

  /// As ``clear(_:of:warn:)``, for the repository's configuration.
  static func clearConfiguration(of gitDirectory: String, warn: (String) -> Void) throws {
    try clear("config", of: gitDirectory, warn: warn)
  }

  /// Waits for as long as the lock of a file may be a living Git's or is not known to be dead, and removes one that is.
  /// Throws, and says what to do, after three seconds.
  static func clear(_ file: String, of gitDirectory: String, warn: (String) -> Void) throws {
    let path = "\(gitDirectory)/\(file).lock"
    for _ in 0..<60 {
      if access(path, F_OK) != 0 || remove(reference: file, gitDirectory: gitDirectory, warn: warn) { return }
      guard !Task.isCancelled else { break }
      usleep(50_000)
    }
    throw StoreError(
      "\(path) is in the way: a Git is at work there, or one was killed",
      hint: "`rm \(Quoted.shellWord(path))` when no Git is")
  }

  /// See ``StaleGitLocks/isLeftBehind(_:in:)``.
  static func isLeftBehind(_ lock: String, in directory: String) -> Bool {
    var status = stat()
    guard lstat(lock, &status) == 0 else { return false }
    let age = age(status)
    return age >= 1 || age >= 0.1 && FileUse.isFree(status, besides: .git(in: directory))
  }

  private static func age(_ status: stat) -> Double { FileUse.now() - FileUse.modified(status) }

  /// How one that is older than ``shortest``, and not yet a minute, is known to be dead.
  private enum Rule {
    /// As ``other``; after ``own`` it is: nobody holds one for so long.
    case own
    /// No process has it open, as whoever holds one does.
    case heldOpen(FileUse.Worker)
    /// No process has it open, and no Git is as old.
    case other
  }

  private static func rule(for reference: String, worktree: String? = nil) -> Rule {
    if ownRefs.contains(where: { reference.begins(with: $0) }) { return .own }
    if reference == "config" { return .heldOpen(.nobody) }
    if let worktree { return .heldOpen(.git(in: worktree)) }
    return .other
  }

  private static let shortest = 0.8
  private static let own = 2.0
  private static let certain = 60.0

  private static func isYoung(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && age(status) < own
  }

  @discardableResult
  private static func remove(
    file: String, of gitDirectory: String, by rule: Rule, warn: (String) -> Void
  ) -> Bool {
    let path = "\(gitDirectory)/\(file)"
    var status = stat()
    guard lstat(path, &status) == 0 else { return false }
    let age = age(status)
    guard age >= shortest else { return false }
    let isDead =
      switch rule {
      case _ where age >= certain: true
      case .own where age >= own: true
      case .heldOpen(let worker): FileUse.isFree(status, besides: worker)
      case .own, .other: FileUse.isFree(status, besides: .olderGit)
      }
    guard isDead, unlink(path) == 0 else { return false }
    warn("removed the stale lock \(file) that a killed process left")
    return true
  }
}
