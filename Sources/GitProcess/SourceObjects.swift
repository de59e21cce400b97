import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Objects of which no other source, and no public remote, is to give any: Git serves what it finds in a source's
/// `objects/info/alternates` as the source's own, and finds it with the rights of whoever fetches.
public struct GuardedObjects: Sendable {
  public enum Place: Sendable {
    /// All that is in the directory.
    case directory(String)
    /// The repository that something is fetched from, where it is a path, with what that one borrows itself.
    case source(RepositoryURL)
    /// The repository of the checkout whose top is the path.
    case checkout(String)
  }

  /// Whose they are, in words.
  public let owner: String
  public let place: Place

  public init(owner: String, place: Place) { (self.owner, self.place) = (owner, place) }
}

/// How `git fetch` is told of a source.
struct FetchSource {
  let url: RepositoryURL
  var options: [String] = []
  var configuration: [String] = []
}

extension GitProcess {
  /// Where Git is to fetch `url` from, so that it reads what was looked at here and nothing else. Throws where that is a path of
  /// this machine, and the repository there finds objects in one of the guarded places, be it by alternates or by links. Any
  /// other alternate is its own matter.
  ///
  /// - Parameter path: ``localPath(of:gitDirectory:)`` of it.
  func source(
    at url: RepositoryURL, path: String?, besides guarded: [GuardedObjects], gitDirectory: String,
    _ operation: String
  ) async throws(GitProcessError) -> FetchSource {
    guard !guarded.isEmpty, let path else {
      return FetchSource(url: url)
    }
    guard let found = try GitDirectory.ofSource(path) else {
      // A bundle, for which no program is run.
      return FetchSource(url: url, options: ["--upload-pack=false"])
    }
    let source = GitDirectory.canonical(found)
    try await requireOwnObjects(
      of: source, namedBy: path, besides: guarded, gitDirectory: gitDirectory, operation)
    let looked = RepositoryURL(source)
    // The longest match: `insteadOf` has had its say.
    let configuration = source.holds("=") ? [] : ["url.\(source).insteadOf=\(source)"]
    if configuration.isEmpty, try await !actualURL(of: looked, gitDirectory: gitDirectory).isSame(as: looked)
    {
      throw GitProcessError(
        operation: operation,
        reason: "\(url) is \(source) by `url.*.insteadOf`, which has another place for that in turn")
    }
    // Else Git would look for a repository in it, and then beside it; and an index of many packs names them by any path.
    return FetchSource(
      url: looked, options: ["--upload-pack=git -c core.multiPackIndex=false upload-pack --strict"],
      configuration: configuration)
  }

  /// Throws where `url` is a path of this machine, and the repository there finds objects in one of the guarded places.
  public func requireOwnObjects(
    at url: RepositoryURL, besides guarded: [GuardedObjects], gitDirectory: String, _ operation: String
  ) async throws(GitProcessError) {
    guard !guarded.isEmpty else { return }
    let path = try await localPath(of: url, gitDirectory: gitDirectory)
    _ = try await source(at: url, path: path, besides: guarded, gitDirectory: gitDirectory, operation)
  }

  private func requireOwnObjects(
    of source: String, namedBy path: String, besides guarded: [GuardedObjects], gitDirectory: String,
    _ operation: String
  ) async throws(GitProcessError) {
    let objects = try await objectPlaces(of: source)
    // To ask Git where another is takes some ms.
    let leadsElsewhere =
      objects.places.count > 1 || !GitDirectory.canonical(path).isExactly(path)
      || !objects.own.isInside(source)
    for guarded in guarded {
      let roots: [ObjectPlace]
      switch guarded.place {
      case .directory(let directory):
        roots = [directory, directory + "/objects"].map(ObjectPlace.init)
      case .source(let url):
        guard leadsElsewhere, let path = try await localPath(of: url, gitDirectory: gitDirectory),
          let other = try GitDirectory.ofSource(path)
        else { continue }
        let lent = try await objectPlaces(of: other)
        // What it borrows of this very source is this one's.
        roots = [lent.own] + lent.directories.filter { $0 != objects.own }
      case .checkout(let path):
        guard leadsElsewhere, let other = try GitDirectory.ofCheckout(path) else { continue }
        roots = [try await objectPlaces(of: other).own]
      }
      guard let place = objects.places.first(where: { place in roots.contains { place.isInside($0) } }) else {
        continue
      }
      throw GitProcessError(
        operation: operation,
        reason: "it also finds objects in \(place.realPath), and these are of \(guarded.owner)",
        hint:
          "where it needs some of them, `git repack -a -d` there; then remove what leads there, as a line in "
          + "\(source)/objects/info/alternates"
      )
    }
  }

