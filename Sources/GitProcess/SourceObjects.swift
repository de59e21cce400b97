import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Objects of which no source of another project is to be given any: Git serves what it finds in a source's
/// `objects/info/alternates` as the source's own, and finds it with the rights of whoever fetches.
public struct GuardedObjects: Sendable {
  public enum Place: Sendable {
    /// All that is in the directory.
    case directory(String)
    /// The repository that a project is fetched from, where it is a path.
    case source(RepositoryURL)
  }

  /// Whose they are, in words.
  public let owner: String
  public let place: Place

  public init(owner: String, place: Place) { (self.owner, self.place) = (owner, place) }
}

extension GitProcess {
  /// Throws where the repository at the local path finds objects in one of the guarded places, be it by alternates, which are
  /// followed as Git does, or by links. Any other alternate is its own matter.
  func requireOwnObjects(
    at path: String, besides guarded: [GuardedObjects], gitDirectory: String, _ operation: String
  ) async throws(GitProcessError) {
    guard !guarded.isEmpty, let source = try GitDirectory.ofSource(path) else { return }
    let objects = try SourceObjects(of: source, namedBy: path)
    for guarded in guarded {
      var roots: [String] = []
      switch guarded.place {
      case .directory(let directory): roots = [directory, directory + "/objects"]
      case .source(let url):
        // To ask Git where it is takes some ms.
        guard objects.leadElsewhere, let path = try await localPath(of: url, gitDirectory: gitDirectory),
          let other = try GitDirectory.ofSource(path)
        else { continue }
        roots = [try SourceObjects.directory(of: other)]
      }
      guard let place = objects.first(in: roots) else { continue }
      throw GitProcessError(
        operation: operation,
        reason: "it also finds objects in \(place), and these are of \(guarded.owner)",
        hint:
          "where it needs some of them, `git repack -a -d` there; then remove \(source)/objects/info/alternates"
      )
    }
  }
}

/// Where Git looks for the objects of a repository that is here.
private struct SourceObjects {
  private var places: [Place] = []
  /// Whether these are more than a directory of its own.
  private(set) var leadElsewhere = false

  private struct Place {
    let path: String
    let realPath: String
    let identity: [UInt64]?
  }

  private static let mostDirectories = 1_000

  init(of gitDirectory: String, namedBy path: String) throws(GitProcessError) {
    let own = try Self.directory(of: gitDirectory)
    leadElsewhere =
      GitDirectory.canonical(path) != path || GitDirectory.canonical(own) != own || !own.begins(with: path)
    // Git follows five, one of another. Which these are depends on their order, and all are looked at.
    var pending = [own]
    var seen: Set<[UInt64]> = []
    while let directory = pending.popLast() {
      guard let identity = Self.identity(of: directory), seen.insert(identity).inserted else { continue }
      guard seen.count <= Self.mostDirectories else {
        throw GitProcessError(
          operation: "look where \(path) finds its objects",
          reason: "it names more than \(Self.mostDirectories) directories in objects/info/alternates")
      }
      add(directory)
      for folder in [directory, directory + "/pack"] {
        for name in try Self.names(in: folder) where Self.isLink("\(folder)/\(name)") {
          add("\(folder)/\(name)")
        }
      }
      for line in try Self.alternates(of: directory) {
        pending.append(line.begins(with: "/") ? line : "\(directory)/\(line)")
      }
    }
    leadElsewhere = leadElsewhere || places.count > 1
  }

  private mutating func add(_ path: String) {
    places.append(
      Place(path: path, realPath: GitDirectory.canonical(path), identity: Self.identity(of: path)))
  }

  /// The first that is one of the directories, or in one; nil where none is.
  func first(in roots: [String]) -> String? {
    let identities = roots.compactMap(Self.identity)
    let prefixes = roots.map(GitDirectory.canonical)
    return places.first { place in
      place.identity.map(identities.contains) == true
        || prefixes.contains { place.realPath.isExactly($0) || place.realPath.begins(with: $0 + "/") }
    }?.realPath
  }

  /// The directory of objects of a Git directory, which may be one of a linked worktree.
  static func directory(of gitDirectory: String) throws(GitProcessError) -> String {
    guard let bytes = try contents(of: gitDirectory + "/commondir") else { return gitDirectory + "/objects" }
    let common = String(foreign: bytes.prefix { $0 != UInt8(ascii: "\n") })
    return (common.begins(with: "/") ? common : "\(gitDirectory)/\(common)") + "/objects"
  }

  /// What the file names, in any of the ways in which Git reads a line (`link_alt_odb_entries` of its object-file.c).
  private static func alternates(of directory: String) throws(GitProcessError) -> [String] {
    guard let bytes = try contents(of: directory + "/info/alternates") else { return [] }
    return bytes.split(separator: UInt8(ascii: "\n")).filter { $0.first != UInt8(ascii: "#") }.map { line in
      String(foreign: ObjectDirectories.quoted(line)?.text ?? Array(line))
    }
  }

  private static func identity(of path: String) -> [UInt64]? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return [UInt64(truncatingIfNeeded: status.st_dev), UInt64(truncatingIfNeeded: status.st_ino)]
  }

  private static func isLink(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }

  private static func names(in directory: String) throws(GitProcessError) -> [String] {
    func failure() -> GitProcessError {
      GitProcessError(operation: "list \(directory)", reason: String(cString: strerror(errno)))
    }
    guard let stream = opendir(directory) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw failure()
    }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw failure() }
        return names
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
  }

  /// What the file holds; nil where there is none. Of one with more than a MiB, as no user of Git writes it, no part is taken for
  /// the whole.
  private static func contents(of file: String) throws(GitProcessError) -> [UInt8]? {
    func failure(_ reason: String) -> GitProcessError {
      GitProcessError(operation: "read \(file)", reason: reason)
    }
    let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ENOTDIR { return nil }
      throw failure(String(cString: strerror(errno)))
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw failure("it is no regular file")
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count >= 0 else { throw failure(String(cString: strerror(errno))) }
      if count == 0 { return bytes }
      bytes += buffer[..<count]
      guard bytes.count <= 1 << 20 else { throw failure("it has more than a MiB") }
    }
  }
}
