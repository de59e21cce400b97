import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The few questions that a workspace asks of the file system.
enum FileSystem {
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// The nearest at or above `directory` that has a `.git`, below the root of all; nil where there is none.
  static func checkout(around directory: String) -> String? {
    var path = directory[...]
    while !path.isEmpty, !exists(path + "/.git") {
      path = path[..<(path.lastIndex(ofScalar: "/") ?? path.startIndex)]
    }
    return path.isEmpty ? nil : String(path)
  }

  static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  /// What changes whenever the file does: which it is, how long, and when it was last written; nil where there is none.
  static func identity(of path: String) -> String? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
    #else
      let (modified, changed) = (status.st_mtim, status.st_ctim)
    #endif
    return "\(status.st_ino) \(status.st_size) \(modified.tv_sec).\(modified.tv_nsec) "
      + "\(changed.tv_sec).\(changed.tv_nsec)"
  }

  /// The names in a directory but `.` and `..`, sorted; none where it cannot be read.
  static func contents(of directory: String) -> [String] {
    names(in: Array(directory.utf8)).map { String(foreign: $0) }.sorted()
  }

  /// The directories in a directory that no text names to the byte, as they are shown, sorted: what is no UTF-8, or no
  /// Stream-Safe Text. No links to directories.
  static func unnamableDirectories(in directory: String) -> [String] {
    let directory = Array(directory.utf8)
    return names(in: directory).compactMap { name in
      let text = String(foreign: name)
      guard !text.utf8.elementsEqual(name) else { return nil }
      var status = stat()
      let isThere = lstat((directory + [UInt8(ascii: "/")] + name).terminated, &status) == 0
      return isThere && status.st_mode & S_IFMT == S_IFDIR ? text : nil
    }.sorted()
  }

  /// The names in a directory but `.` and `..`, as it has them: a file of somebody's project need not be called by a text.
  private static func names(in directory: [UInt8]) -> [[UInt8]] {
    guard let stream = opendir(directory.terminated) else { return [] }
    defer { closedir(stream) }
    var names: [[UInt8]] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      if name != Array(".".utf8) && name != Array("..".utf8) { names.append(name) }
    }
    return names
  }

  /// `path` from `directory`, without `.` and `..` and with no trailing slash; links are not followed.
  static func absolute(_ path: String, from directory: String) -> String {
    let whole = path.begins(with: "/") ? path : directory + "/" + path
    var components: [Substring] = []
    for component in whole.split(atScalar: "/") where component != "." {
      if component == ".." { _ = components.popLast() } else { components.append(component) }
    }
    return "/" + components.joined(separator: "/")
  }

  /// The path that a user named, made absolute. Throws for a URL, which would lose a slash and with it what tells that a part
  /// of it is secret.
  static func named(_ argument: String, from directory: String) throws -> String {
    guard !RepositoryURL.isURL(argument) else {
      throw WeaveError("\(RepositoryURL(argument)) is a URL, and what belongs there is a path")
    }
    return absolute(argument, from: directory)
  }

  /// The path with every link followed; itself where it does not exist.
  static func canonical(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// The directory at `path` with every link followed, which whoever asks may go to as by chdir(2). `name` is what they call it.
  static func entered(_ path: String, namedAs name: String) throws -> String {
    guard let resolved = realpath(path, nil) else { throw failure("go to the directory", name) }
    defer { free(resolved) }
    let directory = String(cString: resolved)
    guard access(directory + "/.", X_OK) == 0 else { throw failure("go to the directory", name) }
    return directory
  }

  /// An absolute path with every link followed that is there; what is not there yet is appended.
  static func canonicalAsFarAsThere(_ path: String) -> String {
    guard !exists(path), let slash = path.lastIndex(ofScalar: "/"), slash != path.startIndex else {
      return canonical(path)
    }
    return canonicalAsFarAsThere(String(path[..<slash])) + path[slash...]
  }

  /// Which file or directory it is, whatever it is called.
  struct Place: Hashable {
    let device: dev_t
    let file: ino_t
  }

  /// Which one is at `path`; nil where there is none.
  static func place(of path: String) -> Place? {
    var status = stat()
    return stat(path, &status) == 0 ? Place(device: status.st_dev, file: status.st_ino) : nil
  }

  /// Whether the path, with every link followed, is below the directory.
  static func isInside(_ path: String, _ directory: String) -> Bool {
    let directory = canonical(directory)
    return canonical(path).begins(with: directory.ends(with: "/") ? directory : directory + "/")
  }

  /// Makes the directory, and those above it. `mode` is that of the directory itself, before the user's mask.
  static func createDirectory(_ path: String, mode: mode_t = 0o777) throws {
    guard !isDirectory(path) else { return }
    if let slash = path.lastIndex(ofScalar: "/"), slash != path.startIndex {
      try createDirectory(String(path[..<slash]))
    }
    guard mkdir(path, mode) == 0 || errno == EEXIST else { throw failure("create the directory", path) }
  }

  /// Removes the file or directory with all that is in it; links are removed, not followed. What cannot be removed stays.
  static func removeAll(_ path: String) { removeAll(Array(path.utf8)) }

  private static func removeAll(_ path: [UInt8]) {
    let file = path.terminated
    var status = stat()
    guard lstat(file, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      unlink(file)
      return
    }
    // Some programs make their caches read-only.
    if access(file, R_OK | W_OK | X_OK) != 0 { chmod(file, 0o700) }
    for name in names(in: path) { removeAll(path + [UInt8(ascii: "/")] + name) }
    rmdir(file)
  }

  /// What the file holds; where that is more than `limit` bytes, some more than these from its beginning.
  static func read(_ path: String, stoppingAfter limit: Int = .max) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY)
    guard descriptor >= 0 else { throw failure("read", path) }
    defer { close(descriptor) }
    return try read(descriptor: descriptor, path, stoppingAfter: limit)
  }

  /// As ``read(_:stoppingAfter:)``. A pipe that nobody has opened to write, it waits for no longer than `patience`; one that
  /// somebody has, as long as they keep it open.
  static func readPipeOrFile(
    _ path: String, stoppingAfter limit: Int, patience: Duration = .seconds(5)
  ) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("read", path) }
    defer { close(descriptor) }
    let end = ContinuousClock.now + patience
    var bytes: [UInt8] = []
    var hasWriter = false
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limit {
      let count = systemRead(descriptor, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer[..<count]
        hasWriter = true
      } else if count < 0, errno == EAGAIN || errno == EINTR {
        hasWriter = true
        var event = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&event, 1, -1)
      } else if count < 0 {
        throw failure("read", path)
      } else {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure("read", path) }
        if hasWriter || status.st_mode & S_IFMT != S_IFIFO { return bytes }
        guard ContinuousClock.now < end else {
          throw WeaveError("cannot read \(path): it is a pipe that nobody writes to")
        }
        usleep(10_000)
      }
    }
    return bytes
  }

  /// What a symbolic link holds; nil where there is none.
  static func linkTarget(_ path: String) -> [UInt8]? {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &buffer, buffer.count)
    return count < 0 ? nil : buffer[..<count].map { UInt8(bitPattern: $0) }
  }

  /// What is at `path`, where no link is followed.
  enum Kind { case nothing, file, link, other }

  static func kind(of path: String) -> Kind {
    var status = stat()
    guard lstat(path, &status) == 0 else { return .nothing }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFLNK: return .link
    default: return .other
    }
  }

  /// Makes `text` the whole of the file, which is never there in part.
  static func replace(_ path: String, with text: String) throws {
    unlink(path + ".new")
    try append(text, to: path + ".new")
    try rename(path + ".new", to: path)
  }

  static func rename(_ path: String, to other: String) throws {
    guard systemRename(path, other) == 0 else { throw failure("rename \(path) to", other) }
  }

  /// For how many seconds nothing was made or removed in the directory; 0 where it is gone.
  static func age(of directory: String) -> Int {
    var status = stat()
    guard stat(directory, &status) == 0 else { return 0 }
    #if canImport(Darwin)
      return time(nil) - status.st_mtimespec.tv_sec
    #else
      return time(nil) - status.st_mtim.tv_sec
    #endif
  }

  /// As ``read(_:stoppingAfter:)``, of an ordinary file of at most so many bytes; throws for all else, such as a pipe or a
  /// device, which might never begin or never end. Waits for neither.
  static func read(_ path: String, atMost limit: Int) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("read", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure("read", path) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw WeaveError("\(path) is no ordinary file") }
    guard Int(status.st_size) <= limit else {
      throw WeaveError("\(path) has \(status.st_size) bytes, of at most \(limit)")
    }
    return try read(descriptor: descriptor, path, atMost: limit)
  }

  /// The longest file, or standard input, that somebody may name to be read, in bytes.
  static let longestInput = 8 << 20

  /// What is in the file that somebody names, an ordinary one; for `-` what standard input holds. At most ``longestInput``
  /// bytes.
  static func readInput(_ argument: String, in surroundings: Surroundings) throws -> [UInt8] {
    if argument == "-" { return try readStandardInput(of: surroundings) }
    return try read(named(argument, from: surroundings.workingDirectory), atMost: longestInput)
  }

  /// What standard input holds, of whatever kind it is: at most ``longestInput`` bytes.
  static func readStandardInput(of surroundings: Surroundings) throws -> [UInt8] {
    try bounded(surroundings.readStandardInput(longestInput), "standard input", atMost: longestInput)
  }

  /// Appends to the file, which is made where there is none. A link is not followed.
  static func append(_ text: String, to path: String) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK, 0o644)
    guard descriptor >= 0 else { throw failure("write", path) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    guard write(descriptor, bytes, bytes.count) == bytes.count else { throw failure("write", path) }
  }

  /// The size of the file in bytes, a symbolic link's own; nil where there is none.
  static func size(of path: String) -> Int? {
    var status = stat()
    return lstat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// Copies the file `path` to `copy`, which is made, with its times; nothing where there is none.
  static func copyWithTimes(_ path: String, to copy: String) throws {
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    let bytes = try read(path)
    let descriptor = open(copy, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw failure("write", copy) }
    defer { close(descriptor) }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes {
        write(descriptor, $0.baseAddress! + written, bytes.count - written)
      }
      guard count > 0 else { throw failure("write", copy) }
      written += count
    }
    #if canImport(Darwin)
      let times = [status.st_atimespec, status.st_mtimespec]
    #else
      let times = [status.st_atim, status.st_mtim]
    #endif
    guard futimens(descriptor, times) == 0 else { throw failure("set the time of", copy) }
  }

  private static func read(descriptor: CInt, _ path: String, atMost limit: Int) throws -> [UInt8] {
    try bounded(read(descriptor: descriptor, path, stoppingAfter: limit), path, atMost: limit)
  }

  private static func bounded(_ bytes: [UInt8], _ path: String, atMost limit: Int) throws -> [UInt8] {
    guard bytes.count <= limit else { throw WeaveError("\(path) has more than \(limit) bytes") }
    return bytes
  }

  /// As ``read(_:stoppingAfter:)``, of what is open already; `path` is what it is called.
  static func read(descriptor: CInt, _ path: String, stoppingAfter limit: Int) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while bytes.count <= limit {
      let count = systemRead(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw failure("read", path) }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
    return bytes
  }

  private static func failure(_ attempt: String, _ path: String) -> WeaveError {
    WeaveError("cannot \(attempt) \(path): \(String(cString: strerror(errno)))")
  }
}

extension [UInt8] {
  /// As a path of C's.
  fileprivate var terminated: [CChar] { map { CChar(bitPattern: $0) } + [0] }
}

/// rename(2), under a name that the method above does not hide.
private func systemRename(_ path: String, _ other: String) -> CInt { rename(path, other) }

/// read(2), under a name that the methods above do not hide.
private func systemRead(_ descriptor: CInt, _ buffer: inout [UInt8], _ count: Int) -> Int {
  read(descriptor, &buffer, count)
}
