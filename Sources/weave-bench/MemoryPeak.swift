import Foundation

#if canImport(Glibc)
  // The Glibc module leaves out <malloc.h>.
  @_silgen_name("malloc_trim") private func trimHeap(_ padding: Int) -> Int32
#endif

/// The most memory that the process has held since this was made, by Linux's account; nothing elsewhere.
struct MemoryPeak {
  init() {
    // Linux: what was freed goes back, and the highest mark is forgotten (proc(5), clear_refs).
    #if canImport(Glibc)
      _ = trimHeap(0)
    #endif
    try? Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
  }

  var megabytes: Double? {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
      let kilobytes = line.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first.flatMap({
        Double($0)
      })
    else { return nil }
    return kilobytes / 1_024
  }
}
