import ForeignText
import Git
import WeaveModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// The URLs with secrets of projects and remotes: a file each, `weave/secrets/project/<name>` and
/// `weave/secrets/remote/<name>` in the store's directory, that only its owner may read. They are in no record, and nothing
/// that is pushed, pulled or cloned has them (Docs/security.md, "What a URL may tell").
struct KeptSecrets {
  enum Kind: String { case project, remote }

  private let gitDirectory: String
  private var directory: String { gitDirectory + "/weave/secrets" }

  init(gitDirectory: String) { self.gitDirectory = gitDirectory }

  /// The URL that is kept under that name; nil where none is.
  func url(of kind: Kind, _ name: String) throws -> RepositoryURL? {
    let path = path(kind, name)
    let file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
    guard file >= 0 else {
      // Another user's, in a store that is shared, is not for this one: Git then asks for one as for any URL without.
      guard [ENOENT, ENOTDIR, EACCES].contains(errno) else { throw failure("read", path) }
      return nil
    }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(file, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw failure("read", path) }
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    return RepositoryURL(String(foreign: bytes).trimmingLineFeed)
  }

  /// Keeps `url` where it has a secret, in place of what was kept, and else nothing.
  func keep(_ url: RepositoryURL, of kind: Kind, _ name: String) throws {
    guard url.hasSecret else { return try forget(kind, name) }
    for folder in [gitDirectory + "/weave", directory, "\(directory)/\(kind)"] {
      guard mkdir(folder, folder == gitDirectory + "/weave" ? 0o755 : 0o700) == 0 || errno == EEXIST else {
        throw failure("make", folder)
      }
    }
    let path = path(kind, name)
    // No name holds that.
    let new = path + "~"
    unlink(new)
    let file = open(new, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw failure("write", new) }
    var rest = Array("\(url.textWithSecret)\n".utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        let failure = failure("write", new)
        close(file)
        throw failure
      }
      rest = rest.dropFirst(count)
    }
    fsync(file)
    close(file)
    guard rename(new, path) == 0 else { throw failure("write", path) }
  }

  /// Forgets what is kept under that name. What another user keeps in a store that is shared stays; nobody else reads it.
  func forget(_ kind: Kind, _ name: String) throws {
    let path = path(kind, name)
    guard unlink(path) == 0 || [ENOENT, ENOTDIR, EACCES].contains(errno) else {
      throw failure("remove", path)
    }
  }

  private func path(_ kind: Kind, _ name: String) -> String { "\(directory)/\(kind)/\(name)" }

  private func failure(_ verb: String, _ path: String) -> StoreError {
    StoreError("cannot \(verb) \(path): \(String(cString: strerror(errno)))")
  }
}

extension Store {
  var secrets: KeptSecrets { KeptSecrets(gitDirectory: repository.gitDirectory) }

  /// What Git is to fetch the project from: its source, with the secret that is kept here for just that source.
  public func url(of record: ProjectRecord) throws -> RepositoryURL {
    guard !record.source.hasSecret, let kept = try secrets.url(of: .project, record.name.text),
      kept.isSame(as: record.source)
    else { return record.source }
    return kept
  }

  /// Keeps the secret of a project's source on this machine; forgets the former where `url` has none.
  public func keepSecret(of url: RepositoryURL, for project: ProjectName) throws {
    try secrets.keep(url, of: .project, project.text)
  }
}
