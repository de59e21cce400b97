import Git

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension Store {
  /// The names of the loose refs whose files are empty, as a power cut can leave them, sorted.
  public func brokenReferences() -> [String] {
    var broken: [String] = []
    collect("refs", into: &broken)
    return broken.sorted()
  }

  private func collect(_ name: String, into broken: inout [String]) {
    guard let stream = opendir(repository.gitDirectory + "/" + name) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let child = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      guard child != ".", child != "..", !child.hasSuffix(".lock") else { continue }
      let path = name + "/" + child
      var status = stat()
      guard stat(repository.gitDirectory + "/" + path, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR { collect(path, into: &broken) } else if status.st_size == 0 { broken.append(path) }
    }
  }
}
