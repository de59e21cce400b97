import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The kernel lock that whatever writes a store holds for a moment; freed when the process ends, however it ends.
final class StoreLock {
  private let descriptor: CInt

  /// For so many milliseconds nobody is told that another process has it.
  private static let quietWait = 1_000

  /// Waits until no other process holds the lock of the store at `gitDirectory`, and tells `warn` once who does where
  /// that takes more than a second.
  init(gitDirectory: String, warn: (String) -> Void) throws {
    let path = gitDirectory + "/weave/lock"
    var descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    if descriptor < 0 && errno == ENOENT {
      mkdir(gitDirectory + "/weave", 0o755)
      descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o644)
    }
    guard descriptor >= 0 else {
      throw StoreError("cannot write to the store at \(gitDirectory): \(String(cString: strerror(errno)))")
    }
    let pause = 5
    for _ in 0..<(Self.quietWait / pause) {
      if try Self.take(LOCK_EX | LOCK_NB, of: descriptor, gitDirectory) {
        self.descriptor = descriptor
        return
      }
      usleep(useconds_t(pause * 1_000))
    }
    let holder = LockHolder(of: descriptor).map { ", held by \($0)" } ?? ""
    warn("waiting for the store's lock \(path)\(holder)")
    while try !Self.take(LOCK_EX, of: descriptor, gitDirectory) {}
    self.descriptor = descriptor
  }

  /// Whether it has the lock now.
  private static func take(_ operation: CInt, of descriptor: CInt, _ gitDirectory: String) throws -> Bool {
    guard flock(descriptor, operation) != 0 else { return true }
    guard errno == EINTR || errno == EWOULDBLOCK else {
      let reason = String(cString: strerror(errno))
      close(descriptor)
      throw StoreError("cannot lock the store at \(gitDirectory): \(reason)")
    }
    return false
  }

  deinit { close(descriptor) }
}

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

  /// Removes the lock file of `reference` if nothing changed it for as long as a living writer never takes.
  /// In a store it is called with the store's lock held, so that no weave is behind it. Returns whether one was removed, and
  /// tells `warn`.
  @discardableResult
  static func remove(reference: String, gitDirectory: String, warn: (String) -> Void) -> Bool {
    let patience = ownRefs.contains(where: { reference.begins(with: $0) }) ? 2 : 60
    return remove(file: "\(reference).lock", of: gitDirectory, after: patience, warn: warn)
  }

  @discardableResult
  private static func remove(
    file: String, of gitDirectory: String, after patience: Int, warn: (String) -> Void
  ) -> Bool {
    let path = "\(gitDirectory)/\(file)"
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    #if canImport(Darwin)
      let modified = status.st_mtimespec.tv_sec
    #else
      let modified = status.st_mtim.tv_sec
    #endif
    guard time(nil) - modified >= patience else { return false }
    guard unlink(path) == 0 else { return false }
    warn("removed the stale lock \(file) that a killed process left")
    return true
  }
}
