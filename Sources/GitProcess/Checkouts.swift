import ForeignText

extension GitProcess {
  /// Writes the files of `commit` and the index to the work tree at `path`, which has neither. Runs no hook, and fetches
  /// no content of Git LFS.
  public func fill(_ path: String, with commit: String) async throws(GitProcessError) {
    let output = try await run(
      ["read-tree", "-u", "--reset", commit], at: .checkout(path), configuration: ["submodule.recurse=false"],
      extraEnvironment: Self.offline)
    guard output.succeeded else {
      throw GitProcessError(operation: "check out \(commit) at \(path)", output: output)
    }
  }

  /// What becomes of files that a move meets in its way.
  public enum Obstacles: Sendable {
    /// Nothing moves then: changes, and also ignored files, are someone's.
    case refuse
    /// Changes of tracked files are lost.
    case discard
  }

  /// Moves the work tree at `path` to `commit`, with HEAD detached there.
  ///
  /// - Parameter isOwn: whether it is a user's own checkout, whose hooks and filters run as in the user's hands.
  public func detach(
    _ path: String, at commit: String, _ obstacles: Obstacles, isOwn: Bool
  ) async throws(GitProcessError) {
    let options = obstacles == .discard ? ["--force"] : ["--no-overwrite-ignore"]
    let output = try await run(
      ["checkout", "--quiet", "--detach"] + options + [commit, "--"],
      at: .checkout(path, runsHooks: isOwn),
      configuration: ["advice.detachedHead=false"] + (isOwn ? [] : ["submodule.recurse=false"]),
      extraEnvironment: isOwn ? [:] : Self.offline)
    guard output.succeeded else {
      throw GitProcessError(operation: "check out \(commit) at \(path)", output: output)
    }
  }

  /// The paths that `commit` has and `from` has not, in the repository at `path`.
  public func addedPaths(
    from: String, to commit: String, in path: String
  ) async throws(GitProcessError) -> [String] {
    let output = try await run(
      ["diff-tree", "-r", "-z", "--name-only", "--diff-filter=A", "--no-renames", from, commit],
      at: .checkout(path))
    guard output.succeeded else {
      throw GitProcessError(operation: "compare \(from) with \(commit) in \(path)", output: output)
    }
    return output.standardOutput.split(separator: 0).map { String(foreign: $0) }
  }

  /// Removes what is untracked and not ignored in the work tree at `path`.
  public func removeUntracked(in path: String) async throws(GitProcessError) {
    let output = try await run(
      ["clean", "-d", "--force", "--force", "--quiet"], at: .checkout(path))
    guard output.succeeded else {
      throw GitProcessError(operation: "remove what is untracked in \(path)", output: output)
    }
  }

  /// Of Git LFS the pointers are checked out: content stays where the project has it.
  private static let offline = ["GIT_LFS_SKIP_SMUDGE": "1"]

  /// Makes a self-contained clone: no object is shared, and of a repository of many namespaces one alone is
  /// taken.
  ///
  /// - Parameters:
  ///   - source: a Git directory, or a URL as Git takes it.
  ///   - namespace: the namespace of a local source to clone; nil for the whole.
  ///   - path: where the clone is made; it must not exist, or be an empty directory.
  ///   - origin: what the clone has as the URL of `origin`, without a secret; nil for `source`.
  public func clone(
    from source: RepositoryURL, namespace: String? = nil, to path: String, origin: RepositoryURL? = nil
  ) async throws(GitProcessError) {
    let operation = "clone \(source) to \(path)"
    try refuseRelative(source, operation)
    // A local clone would copy the object database whole, with the objects of every other namespace.
    var arguments = ["clone", "--no-local", "--reject-shallow", "--origin=origin"]
    if let namespace {
      arguments.append("--upload-pack=git --namespace=\(Quoted.shell(namespace)) upload-pack")
    }
    // Those of the user's own `core.hooksPath` or template would run, and could make it fail.
    let output = try await run(
      for: source, at: .nowhere, configuration: ["core.hooksPath=/dev/null"]
    ) { arguments + ["--", $0, path] }
    guard output.succeeded else { throw GitProcessError(operation: operation, output: output) }
    guard let origin else { return }
    let change = try await run(["remote", "set-url", "--", "origin", origin.text], at: .checkout(path))
    guard change.succeeded else {
      throw GitProcessError(operation: "set the origin of \(path) to \(origin)", output: change)
    }
  }

  /// The commit that `revision` names in the repository at `workTree`, in hexadecimal; nil where it names
  /// none.
  public func revParse(
    _ revision: String, in workTree: String
  ) async throws(GitProcessError) -> String? {
    let output = try await run(
      ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(revision)^{commit}"],
      at: .checkout(workTree))
    switch output.exitCode {
    case 0: return output.text
    case 1: return nil
    default: throw GitProcessError(operation: "find \(revision) in \(workTree)", output: output)
    }
  }
}
