import CLibgit2
import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Repository {
  /// The references under `refs/` whose full names fit `glob`, sorted by the bytes of their names; `*`
  /// crosses slashes.
  ///
  /// 1 µs for each packed one, a file read for each loose one. One that cannot be read is an error that
  /// names it: libgit2's own iterators skip it without a word, and a lost ledger would go unseen.
  public func references(matching glob: String) throws(GitError) -> [Reference] {
    let operation = "list \(glob)"
    try refuseNUL(glob, operation)
    let iterator = try Owned(operation, free: { git_reference_iterator_free($0) }) {
      git_reference_iterator_glob_new(&$0, handle.raw, glob)
    }
    var references: [Reference] = []
    try iterator.read { iterator throws(GitError) in
      while let reference = try Self.next(iterator, operation) { references.append(reference) }
    }
    try checkLooseFiles(matching: glob, besides: Set(references.map { Array($0.name.utf8) }))
    return references.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  private static func next(_ iterator: OpaquePointer, _ operation: String) throws(GitError) -> Reference? {
    var made: OpaquePointer?
    try check(operation) {
      let code = git_reference_next(&made, iterator)
      return code == GIT_ITEROVER.rawValue ? 0 : code
    }
    guard let made else { return nil }
    return try Owned(made, free: { git_reference_free($0) }).read(value)
  }

  /// Reads each loose reference that fits `glob` and is not `listed`, which throws if it is broken.
  /// One that was made since the listing is not added: it came later.
  private func checkLooseFiles(matching glob: String, besides listed: Set<[UInt8]>) throws(GitError) {
    let literal = glob.prefix(whileScalar: { !"*?[\\".unicodeScalars.contains($0) })
    var pending = [
      literal.split(atScalar: "/", keepsEmpty: true).dropLast().joined(separator: "/")
    ]
    guard pending[0] == "refs" || pending[0].begins(with: "refs/") else { return }
    while let directory = pending.popLast() {
      for (name, isDirectory) in Self.content(of: "\(commonDirectory)/\(directory)") {
        let path = "\(directory)/\(name)"
        if isDirectory {
          pending.append(path)
        } else if !listed.contains(Array(path.utf8)), fnmatch(glob, path, 0) == 0, Self.isValid(path) {
          _ = try reference(path)
        }
      }
    }
  }

  private static func isValid(_ name: String) -> Bool {
    var valid: Int32 = 0
    return git_reference_name_is_valid(&valid, name) == 0 && valid == 1
  }

  /// Names in a directory, and whether each is a directory itself; nothing when it cannot be read.
  private static func content(of path: String) -> [(name: String, isDirectory: Bool)] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var content: [(name: String, isDirectory: Bool)] = []
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.begins(with: ".") { continue }
      content.append((name, isDirectory("\(path)/\(name)", kind: Int(entry.pointee.d_type))))
    }
    return content
  }

  /// `kind` as `readdir` says it, which some file systems leave unknown.
  private static func isDirectory(_ path: String, kind: Int) -> Bool {
    guard kind == Int(DT_UNKNOWN) else { return kind == Int(DT_DIR) }
    guard let directory = opendir(path) else { return false }
    closedir(directory)
    return true
  }
}
