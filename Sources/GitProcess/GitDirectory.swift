import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Which Git directory a path means (gitrepository-layout(5)), without a look above it.
enum GitDirectory {
  /// The one of the checkout whose top is `path`; nil where `.git` there is no repository, or names none.
  static func ofCheckout(_ path: String) throws(GitProcessError) -> String? {
    let git = path + "/.git"
    return isRepository(git) ? git : try ofLinkFile(git, in: path)
  }

  /// The one that a file in `directory` names as a `.git` may; nil where it names none.
  private static func ofLinkFile(_ file: String, in directory: String) throws(GitProcessError) -> String? {
    guard isFile(file), let target = try linked(from: file, in: directory) else { return nil }
    return isRepository(target) ? target : nil
  }

  /// The one that Git takes where a source is that path (`enter_repo` of Git's path.c); nil where it is none.
  static func ofSource(_ path: String) throws(GitProcessError) -> String? {
    var path = path[...]
    while path.utf8.count > 1, let shorter = path.dropping(suffix: "/") { path = shorter }
    for candidate in [String(path), path + ".git"] {
      if let found = try ofCheckout(candidate) { return found }
      if isRepository(candidate) { return candidate }
      if let found = try ofLinkFile(candidate, in: parent(of: candidate)) { return found }
    }
    return nil
  }

  /// The directory above `path`, with every link followed.
  static func parent(of path: String) -> String {
    let canonical = canonical(path)
    guard let slash = canonical.lastIndex(ofScalar: "/"), slash != canonical.startIndex else { return "/" }
    return String(canonical[..<slash])
  }

  /// `path` from where this process is; links of an absolute one are not followed.
  static func absolute(_ path: String) -> String { path.begins(with: "/") ? path : canonical(path) }

  static func canonical(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// As Git itself tells it (`is_git_directory` of its setup.c): else it would go on to another.
  private static func isRepository(_ path: String) -> Bool {
    guard isHead(path + "/HEAD") else { return false }
    let common = isFile(path + "/commondir") ? "commondir" : "objects"
    return access(path + "/" + common, F_OK) == 0 && (common == "commondir" || isEnterable(path + "/refs"))
  }

  private static func isHead(_ path: String) -> Bool {
    var status = stat()
    guard lstat(path, &status) == 0 else { return false }
    if status.st_mode & S_IFMT == S_IFLNK { return true }
    guard let bytes = contents(of: path) else { return false }
    let text = String(decoding: bytes, as: UTF8.self)
    if let target = text.dropping(prefix: "ref:") {
      return target.drop(whileScalar: \.isASCIISpace).begins(with: "refs/")
    }
    return text.unicodeScalars.prefix(40).count { $0.isASCIIHexDigit } == 40
  }

  /// Where a `.git` that is a file points to.
  private static func linked(from file: String, in directory: String) throws(GitProcessError) -> String? {
    guard let bytes = contents(of: file) else {
      throw GitProcessError(operation: "read \(file)", reason: String(cString: strerror(errno)))
    }
    guard let named = String(validating: bytes, as: UTF8.self)?.dropping(prefix: "gitdir: ") else {
      return nil
    }
    var target = named
    while let shorter = target.dropping(suffix: "\n") ?? target.dropping(suffix: "\r") { target = shorter }
    return target.begins(with: "/") ? String(target) : directory + "/" + target
  }

  private static func isFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
  }

  private static func isEnterable(_ path: String) -> Bool { access(path, X_OK) == 0 }

  /// What the file holds, at most as much as any path; nil where it cannot be read.
  private static func contents(of file: String) -> [UInt8]? {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX) + 16)
    let count = read(descriptor, &buffer, buffer.count)
    return count < 0 ? nil : Array(buffer[..<count])
  }
}
