#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// How many files this process may have open.
public enum OpenFiles {
  /// No program gains by more, and one that closes every number up to its limit is slow with it.
  private static let enough: UInt64 = 10_240

  /// The soft limit, `ulimit -n`.
  static var limit: Int { Int(clamping: read().rlim_cur) }

  /// Raises the soft limit towards the hard one. Children have what it is raised to.
  public static func raiseLimit() {
    var limits = read()
    let wanted = min(UInt64(limits.rlim_max), enough)
    guard UInt64(limits.rlim_cur) < wanted else { return }
    limits.rlim_cur = rlim_t(wanted)
    _ = setrlimit(resource, &limits)
  }

  /// Whether so many more can be opened now.
  static func areFree(_ count: Int) -> Bool {
    var opened: [CInt] = []
    defer { for descriptor in opened { close(descriptor) } }
    while opened.count < count {
      let descriptor = open("/", O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return ![EMFILE, ENFILE].contains(errno) }
      opened.append(descriptor)
    }
    return true
  }

  /// How many are open now.
  static var count: Int { (0..<CInt(clamping: limit)).count { fcntl($0, F_GETFD) >= 0 } }

  #if canImport(Glibc)
    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
  #else
    private static let resource = RLIMIT_NOFILE
  #endif

  private static func read() -> rlimit {
    var limits = rlimit()
    _ = getrlimit(resource, &limits)
    return limits
  }
}

/// There are too few file descriptors for a child.
public struct TooManyOpenFiles: Error, Hashable, CustomStringConvertible {
  let limit, needed: Int

  public var description: String {
    "too many open files: `ulimit -n` is \(limit), and weave needs \(needed) here"
  }
}
