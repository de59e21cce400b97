#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// A file that may be an index, open to be read from its beginning to its end.
struct OpenIndexFile {
  private let descriptor: CInt
  let byteCount: Int

  /// Nil for what is no file that can be read.
  init?(path: String) {
    // Not blocking: it may be anything by now, a pipe too.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      Self.close(descriptor)
      return nil
    }
    (self.descriptor, byteCount) = (descriptor, Int(status.st_size))
  }

  /// Whether the next bytes could be read, as many as the buffer holds.
  func fill(_ buffer: UnsafeMutableRawBufferPointer) -> Bool {
    var done = 0
    while done < buffer.count {
      guard let start = buffer.baseAddress else { return false }
      let count = read(descriptor, start + done, buffer.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  func close() { Self.close(descriptor) }

  private static func close(_ descriptor: CInt) {
    #if canImport(Glibc)
      _ = Glibc.close(descriptor)
    #elseif canImport(Darwin)
      _ = Darwin.close(descriptor)
    #else
      _ = Musl.close(descriptor)
    #endif
  }
}
