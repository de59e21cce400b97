import CLibgit2

/// An open repository.
///
/// Not Sendable: libgit2 wants one thread at a time for each handle, and opening costs 0.2 ms, so every
/// task opens its own. Only plain values come out of it. Nothing here reads the environment, replacement
/// refs or grafts, or runs a hook or a filter.
public final class Repository {
  let handle: Owned
  let database: Owned
  /// The directories whose loose objects weave reads itself: its own, and its alternates.
  var looseDirectories: Set<String> = []
  var referenceFiles: ReferenceFiles
  /// How each directory of packs was when all in it could be opened, by its directory of objects.
  var packDirectories: [String: FileVersion?] = [:]

  private init(handle: consuming Owned, database: consuming Owned) {
    referenceFiles = ReferenceFiles(
      gitDirectory: Self.directory(git_repository_path(handle.raw)) ?? "",
      commonDirectory: Self.directory(git_repository_commondir(handle.raw)) ?? "")
    self.handle = handle
    self.database = database
  }

  /// Takes what a C constructor of repositories makes.
  static func adopting(_ operation: String, make: (inout OpaquePointer?) -> Int32) throws(GitError)
    -> Repository
  {
    let handle = try Owned(operation, free: { git_repository_free($0) }, make: make)
    let common = directory(git_repository_commondir(handle.raw)) ?? ""
    let directories = try objectDirectories(from: common + "/objects", operation)
    let database = try Owned(operation, free: { git_odb_free($0) }) { git_repository_odb(&$0, handle.raw) }
    let repository = Repository(handle: handle, database: database)
    try repository.readLooseObjects(from: directories, operation)
    return repository
  }

  /// The Git directory, absolute, without a trailing slash: of a linked worktree its own.
  public var gitDirectory: String { Self.directory(git_repository_path(handle.raw)) ?? "" }

  /// Where objects and shared references are; differs from `gitDirectory` in a linked worktree only.
  public var commonDirectory: String { Self.directory(git_repository_commondir(handle.raw)) ?? gitDirectory }

  /// Where the repository's own objects are.
  public var objectsDirectory: String { commonDirectory + "/objects" }

  /// The top of the work tree, without a trailing slash; nil when there is none.
  public var workingDirectory: String? { Self.directory(git_repository_workdir(handle.raw)) }

  /// Whether there is no work tree.
  public var isBare: Bool { git_repository_is_bare(handle.raw) == 1 }

  /// Whether history is cut off somewhere, as `git clone --depth` does.
  public var isShallow: Bool { git_repository_is_shallow(handle.raw) == 1 }

  /// Whether HEAD names a branch that has no commit yet.
  public var isHeadUnborn: Bool {
    do throws(GitError) { return try resolve("HEAD") == nil } catch { return false }
  }

  /// The path that libgit2 holds, as Git prints directories: without a slash at the end.
  static func directory(_ path: UnsafePointer<CChar>?) -> String? {
    guard let path else { return nil }
    var text = String(cString: path)
    while text.utf8.count > 1, text.utf8.last == UInt8(ascii: "/") { text.removeLast() }
    return text
  }
}
