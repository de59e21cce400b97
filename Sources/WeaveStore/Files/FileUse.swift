import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Which processes have a file open, by Linux's `/proc` (proc(5)).
enum FileUse {
  /// Who besides those that have the file open may be at work on it.
  enum Worker {
    case nobody
    /// A Git that stands in this directory.
    case git(in: String)
    /// A Git that is older than the file: it closes the locks of refs before it lets go of them.
    case olderGit
  }

  /// Whether no process of the file's owner has it open, and none is that `worker`; false where the system does not tell.
  /// Others but root cannot have made it.
  static func isFree(_ file: stat, besides worker: Worker) -> Bool {
    guard let processes = LooseFiles.names(in: "/proc") else { return false }
    var sawOwn = false
    for process in processes where process.utf8.allSatisfy({ (48...57).contains($0) }) {
      var owner = stat()
      guard stat("/proc/\(process)", &owner) == 0 else { continue }
      guard owner.st_uid == file.st_uid || file.st_uid == 0 && owner.st_uid == 0 else { continue }
      guard let descriptors = LooseFiles.names(in: "/proc/\(process)/fd") else {
        // It ended meanwhile, or keeps its descriptors to itself.
        if access("/proc/\(process)", F_OK) == 0, !isGone(process) { return false }
        continue
      }
      sawOwn = true
      for descriptor in descriptors {
        var open = stat()
        if stat("/proc/\(process)/fd/\(descriptor)", &open) == 0, open.st_dev == file.st_dev,
          open.st_ino == file.st_ino
        {
          return false
        }
      }
      guard process != "\(getpid())", let program = link("/proc/\(process)/exe")?.split(atScalar: "/").last
      else { continue }
      switch worker {
      case .nobody: break
      case .git(let directory):
        if program.begins(with: "git"), stands(process, in: directory) { return false }
      case .olderGit:
        guard program.begins(with: "git") else { continue }
        guard let start = start(of: process), start > modified(file) + 1 else { return false }
      }
    }
    // `/proc` may hide all but one's own.
    return sawOwn && file.st_uid == geteuid()
  }

  private static func isGone(_ process: String) -> Bool {
    // A zombie has no descriptors.
    fields(of: process)?.first.map { $0.utf8.elementsEqual("Z".utf8) } ?? true
  }

  /// When the process began, in seconds since 1970.
  private static func start(of process: String) -> Double? {
    guard let fields = fields(of: process), fields.count > 19, let ticks = Double(fields[19]),
      let uptime = text(of: "/proc/uptime").flatMap({ $0.split(atScalar: " ").first }).flatMap({ Double($0) })
    else { return nil }
    return now() - uptime + ticks / Double(sysconf(Int32(_SC_CLK_TCK)))
  }

  /// What `/proc/PID/stat` says of it after its name, from its state on.
  private static func fields(of process: String) -> [Substring]? {
    // Its name may hold anything.
    guard let text = text(of: "/proc/\(process)/stat"), let end = text.lastIndex(ofScalar: ")") else {
      return nil
    }
    return Array(text[end...].split(atScalar: " ").dropFirst())
  }

  private static func text(of path: String) -> String? {
    guard let stream = fopen(path, "r") else { return nil }
    defer { fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: 1024)
    let count = fread(&bytes, 1, bytes.count, stream)
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// In seconds since 1970, as all times here.
  static func now() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
  }

  static func modified(_ file: stat) -> Double {
    #if canImport(Darwin)
      let modified = file.st_mtimespec
    #else
      let modified = file.st_mtim
    #endif
    return Double(modified.tv_sec) + Double(modified.tv_nsec) / 1e9
  }

  private static func stands(_ process: String, in directory: String) -> Bool {
    link("/proc/\(process)/cwd").map { ($0 + "/").begins(with: directory + "/") } ?? false
  }

  private static func link(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
