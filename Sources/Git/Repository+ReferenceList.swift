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
  /// 1 µs for each packed one, a file read for each loose one. All, or an error: libgit2's own iterators skip
  /// one that they cannot read, and a directory, without a word, and a lost ledger would go unseen.
  public func references(matching glob: String) throws(GitError) -> [Reference] {
    let before = try looseNames(matching: glob)
    let operation = "list \(glob)"
    try refuseNUL(glob, operation)
    let iterator = try Owned(operation, free: { git_reference_iterator_free($0) }) {
      git_reference_iterator_glob_new(&$0, handle.raw, glob)
    }
    var references: [Reference] = []
    try iterator.read { iterator throws(GitError) in
      while let reference = try Self.next(iterator, operation) { references.append(reference) }
    }
    // One that was there before the listing and was passed over; one that was made since came later.
    let listed = Set(references.map { Array($0.name.utf8) })
    for name in before where !listed.contains(Array(name.utf8)) {
      if let reference = try reference(name) { references.append(reference) }
    }
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

  /// The names of the files of loose references that fit `glob`.
  private func looseNames(matching glob: String) throws(GitError) -> [String] {
    let literal = glob.prefix(whileScalar: { !"*?[\\".unicodeScalars.contains($0) })
    var pending = [
      literal.split(atScalar: "/", keepsEmpty: true).dropLast().joined(separator: "/")
    ]
    guard pending[0] == "refs" || pending[0].begins(with: "refs/") else { return [] }
    var names: [String] = []
    while let directory = pending.popLast() {
      for (name, isDirectory) in try Self.content(of: "\(commonDirectory)/\(directory)") {
        let path = "\(directory)/\(name)"
        if isDirectory {
          pending.append(path)
        } else if fnmatch(glob, path, 0) == 0, Self.isValid(path) {
          names.append(path)
        }
      }
    }
    return names
  }

  private static func isValid(_ name: String) -> Bool {
    var valid: Int32 = 0
    return git_reference_name_is_valid(&valid, name) == 0 && valid == 1
  }

  /// Names in a directory, and whether each is a directory itself; none where there is no directory.
  private static func content(of path: String) throws(GitError) -> [(name: String, isDirectory: Bool)] {
    guard let directory = opendir(path) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw failure("list the references in \(path)")
    }
    defer { closedir(directory) }
    var content: [(name: String, isDirectory: Bool)] = []
    errno = 0
    while let entry = readdir(directory) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.begins(with: ".") {
        content.append((name, try isDirectory("\(path)/\(name)", kind: Int(entry.pointee.d_type))))
      }
      errno = 0
    }
    guard errno == 0 else { throw failure("list the references in \(path)") }
    return content
  }

  /// `kind` as `readdir` says it, which some file systems leave unknown.
  private static func isDirectory(_ path: String, kind: Int) throws(GitError) -> Bool {
    guard kind == Int(DT_UNKNOWN) else { return kind == Int(DT_DIR) }
    var status = stat()
    guard lstat(path, &status) == 0 else {
      // Gone since it was listed.
      if errno == ENOENT { return false }
      throw failure("look at \(path)")
    }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  private static func failure(_ operation: String) -> GitError {
    GitError(.generic, operation, String(cString: strerror(errno)))
  }
}
