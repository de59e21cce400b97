import CLibgit2
import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension Repository {
  /// Gives this repository the packs and loose objects of `other` that it lacks, as hard links; as copies where the file
  /// system has none.
  ///
  /// A pack gets a `.keep` beside it that says `note`, so that a collection here leaves it as it is (git-repack(1)). Nothing is
  /// checked of what is linked: Git has, when it came in there. An interruption leaves objects that nothing names, and packs
  /// without an index, which are none. Looks at the names of all loose objects and packs of `other`.
  public func linkObjects(of other: Repository, keeping note: String) throws(GitError) {
    let operation = "take the objects of \(other.gitDirectory)"
    let (source, destination) = (other.commonDirectory + "/objects", commonDirectory + "/objects")
    // A collection there may put a pack in the place of others, and of loose objects, at any time.
    for _ in 0..<10 {
      let isAll = try linkPacks(from: source, to: destination, keeping: note, operation)
      try check(operation) { git_odb_refresh(database.raw) }
      if try linkLooseObjects(from: source, to: destination, operation) && isAll {
        try check(operation) { git_odb_refresh(database.raw) }
        return
      }
    }
    throw GitError(.modified, operation, "its packs do not stay the same for as long as it takes")
  }

  /// Whether all its objects are in one pack, but for the empty tree, or there are none.
  public var isPacked: Bool {
    get throws(GitError) {
      let objects = commonDirectory + "/objects"
      let operation = "look at the objects of \(gitDirectory)"
      let packs = try RegularFile.names(in: objects + "/pack", operation).filter { $0.ends(with: ".pack") }
      guard packs.count <= 1 else { return false }
      for directory in try RegularFile.names(in: objects, operation) where Self.isFanOut(directory) {
        let names = try RegularFile.names(in: "\(objects)/\(directory)", operation)
        guard names.compactMap({ ObjectID(hex: directory + $0) }).allSatisfy({ $0 == .emptyTree }) else {
          return false
        }
      }
      return true
    }
  }

  /// Takes the `.keep` that says `note` from each pack here that none of `others` has, so that the next collection packs what it
  /// holds anew, or drops it.
  public func releasePacks(keptBy note: String, notIn others: [String]) throws(GitError) {
    let operation = "release packs of \(gitDirectory)"
    let packs = commonDirectory + "/objects/pack"
    for name in try RegularFile.names(in: packs, operation) where name.ends(with: ".keep") {
      let stem = String(name.dropLast(bytes: ".keep".utf8.count))
      guard !others.contains(where: { access("\($0)/objects/pack/\(stem).pack", F_OK) == 0 }),
        ObjectFile.holds(note + "\n", at: "\(packs)/\(name)")
      else { continue }
      guard unlink("\(packs)/\(name)") == 0 || errno == ENOENT else {
        throw ObjectFile.failure(operation, "\(packs)/\(name)")
      }
    }
  }

  /// Whether loose objects are in a directory of that name: the first byte of their ids.
  private static func isFanOut(_ directory: String) -> Bool {
    directory.utf8.count == 2 && directory.unicodeScalars.allSatisfy(\.isASCIIHexDigit)
  }

  /// Returns false where one went meanwhile.
  private func linkPacks(
    from source: String, to destination: String, keeping note: String, _ operation: String
  ) throws(GitError) -> Bool {
    for name in try RegularFile.names(in: source + "/pack", operation) where name.ends(with: ".idx") {
      let stem = "pack/" + name.dropLast(bytes: ".idx".utf8.count)
      guard access("\(destination)/\(stem).idx", F_OK) != 0 else { continue }
      try ObjectFile.write(note + "\n", to: "\(destination)/\(stem).keep", operation)
      // Git takes a pack for one when its index is there (gitformat-pack(5)).
      for ending in [".pack", ".rev", ".idx"] {
        let isThere = try ObjectFile.link(
          "\(source)/\(stem)\(ending)", to: "\(destination)/\(stem)\(ending)", operation)
        guard isThere || ending == ".rev" else { return false }
      }
    }
    return true
  }

  /// Returns false where one went meanwhile.
  private func linkLooseObjects(
    from source: String, to destination: String, _ operation: String
  ) throws(GitError) -> Bool {
    for directory in try RegularFile.names(in: source, operation)
    where Self.isFanOut(directory) {
      var isMade = false
      for name in try RegularFile.names(in: "\(source)/\(directory)", operation) {
        guard let id = ObjectID(hex: directory + name), !containsWithoutRefresh(id) else { continue }
        if !isMade {
          try ObjectFile.makeDirectory(
            "\(destination)/\(directory)", like: "\(source)/\(directory)", operation)
          isMade = true
        }
        let path = "\(directory)/\(name)"
        guard try ObjectFile.link("\(source)/\(path)", to: "\(destination)/\(path)", operation) else {
          return false
        }
      }
    }
    return true
  }
}

