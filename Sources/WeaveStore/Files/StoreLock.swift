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
  private static let pause = 5

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
    self.descriptor = descriptor
    var waited = 0
    while try !Self.take(descriptor, gitDirectory) {
      // A signal that is taken care of cancels the task, and ends no wait in the kernel.
      guard !Task.isCancelled else {
        throw StoreError("cannot lock the store at \(gitDirectory): it was interrupted")
      }
      usleep(useconds_t(Self.pause * 1_000))
      waited += Self.pause
      if waited == Self.quietWait {
        let holder = LockHolder(of: descriptor).map { ", held by \($0)" } ?? ""
        warn("waiting for the store's lock \(path)\(holder)")
      }
    }
  }

  /// Whether it has the lock now.
  private static func take(_ descriptor: CInt, _ gitDirectory: String) throws -> Bool {
    guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return true }
    guard errno == EINTR || errno == EWOULDBLOCK else {
      let reason = String(cString: strerror(errno))
      throw StoreError("cannot lock the store at \(gitDirectory): \(reason)")
    }
    return false
  }

  deinit { close(descriptor) }
}
