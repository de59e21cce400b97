#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What tells a file from one that took its place: the inode, the size, and when content and inode last changed.
struct FileVersion: Equatable {
  private let numbers: [Int64]

  init(_ status: stat) {
    #if canImport(Darwin)
      let (content, inode) = (status.st_mtimespec, status.st_ctimespec)
    #else
      let (content, inode) = (status.st_mtim, status.st_ctim)
    #endif
    numbers = [
      Int64(truncatingIfNeeded: status.st_dev), Int64(truncatingIfNeeded: status.st_ino),
      Int64(status.st_size), Int64(content.tv_sec), Int64(content.tv_nsec), Int64(inode.tv_sec),
      Int64(inode.tv_nsec),
    ]
  }

  /// That of the file at `path`; nil where there is none. Throws where that cannot be told.
  static func of(_ path: String, _ operation: String) throws(GitError) -> FileVersion? {
    var status = stat()
    if stat(path, &status) == 0 { return FileVersion(status) }
    if errno == ENOENT || errno == ENOTDIR { return nil }
    throw GitError(.generic, operation, "\(path) cannot be looked at: \(String(cString: strerror(errno)))")
  }
}