  /// Where Git itself, run on that Git directory, looks for objects.
  private func objectPlaces(of gitDirectory: String) async throws(GitProcessError) -> ObjectPlaces {
    let operation = "look where \(gitDirectory) finds its objects"
    let own = try await run(
      ["rev-parse", "--git-path", "objects"], at: .repository(gitDirectory), stallLimit: Self.longestLook)
    guard own.succeeded, own.standardOutput.first == UInt8(ascii: "/"),
      own.standardOutput.last == UInt8(ascii: "\n")
    else {
      throw GitProcessError(operation: operation, output: own)
    }
    let counted = try await run(
      ["count-objects", "-v"], at: .repository(gitDirectory), stallLimit: Self.longestLook)
    guard counted.succeeded else { throw GitProcessError(operation: operation, output: counted) }
    let alternates = counted.standardOutput.split(separator: UInt8(ascii: "\n")).compactMap { line in
      line.starts(with: "alternate: ".utf8) ? line.dropFirst("alternate: ".utf8.count) : nil
    }
    func path(_ bytes: some Collection<UInt8>) throws(GitProcessError) -> String {
      guard let path = String(validating: Array(bytes), as: UTF8.self) else {
        throw GitProcessError(
          operation: operation, reason: "the name of \(String(foreign: Array(bytes))) is not UTF-8")
      }
      return path
    }
    var others: [String] = []
    for alternate in alternates {
      others.append(try path(ObjectDirectories.quoted(alternate)?.text ?? Array(alternate)))
    }
    return try ObjectPlaces(own: path(own.standardOutput.dropLast()), alternates: others)
  }

  private static let longestLook = StallLimit.transfer(.seconds(60))
}

/// A file or directory, however it is named.
private struct ObjectPlace: Equatable {
  let realPath: String
  private let identity: [UInt64]?

  init(_ path: String) {
    realPath = GitDirectory.canonical(path)
    var status = stat()
    identity =
      stat(path, &status) == 0
      ? [UInt64(truncatingIfNeeded: status.st_dev), UInt64(truncatingIfNeeded: status.st_ino)] : nil
  }

  func isInside(_ path: String) -> Bool { realPath.isExactly(path) || realPath.begins(with: path + "/") }

  func isInside(_ other: ObjectPlace) -> Bool {
    (identity != nil && identity == other.identity) || isInside(other.realPath)
  }

  static func == (one: ObjectPlace, other: ObjectPlace) -> Bool {
    one.identity == other.identity && one.realPath.isExactly(other.realPath)
  }
}

/// The directories in which Git looks for the objects of a repository, and what links in them lead to.
private struct ObjectPlaces {
  let own: ObjectPlace
  let directories: [ObjectPlace]
  private(set) var places: [ObjectPlace]

  init(own: String, alternates: [String]) throws(GitProcessError) {
    let paths = [own] + alternates
    directories = paths.map(ObjectPlace.init)
    self.own = directories[0]
    places = directories
    for directory in paths {
      for (name, kind) in try Self.entries(of: directory) {
        let path = "\(directory)/\(name)"
        if kind == .link { places.append(ObjectPlace(path)) }
        guard kind != .other else { continue }
        for (inner, kind) in try Self.entries(of: path) where kind == .link {
          places.append(ObjectPlace("\(path)/\(inner)"))
        }
      }
    }
  }

  private enum Kind { case link, directory, other }

  /// What is in the directory, without `.` and `..`; nothing where there is none.
  private static func entries(of directory: String) throws(GitProcessError) -> [(name: String, kind: Kind)] {
    func failure() -> GitProcessError {
      GitProcessError(operation: "list \(directory)", reason: String(cString: strerror(errno)))
    }
    guard let stream = opendir(directory) else {
      if errno == ENOENT || errno == ENOTDIR { return [] }
      throw failure()
    }
    defer { closedir(stream) }
    var entries: [(name: String, kind: Kind)] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw failure() }
        return entries
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(validatingCString: $0) }
      }
      guard let name else {
        throw GitProcessError(operation: "list \(directory)", reason: "a name in it is not UTF-8")
      }
      guard name != ".", name != ".." else { continue }
      entries.append((name, kind(of: "\(directory)/\(name)", Int32(entry.pointee.d_type))))
    }
  }

  private static func kind(of path: String, _ type: Int32) -> Kind {
    switch type {
    case Int32(DT_LNK): return .link
    case Int32(DT_DIR): return .directory
    case Int32(DT_UNKNOWN): break
    default: return .other
    }
    var status = stat()
    guard lstat(path, &status) == 0 else { return .other }
    return switch status.st_mode & S_IFMT {
    case S_IFLNK: .link
    case S_IFDIR: .directory
    default: .other
    }
  }
}
