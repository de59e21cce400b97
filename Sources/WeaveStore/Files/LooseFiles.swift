import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The files below a Git directory.
enum LooseFiles {
  /// The names in the directory, in no order; nil where it cannot be opened.
  static func names(in directory: String) -> [String]? {
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

  /// Calls `visit` with the name, from `gitDirectory`, of each file below `name`.
  static func visit(
    _ name: String, of gitDirectory: String, _ visit: (_ name: String, _ status: stat) -> Void
  ) {
    for child in names(in: gitDirectory + "/" + name) ?? [] {
      var status = stat()
      guard lstat(gitDirectory + "/" + name + "/" + child, &status) == 0 else { continue }
      if status.st_mode & S_IFMT == S_IFDIR {
        self.visit(name + "/" + child, of: gitDirectory, visit)
      } else {
        visit(name + "/" + child, status)
      }
    }
  }
}
