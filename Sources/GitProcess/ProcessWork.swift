import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// What a process and those that it has started have done so far, as /proc tells (proc(5)).
struct ProcessWork {
  /// Their ids, each before those that it has started.
  private(set) var processes: [pid_t] = []
  /// What they have read and written. Not of `ssh`, which answers the other side's questions whether it lives.
  private(set) var bytes = 0
  /// The time of processors that they have used, with those that have ended.
  private(set) var ticks: Int64 = 0

  /// Nil where the system does not tell.
  init?(of root: pid_t) {
    var pending = [root]
    while let process = pending.popLast() {
      // One that has just ended has left nothing there.
      guard let status = Self.read("/proc/\(process)/stat"), let name = Self.name(in: status) else {
        if process == root { return nil }
        continue
      }
      processes.append(process)
      let fields = name.rest.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
      // utime, stime, cutime and cstime; the first is that of the state.
      guard fields.count > 14 else { return nil }
      ticks += fields[11...14].compactMap { Int64($0) }.reduce(0, +)
      if !name.name.starts(with: "ssh".utf8) { bytes &+= Self.transferred(by: process) }
      guard let children = Self.children(of: process) else {
        if process == root { return nil }
        continue
      }
      pending += children
    }
  }

  private static func name(in status: [UInt8]) -> (name: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
    guard let start = status.firstIndex(of: UInt8(ascii: "(")),
      let end = status.lastIndex(of: UInt8(ascii: ")")), start < end
    else { return nil }
    return (status[(start + 1)..<end], status[(end + 1)...])
  }

  private static func transferred(by process: pid_t) -> Int {
    guard let text = read("/proc/\(process)/io") else { return 0 }
    return text.split(separator: UInt8(ascii: "\n")).prefix(2).reduce(0) { sum, line in
      let number = line.split(separator: UInt8(ascii: " ")).last.map { String(decoding: $0, as: UTF8.self) }
      return sum &+ (number.flatMap { Int($0) } ?? 0)
    }
  }

  private static func children(of process: pid_t) -> [pid_t]? {
    let tasks = "/proc/\(process)/task"
    guard let directory = opendir(tasks) else { return nil }
    defer { closedir(directory) }
    var children: [pid_t] = []
    while let entry = readdir(directory) {
      let task = withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard let task = pid_t(task) else { continue }
      guard let list = read("\(tasks)/\(task)/children") else {
        // That thread has ended, or the kernel keeps no such list.
        if task == process { return nil }
        continue
      }
      children += list.split(separator: UInt8(ascii: " ")).compactMap {
        pid_t(String(decoding: $0, as: UTF8.self))
      }
    }
    return children
  }

  /// Nil where there is none, or no more.
  private static func read(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = buffer.withUnsafeMutableBytes {
        #if canImport(Glibc)
          Glibc.read(descriptor, $0.baseAddress, $0.count)
        #elseif canImport(Darwin)
          Darwin.read(descriptor, $0.baseAddress, $0.count)
        #else
          Musl.read(descriptor, $0.baseAddress, $0.count)
        #endif
      }
      guard count >= 0 else { return nil }
      guard count > 0 else { return bytes }
      bytes += buffer[..<count]
    }
  }
}