/// A file of a repository's objects, which nobody changes once it is there.
private enum ObjectFile {
  /// Makes `path` another name of the file `original`, or a copy of it; one that is there already stays. Returns false where
  /// there is no `original`.
  static func link(_ original: String, to path: String, _ operation: String) throws(GitError) -> Bool {
    if systemLink(original, path) == 0 { return true }
    switch errno {
    case EEXIST: return true
    case ENOENT: return false
    case EXDEV, EPERM, EMLINK, ENOTSUP, ENOSYS, EACCES: break
    default: throw failure(operation, path)
    }
    let source = open(original, O_RDONLY | O_CLOEXEC)
    guard source >= 0 else {
      if errno == ENOENT { return false }
      throw failure(operation, original)
    }
    defer { close(source) }
    try make(path, operation) { copy(source, to: $0) }
    return true
  }

  static func makeDirectory(_ path: String, like other: String, _ operation: String) throws(GitError) {
    guard mkdir(path, 0o777) != 0 else {
      // As Git has it where the repository is shared (git-config(1), `core.sharedRepository`).
      var status = stat()
      if stat(other, &status) == 0 { chmod(path, status.st_mode & 0o7777) }
      return
    }
    guard errno == EEXIST else { throw failure(operation, path) }
  }

  static func write(_ text: String, to path: String, _ operation: String) throws(GitError) {
    try make(path, operation) { write(Array(text.utf8)[...], to: $0) }
  }

  /// Whether the file holds that text, and nothing else.
  static func holds(_ text: String, at path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: text.utf8.count + 1)
    let count = read(descriptor, &buffer)
    return buffer[..<max(0, count)].elementsEqual(text.utf8)
  }

  /// Whole or not at all: what `fill` writes has a name that a collection takes for an abandoned one until it is on the disk.
  private static func make(
    _ path: String, _ operation: String, _ fill: (CInt) -> Bool
  ) throws(GitError) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex
    let draft = "\(path[..<slash])/tmp_weave_\(getpid())_\(UInt32.random(in: 0 ... .max))"
    let descriptor = open(draft, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o444)
    guard descriptor >= 0 else { throw failure(operation, draft) }
    let reason = fill(descriptor) && fsync(descriptor) == 0 ? nil : failure(operation, draft)
    close(descriptor)
    guard reason == nil, rename(draft, path) == 0 else {
      let error = reason ?? failure(operation, path)
      unlink(draft)
      throw error
    }
  }

  /// Returns false, with `errno`, where that fails.
  private static func copy(_ source: CInt, to destination: CInt) -> Bool {
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(source, &buffer)
      guard count > 0 else { return count == 0 }
      guard write(buffer[..<count], to: destination) else { return false }
    }
  }

  private static func write(_ bytes: ArraySlice<UInt8>, to descriptor: CInt) -> Bool {
    var rest = bytes
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func read(_ descriptor: CInt, _ buffer: inout [UInt8]) -> Int {
    while true {
      let count = buffer.withUnsafeMutableBytes { systemRead(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      return count
    }
  }

  static func failure(_ operation: String, _ path: String) -> GitError {
    GitError(.generic, operation, "\(path): \(String(cString: strerror(errno)))")
  }
}

private func systemLink(_ original: String, _ path: String) -> CInt { link(original, path) }
private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
private func systemRead(_ descriptor: CInt, _ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  read(descriptor, bytes, count)
}
