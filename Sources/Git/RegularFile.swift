import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A look at files before libgit2 opens them, which waits for a pipe as long as nobody writes to it.
///
/// Links are followed. What is put in a file's place after the look is not seen. About 2 µs for each file.
enum RegularFile {
  /// Throws where `path` is there and is no regular file, or cannot be opened.
  static func look(at path: String, _ operation: String) throws(GitError) {
    if let file = try open(path, operation) { close(file.descriptor) }
  }

  /// The content of the file; nil where there is none. Throws as `look` does.
  static func read(_ path: String, _ operation: String) throws(GitError) -> [UInt8]? {
    guard let file = try open(path, operation) else { return nil }
    defer { close(file.descriptor) }
    return try content(of: file.descriptor, path, operation)
  }

  /// As `read`, and which version of the file it is the content of.
  static func readWithVersion(
    _ path: String, _ operation: String
  ) throws(GitError) -> (content: [UInt8], version: FileVersion)? {
    guard let file = try open(path, operation) else { return nil }
    defer { close(file.descriptor) }
    return (try content(of: file.descriptor, path, operation), FileVersion(file.status))
  }

  /// As `read` where `path` is a reference's: nil for a directory, too, since others can be below it.
  static func readReference(_ path: String, _ operation: String) throws(GitError) -> [UInt8]? {
    guard let file = try open(path, operation, orDirectory: true) else { return nil }
    defer { close(file.descriptor) }
    if file.status.st_mode & S_IFMT == S_IFDIR { return nil }
    return try content(of: file.descriptor, path, operation)
  }

  private static func content(
    of descriptor: Int32, _ path: String, _ operation: String
  ) throws(GitError) -> [UInt8] {
    var content: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = chunk.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count == 0 { return content }
      guard count > 0 else { throw failure(operation, path, "cannot be read") }
      content += chunk[..<count]
    }
  }

  /// As `look` where `path` is a reference's, which can be a directory, too; from its status alone.
  static func lookAtReference(_ path: String, _ operation: String) throws(GitError) {
    var status = stat()
    guard stat(path, &status) == 0, let irregular = irregularity(status.st_mode) else { return }
    if status.st_mode & S_IFMT != S_IFDIR { throw GitError(.corrupt, operation, "\(path) \(irregular)") }
  }

  /// Device and number of the directory's inode; nil where there is none.
  static func identity(ofDirectory path: String, _ operation: String) throws(GitError) -> [UInt64]? {
    var status = stat()
    guard stat(path, &status) == 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure(operation, path, "cannot be looked at")
    }
    return [UInt64(truncatingIfNeeded: status.st_dev), UInt64(truncatingIfNeeded: status.st_ino)]
  }

  /// Whether it is a directory, as far as can be told.
  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in the directory; none where there is no such directory.
  static func names(in path: String, _ operation: String) throws(GitError) -> [String] {
    try list(path, operation) { name, _ in name }
  }

  /// The names in the directory, and whether each is a directory itself; none where there is no such directory.
  static func entries(
    in path: String, _ operation: String
  ) throws(GitError) -> [(name: String, isDirectory: Bool)] {
    try list(path, operation) { name, kind throws(GitError) in
      // Some file systems leave it unknown.
      guard kind == Int(DT_UNKNOWN) else { return (name, kind == Int(DT_DIR)) }
      var status = stat()
      guard lstat("\(path)/\(name)", &status) == 0 else {
        if errno == ENOENT { return (name, false) }
        throw failure(operation, "\(path)/\(name)", "cannot be looked at")
      }
      return (name, status.st_mode & S_IFMT == S_IFDIR)
    }
  }

  private static func list<Entry>(
    _ path: String, _ operation: String, _ entry: (_ name: String, _ kind: Int) throws(GitError) -> Entry
  ) throws(GitError) -> [Entry] {
    guard let directory = opendir(path) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw failure(operation, path, "cannot be listed")
    }
    defer { closedir(directory) }
    var entries: [Entry] = []
    errno = 0
    while let found = readdir(directory) {
      let name = withUnsafeBytes(of: &found.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      entries.append(try entry(name, Int(found.pointee.d_type)))
      errno = 0
    }
    guard errno == 0 else { throw failure(operation, path, "cannot be listed") }
    return entries
  }

  private static func open(
    _ path: String, _ operation: String, orDirectory: Bool = false
  ) throws(GitError) -> (descriptor: Int32, status: stat)? {
    let descriptor = systemOpen(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure(operation, path, "cannot be opened")
    }
    var status = stat()
    let looked = fstat(descriptor, &status) == 0
    if looked, orDirectory && status.st_mode & S_IFMT == S_IFDIR || irregularity(status.st_mode) == nil {
      return (descriptor, status)
    }
    defer { close(descriptor) }
    guard looked, let irregular = irregularity(status.st_mode) else {
      throw failure(operation, path, "cannot be looked at")
    }
    throw GitError(.corrupt, operation, "\(path) \(irregular)")
  }

  /// With the reason that `errno` holds.
  private static func failure(_ operation: String, _ path: String, _ what: String) -> GitError {
    let reason = String(cString: strerror(errno))
    return GitError(.generic, operation, "\(path) \(what): \(reason)")
  }

  private static func irregularity(_ mode: mode_t) -> String? {
    switch mode & S_IFMT {
    case S_IFREG: nil
    case S_IFIFO: "is a pipe, and no file"
    case S_IFDIR: "is a directory, and no file"
    case S_IFSOCK: "is a socket, and no file"
    default: "is a device, and no file"
    }
  }
}

private func systemOpen(_ path: String, _ flags: Int32) -> Int32 { open(path, flags) }

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
