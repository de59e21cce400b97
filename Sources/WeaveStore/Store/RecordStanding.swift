import Git

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Where the records stand that say what is wanted, as their kind has it, and what was accepted of the manifests. Two that are
/// equal are of one state.
///
/// Read from the files of the refs, as Git keeps them (gitrepository-layout(5)): each loose ref by its content, and
/// `packed-refs` by what `stat` says of it, as Git itself knows whether it has changed. A ref that moves never comes back
/// to where it was, so that what is read of one after the other stood so at once.
public struct RecordStanding: Equatable, Sendable {
  let bytes: [UInt8]

  /// Nil where the store is another user's, or its refs are kept in another way: then it is Git's to say who may read it, and
  /// how.
  public init?(gitDirectory: String, of kinds: [RecordKind] = RecordKind.all) {
    var status = stat()
    guard stat(gitDirectory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid()
    else { return nil }
    guard stat(gitDirectory + "/reftable", &status) != 0 else { return nil }
    var text = ""
    if stat(gitDirectory + "/packed-refs", &status) == 0 {
      #if canImport(Darwin)
        let modified = status.st_mtimespec
      #else
        let modified = status.st_mtim
      #endif
      text = "\(status.st_dev) \(status.st_ino) \(status.st_size) \(modified.tv_sec) \(modified.tv_nsec)\n"
    }
    for audience in ["public", "private"] {
      let directory = "\(gitDirectory)/refs/weave/\(audience)"
      for kind in kinds where kind.isWanted {
        if kind.isSingle {
          text += Self.line(directory, kind.name)
        } else {
          let directory = "\(directory)/\(kind.name)"
          for name in Self.names(in: directory) { text += Self.line(directory, name) }
        }
      }
    }
    text += Self.line("\(gitDirectory)/refs/weave-local", "accepted")
    bytes = Array(text.utf8)
  }

  private static func line(_ directory: String, _ name: String) -> String {
    let path = "\(directory)/\(name)"
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return "" }
    defer { close(descriptor) }
    // A ref's file is an id and a line feed; what is longer is none, and of no matter beyond that it is there.
    let content = [UInt8](unsafeUninitializedCapacity: 64) { buffer, count in
      count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
    }
    return "\(path) \(String(decoding: content, as: UTF8.self))\n"
  }

  /// Sorted.
  private static func names(in directory: String) -> [String] {
    (LooseFiles.names(in: directory) ?? []).sorted()
  }
}
