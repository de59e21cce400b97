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
