import Foundation

/// A directory of its own, removed with everything in it when the last reference goes.
public final class TemporaryDirectory: Sendable {
  /// The absolute path, without symbolic links.
  public let path: String

  /// Makes an empty directory.
  public init() throws {
    let parent = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
    path = "\(parent)/weave-test-\(UUID().uuidString.lowercased())"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// The path of `name` in the directory; nothing is made there.
  public func appending(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes `content` to `name`, with the directories on the way, and returns its path.
  @discardableResult
  public func write(_ content: String, to name: String, executable: Bool = false) throws -> String {
    let path = appending(name)
    try writeFile(content, to: path)
    if executable {
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    return path
  }
}

func writeFile(_ content: String, to path: String) throws {
  let url = URL(fileURLWithPath: path)
  try FileManager.default.createDirectory(
    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
  try Data(content.utf8).write(to: url)
}
