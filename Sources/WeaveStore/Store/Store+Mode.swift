import ForeignText
import Git

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension Store {
  /// Closes a store that has a private manifest, as ``closeToOthers(_:warn:)``: it may be older than that rule, or have been
  /// opened since.
  func closePrivate() throws {
    guard Self.isOpenToOthers(repository.gitDirectory),
      try repository.resolve(RefName.manifest(.private)) != nil
    else { return }
    try Self.closeToOthers(repository, warn: warn)
  }

  /// Lets nobody but its owner into the directory of the repository, unless `core.sharedRepository` shares it, and tells
  /// `warn`.
  static func closeToOthers(_ repository: Repository, warn: (String) -> Void) throws {
    let path = repository.gitDirectory
    guard isOpenToOthers(path), try !isShared(repository) else { return }
    guard chmod(path, 0o700) == 0 else {
      warn(
        "\(path) holds what is private, and others may be able to read it: it cannot be closed to them, "
          + String(cString: strerror(errno)))
      return
    }
    warn(
      "\(path) holds what is private: nobody but you can enter it now (core.sharedRepository would let others)"
    )
  }

  private static func isOpenToOthers(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & 0o077 != 0
  }

  /// Whether `core.sharedRepository` says so (git-config(1)).
  private static func isShared(_ repository: Repository) throws -> Bool {
    guard let value = try repository.configValue("core.sharedRepository") else { return false }
    return !["", "umask", "false", "no", "off", "0"].contains(value.lowercasedASCII)
  }
}
