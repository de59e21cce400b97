import CLibgit2
import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Repository {
  /// Where the work tree is, by `core.worktree`, when that is another directory than `path`, whose `.git` this repository is;
  /// nil where Git works in `path`, as in a submodule, for which Git itself sets it.
  ///
  /// Of a linked worktree its own file alone counts (setup.c of Git, `check_repository_format_gently`).
  public func workTree(elsewhereThan path: String) throws(GitError) -> String? {
    let operation = "read core.worktree of \(path)"
    let shared = gitDirectory == commonDirectory ? [commonDirectory + "/config"] : []
    var found: String?
    for file in shared + [gitDirectory + "/config.worktree"] {
      if let value = try value(of: "core.worktree", in: file, operation) { found = value }
    }
    guard let found else { return nil }
    let place = found.begins(with: "/") ? found : gitDirectory + "/" + found
    guard let real = Self.realPath(place), real == Self.realPath(path) else { return place }
    return nil
  }

  private func value(of key: String, in file: String, _ operation: String) throws(GitError) -> String? {
    guard access(file, F_OK) == 0 else { return nil }
    try RegularFile.look(at: file, operation)
    let config = try Owned(operation, free: { git_config_free($0) }) { git_config_open_ondisk(&$0, file) }
    let snapshot = try Owned(operation, free: { git_config_free($0) }) {
      git_config_snapshot(&$0, config.raw)
    }
    var value: UnsafePointer<CChar>?
    let isThere = try found(operation) { git_config_get_string(&value, snapshot.raw, key) }
    return isThere ? value.map { String(cString: $0) } ?? "" : nil
  }

  /// As bytes: two spellings of one character are two directories.
  private static func realPath(_ path: String) -> [UInt8]? {
    guard let resolved = realpath(path, nil) else { return nil }
    defer { free(resolved) }
    return Array(String(cString: resolved).utf8)
  }
}
