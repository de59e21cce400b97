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
  /// Whether no process of the file's owner has it open, and no Git of theirs stands in `worktree`; false where the system does
  /// not tell. Others but root cannot have made it.
  static func isFree(_ file: stat, worktree: String?) -> Bool {
    guard let processes = names(in: "/proc") else { return false }
    var sawOwn = false
    for process in processes where process.utf8.allSatisfy({ (48...57).contains($0) }) {
      var owner = stat()
      guard stat("/proc/\(process)", &owner) == 0 else { continue }
      guard owner.st_uid == file.st_uid || file.st_uid == 0 && owner.st_uid == 0 else { continue }
      guard let descriptors = names(in: "/proc/\(process)/fd") else {
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
      if let worktree, stands(process, in: worktree) { return false }
    }
    // `/proc` may hide all but one's own.
    return sawOwn && file.st_uid == geteuid()
  }

  private static func isGone(_ process: String) -> Bool {
    // A zombie has no descriptors.
    guard let stream = fopen("/proc/\(process)/stat", "r") else { return true }
    defer { fclose(stream) }
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = fread(&bytes, 1, bytes.count, stream)
    let text = String(decoding: bytes[..<count], as: UTF8.self)
    guard let end = text.lastIndex(ofScalar: ")") else { return true }
    return text[end...].split(atScalar: " ").dropFirst().first.map { $0.utf8.elementsEqual("Z".utf8) } ?? true
  }

  private static func stands(_ process: String, in directory: String) -> Bool {
    guard let program = link("/proc/\(process)/exe"),
      program.split(atScalar: "/").last?.begins(with: "git") == true,
      let place = link("/proc/\(process)/cwd")
    else { return false }
    return (place + "/").begins(with: directory + "/")
  }

  private static func link(_ path: String) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink(path, &bytes, bytes.count)
    guard count > 0 else { return nil }
    return String(decoding: bytes[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  private static func names(in directory: String) -> [String]? {
    guard let stream = opendir(directory) else { return nil }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
