import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The process that holds the kernel lock of a file.
struct LockHolder: CustomStringConvertible {
  let process: pid_t
  /// The name of its program, where the system tells it.
  let program: String?

  var description: String { "pid \(process)" + (program.map { " (\($0))" } ?? "") }

  /// Who holds the lock of the open file, by Linux's `/proc/locks` (proc(5)); nil where the system does not say.
  init?(of descriptor: CInt) {
    var status = stat()
    guard fstat(descriptor, &status) == 0, let locks = Self.text(of: "/proc/locks") else { return nil }
    let device = UInt64(truncatingIfNeeded: status.st_dev)
    let (major, minor) = (
      ((device >> 8) & 0xfff) | ((device >> 32) & ~0xfff), (device & 0xff) | ((device >> 12) & ~0xff)
    )
    for line in locks.lines {
      // 1: FLOCK  ADVISORY  WRITE 708 08:01:131090 0 EOF; of one that waits, the second field is an arrow.
      let fields = line.split(atScalar: " ")
      guard fields.count > 5, fields[1] == "FLOCK", let process = pid_t(fields[4]), process > 0 else {
        continue
      }
      let file = fields[5].split(atScalar: ":")
      guard file.count == 3, UInt64(file[0], radix: 16) == major, UInt64(file[1], radix: 16) == minor,
        UInt64(file[2]) == UInt64(status.st_ino)
      else { continue }
      self.process = process
      program = Self.text(of: "/proc/\(process)/comm").map { String($0.trimmed) }
      return
    }
    return nil
  }

  private static func text(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }
}
