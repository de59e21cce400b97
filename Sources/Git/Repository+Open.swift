import CLibgit2
import ForeignText

extension Repository {
  /// Opens the repository at `path`, a Git directory or the top of a work tree. Looks nowhere else.
  ///
  /// Throws `.notARepository`, `.notOwned` (with what to type), or `.unsupported` for a repository that
  /// libgit2 would misread; `.corrupt` where a pipe or anything else that is no file is in the place of one.
  public static func open(at path: String) throws(GitError) -> Repository {
    let operation = "open the repository at \(path)"
    try refuseNUL(path, operation)
    try lookAtFiles(ofRepositoryAt: path, operation)
    do {
      return try adopting(operation) {
        git_repository_open_ext(&$0, path, UInt32(GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue), nil)
      }
    } catch {
      throw explained(error, path: path)
    }
  }

  /// Reads objects from the directory `objects`, of another repository, too: for this handle alone, nothing is written.
  public func borrowObjects(from objects: String) throws(GitError) {
    let operation = "read objects from \(objects)"
    try refuseNUL(objects, operation)
    let directories = try Self.objectDirectories(from: objects, operation)
    try check(operation) { git_odb_add_disk_alternate(database.raw, objects) }
    try readLooseObjects(from: directories, operation)
  }

  /// The Git directory of the repository that `path` is in, without a trailing slash; nil when there is none.
  ///
  /// Goes up as `git` does, and stops at the border of a file system. Says nothing about whether it can be
  /// opened.
  public static func discover(from path: String) throws(GitError) -> String? {
    let operation = "look for a repository from \(path)"
    try refuseNUL(path, operation)
    var buffer = git_buf()
    defer { git_buf_dispose(&buffer) }
    guard try found(operation, { git_repository_discover(&buffer, path, 0, nil) }) else { return nil }
    return directory(buffer.ptr)
  }

  /// Makes a bare repository, its missing parent directories too, and opens it.
  ///
  /// HEAD names `refs/heads/main`, the empty tree exists, and neither templates nor the user's
  /// configuration have a say. Throws `.exists` when there is a repository already.
  public static func createBare(at gitDirectory: String) throws(GitError) -> Repository {
    let operation = "create a bare repository at \(gitDirectory)"
    try refuseNUL(gitDirectory, operation)
    let flags = [
      GIT_REPOSITORY_INIT_BARE, GIT_REPOSITORY_INIT_NO_REINIT, GIT_REPOSITORY_INIT_MKDIR,
      GIT_REPOSITORY_INIT_MKPATH, GIT_REPOSITORY_INIT_NO_DOTGIT_DIR,
    ]
    let repository = try adopting(operation) { made in
      var options = git_repository_init_options()
      let code = git_repository_init_options_init(&options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION))
      guard code >= 0 else { return code }
      options.flags = flags.reduce(0) { $0 | UInt32($1.rawValue) }
      return "main".withCString { branch in
        options.initial_head = branch
        return git_repository_init_ext(&made, gitDirectory, &options)
      }
    }
    _ = try repository.writeTree([])
    return repository
  }

  /// What libgit2 says on opening, in words that tell what to do.
  private static func explained(_ error: GitError, path: String) -> GitError {
    let said = error.message
    if error.code == .notOwned || said.holds("safe.directory") {
      return error.with(
        .notOwned,
        "the directory \(path) belongs to another user; if you trust it, run: "
          + "git config --global --add safe.directory \(Quoted.shellWord(path))")
    }
    if said.holds("objectformat") || said.holds("object format") {
      return error.with(
        .unsupported,
        "it names its objects by SHA-256, and libgit2 \(Libgit2.version) reads SHA-1 repositories only")
    }
    if said.holds("refstorage") {
      return error.with(
        .unsupported,
        "it keeps its references in another format than files (extensions.refStorage, as for reftable), "
          + "which libgit2 \(Libgit2.version) cannot read; convert it: git refs migrate --ref-format=files")
    }
    if said.holds("unsupported extension") || said.holds("repository version") {
      return error.with(.unsupported, "\(said); libgit2 \(Libgit2.version) cannot read it")
    }
    if error.code == .notFound {
      return error.with(.notARepository, "there is no Git repository there")
    }
    return error
  }
}
