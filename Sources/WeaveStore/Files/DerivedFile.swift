import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// A small file of a store's directory `weave/` that can be made anew from the rest of it.
struct DerivedFile {
  private static let mostBytes = 256 << 20
  /// How long the half-written file of a process that may live is left alone.
  private static let patienceInSeconds = 60

  let name: String
  let gitDirectory: String

  private var path: String { gitDirectory + "/weave/" + name }

  /// What it holds; nil where it cannot be read, or is no ordinary file of sensible size.
  func read() -> [UInt8]? {
    // Not blocking: it may be anything by now, a pipe too.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      Int(status.st_size) <= Self.mostBytes
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        pread(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done, off_t(done))
      }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return nil }
      done += count
    }
    return bytes
  }

  /// Puts the bytes in the place of what is there, whole or not at all; where the store cannot be written to, not at all.
  func write(_ bytes: [UInt8]) {
    mkdir(gitDirectory + "/weave", 0o755)
    let draft = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max))"
    let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return }
    var isWritten = true
    var done = 0
    while isWritten, done < bytes.count {
      let count = bytes.withUnsafeBytes {
        pwrite(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done, off_t(done))
      }
      if count < 0 && errno == EINTR { continue }
      isWritten = count > 0
      done += max(0, count)
    }
    guard close(descriptor) == 0, isWritten, rename(draft, path) == 0 else {
      unlink(draft)
      return
    }
    Self.removeDrafts(of: name, in: gitDirectory + "/weave")
  }

  /// Removes what processes that were killed while they wrote the file have left.
  static func removeDrafts(of file: String, in directory: String) {
    for name in LooseFiles.names(in: directory) ?? [] {
      var status = stat()
      guard name.begins(with: file + "."), lstat(directory + "/" + name, &status) == 0 else { continue }
      #if canImport(Darwin)
        let modified = status.st_mtimespec.tv_sec
      #else
        let modified = status.st_mtim.tv_sec
      #endif
      if time(nil) - modified > patienceInSeconds { unlink(directory + "/" + name) }
    }
  }
}
