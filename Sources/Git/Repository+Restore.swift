import CLibgit2

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension Repository {
  /// Stores the object as `source` has it, in the place of one that is missing, or whose own file is damaged: that file
  /// is moved to `damaged` in the Git directory. Its id is that of its content, so that it is what it was.
  ///
  /// Throws where `source` does not have it whole; then nothing has changed.
  public func restoreObject(_ id: ObjectID, from source: Repository) throws(GitError) {
    let (kind, bytes) = try source.rawObject(id)
    let isAside = try setAsideLooseFile(of: id)
    let written: ObjectID
    do { written = try write(kind, bytes) } catch {
      if isAside { rename(asidePath(of: id), loosePath(of: id)) }
      throw error
    }
    guard written == id else {
      throw GitError(.hashMismatch, "restore \(id)", "what \(source.gitDirectory) has is \(written)")
    }
  }

  /// Moves the object's own file to `damaged` in the Git directory; whether there was one.
  @discardableResult
  public func setAsideLooseFile(of id: ObjectID) throws(GitError) -> Bool {
    mkdir(gitDirectory + "/damaged", 0o700)
    if rename(loosePath(of: id), asidePath(of: id)) == 0 { return true }
    if errno == ENOENT { return false }
    throw GitError(
      .generic, "move \(loosePath(of: id)) to \(gitDirectory)/damaged", String(cString: strerror(errno)))
  }

  private func loosePath(of id: ObjectID) -> String {
    let digits = id.description
    return "\(objectsDirectory)/\(digits.prefix(2))/\(digits.dropFirst(2))"
  }

  private func asidePath(of id: ObjectID) -> String { "\(gitDirectory)/damaged/\(id)" }

  /// The ids of the objects in files of their own that cannot be read. Reads each.
  public func damagedLooseObjects() throws(GitError) -> [ObjectID] {
    var damaged: [ObjectID] = []
    let operation = "look at the objects of \(gitDirectory)"
    for directory in try RegularFile.names(in: objectsDirectory, operation) where directory.utf8.count == 2 {
      for file in try RegularFile.names(in: "\(objectsDirectory)/\(directory)", operation) {
        guard let id = ObjectID(hex: directory + file) else { continue }
        do { _ = try rawObject(id) } catch { damaged.append(id) }
      }
    }
    return damaged
  }
}
