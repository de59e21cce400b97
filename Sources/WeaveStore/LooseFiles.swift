import ForeignText
import Git
import WeaveModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension Store {
  /// The names of the loose refs whose files are empty, as a power cut can leave them, sorted.
  public func brokenReferences() -> [String] {
    var broken: [String] = []
    LooseFiles.visit("refs", of: repository.gitDirectory) { name, status in
      let isFile = status.st_mode & S_IFMT == S_IFREG
      if isFile, status.st_size == 0, !name.ends(with: ".lock") { broken.append(name) }
    }
    return broken.sorted()
  }

  /// As ``removeStaleLocks(of:)``, among all refs. To be called with the store's lock held.
  public func removeStaleLocks() {
    StaleLock.removeAll(under: "refs", gitDirectory: repository.gitDirectory, warn: warn)
  }

  /// Removes the lock files that killed processes left among the project's refs, and on what ``StaleLock`` lists,
  /// once nothing has changed them for longer than a living writer takes.
  public func removeStaleLocks(of project: ProjectName) throws {
    try locked {
      StaleLock.removeAll(
        under: String(RefName.namespace(project).dropLast()), gitDirectory: repository.gitDirectory,
        warn: warn)
    }
  }
}

extension Store {
  /// The paths, from the Git directory, of what is no file in the place of one, such as a pipe: Git waits for it for ever.
  public static func irregularFiles(in gitDirectory: String) -> [String] {
    var irregular: [String] = []
    for directory in ["objects", "refs", "logs", "info"] {
      LooseFiles.visit(directory, of: gitDirectory) { name, status in
        if ![S_IFREG, S_IFLNK].contains(status.st_mode & S_IFMT) { irregular.append(name) }
      }
    }
    for name in ["HEAD", "config", "packed-refs", "shallow"] {
      var status = stat()
      guard lstat(gitDirectory + "/" + name, &status) == 0 else { continue }
      if ![S_IFREG, S_IFLNK].contains(status.st_mode & S_IFMT) { irregular.append(name) }
    }
    return irregular.sorted()
  }
}

/// The files below a Git directory.
enum LooseFiles {
  /// The names in the directory, in no order; nil where it cannot be opened.
  static func names(in directory: String) -> [String]? {
    guard let stream = opendir(directory) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  /// Calls `visit` with the name, from `gitDirectory`, of each file below `name`.
  static func visit(
    _ name: String, of gitDirectory: String, _ visit: (_ name: String, _ status: stat) -> Void
  ) {
    for child in names(in: gitDirectory + "/" + name) ?? [] {
      var status = stat()
      guard lstat(gitDirectory + "/" + name + "/" + child, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        self.visit(name + "/" + child, of: gitDirectory, visit)
      } else {
        visit(name + "/" + child, status)
      }
    }
  }
}

/// Lock files of Git outside of the store.
public enum StaleGitLocks {
  /// Removes those of a work tree's own Git directory that no living Git can hold, and says so.
  public static func remove(in gitDirectory: String, of worktree: String, warn: (String) -> Void) {
    for name in ["index", "HEAD"] {
      StaleLock.remove(reference: name, gitDirectory: gitDirectory, worktree: worktree, warn: warn)
    }
  }

  /// Whether a push to the repository at `directory` that has just failed on the lock is not worth trying again: nobody here
  /// holds it, or somebody has for longer than the moment that a push does.
  public static func isLeftBehind(_ lock: String, in directory: String) -> Bool {
    StaleLock.isLeftBehind(lock, in: directory)
  }
}
