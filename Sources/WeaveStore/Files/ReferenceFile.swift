import Git

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The file of a loose ref.
enum ReferenceFile {
  /// Puts `id` there as Git moves a ref: a lock file that is whole takes the ref's place, so that an older value among
  /// the packed refs never shows.
  static func replace(_ path: String, by id: ObjectID) throws {
    makeDirectories(above: path)
    let descriptor = open(path + ".lock", O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw failure("write \(path).lock") }
    let line = Array("\(id)\n".utf8)
    let isWritten = write(descriptor, line, line.count) == line.count && fsync(descriptor) == 0
    close(descriptor)
    guard isWritten, rename(path + ".lock", path) == 0 else {
      let failure = failure("write \(path)")
      unlink(path + ".lock")
      throw failure
    }
  }

  /// Git removes those that it has emptied. Where one cannot be made, neither can the file.
  private static func makeDirectories(above path: String) {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return }
    let directory = String(path[..<slash])
    guard mkdir(directory, 0o777) != 0, errno == ENOENT else { return }
    makeDirectories(above: directory)
    mkdir(directory, 0o777)
  }

  static func remove(_ path: String) throws {
    guard unlink(path) == 0 else { throw failure("remove \(path)") }
  }

  private static func failure(_ attempt: String) -> StoreError {
    StoreError("cannot \(attempt): \(String(cString: strerror(errno)))")
  }
}
