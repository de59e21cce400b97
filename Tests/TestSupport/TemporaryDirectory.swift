import Foundation
import Synchronization

/// A directory of its own, removed with everything in it when the last reference goes.
public final class TemporaryDirectory: Sendable {
  /// The absolute path, without symbolic links.
  public let path: String

  /// Makes an empty directory.
  ///
  /// In memory, where the machine has it, for what is flushed to disk often: a disk takes most of the time of
  /// such a test. Not for files that are run, which a machine may forbid there.
  public init(inMemory: Bool = false) throws {
    let place = inMemory && Self.hasMemory ? Self.memory : NSTemporaryDirectory()
    let parent = URL(fileURLWithPath: place).resolvingSymlinksInPath().path
    path = "\(parent)/weave-test-\(UUID().uuidString.lowercased())"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  private static let memory = "/dev/shm"

  /// Whether there is a place in memory with a gigabyte to spare: in a container it is often small.
  private static let hasMemory: Bool = {
    guard access(memory, W_OK | X_OK) == 0,
      let free = try? FileManager.default.attributesOfFileSystem(forPath: memory)[.systemFreeSize]
        as? NSNumber
    else { return false }
    return free.int64Value >= 1 << 30
  }()

  /// The path of `name` in the directory; nothing is made there.
  public func appending(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes `content` to `name`, with the directories on the way, and returns its path.
  @discardableResult
  public func write(_ content: String, to name: String, executable: Bool = false) throws -> String {
    let path = appending(name)
    try write(Array(content.utf8), to: name)
    if executable {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    return path
  }

  /// Writes `bytes` to `name`, with the directories on the way, and returns its path.
  @discardableResult
  public func write(_ bytes: [UInt8], to name: String) throws -> String {
    let path = appending(name)
    try writeFile(bytes, to: path)
    return path
  }

  /// Has the directory removed when the process ends, for one that a `static let` refers to until then.
  public func removeAtExit() {
    Self.pathsToRemove.withLock { paths in
      if paths.isEmpty { atexit { TemporaryDirectory.removePaths() } }
      paths.append(path)
    }
  }

  private static let pathsToRemove = Mutex<[String]>([])

  private static func removePaths() {
    for path in pathsToRemove.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
  }
}

func writeFile(_ bytes: [UInt8], to path: String) throws {
  let url = URL(fileURLWithPath: path)
  try FileManager.default.createDirectory(
    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
  try Data(bytes).write(to: url)
}
