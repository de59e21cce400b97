extension GitProcess {
  /// Checks out `commit` as a detached linked worktree of the repository at `gitDirectory`.
  public func addDetachedWorktree(
    gitDirectory: String, path: String, commit: String
  ) async throws(GitProcessError) {
    let output = try await run(
      ["worktree", "add", "--detach", "--", path, commit], gitDirectory: gitDirectory)
    guard output.succeeded else {
      throw GitProcessError(operation: "check out \(commit) at \(path)", output: output)
    }
  }

  /// Makes a self-contained clone: no object is shared, and of a repository of many namespaces one alone is
  /// taken.
  ///
  /// - Parameters:
  ///   - source: a Git directory, or a URL as Git takes it.
  ///   - namespace: the namespace of a local source to clone; nil for the whole.
  ///   - path: where the clone is made; it must not exist, or be an empty directory.
  ///   - origin: what the clone has as the URL of `origin`; nil for `source`.
  public func clone(
    from source: String, namespace: String? = nil, to path: String, origin: String? = nil
  ) async throws(GitProcessError) {
    let operation = "clone \(anonymized(source)) to \(path)"
    // A local clone would copy the object database whole, with the objects of every other namespace.
    var arguments = ["clone", "--no-local", "--reject-shallow", "--origin=origin"]
    if let namespace {
      arguments.append("--upload-pack=git --namespace=\(shellQuoted(namespace)) upload-pack")
    }
    // Those of the user's own `core.hooksPath` or template would run, and could make it fail.
    let output = try await run(
      arguments + ["--", source, path], configuration: ["core.hooksPath=/dev/null"])
    guard output.succeeded else { throw GitProcessError(operation: operation, output: output) }
    guard let origin else { return }
    let change = try await run(["remote", "set-url", "--", "origin", origin], workingDirectory: path)
    guard change.succeeded else {
      throw GitProcessError(operation: "set the origin of \(path) to \(anonymized(origin))", output: change)
    }
  }

  /// The commit that `revision` names in the repository at `workTree`, in hexadecimal; nil where it names
  /// none.
  public func revParse(
    _ revision: String, in workTree: String
  ) async throws(GitProcessError) -> String? {
    let output = try await run(
      ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(revision)^{commit}"],
      workingDirectory: workTree)
    switch output.exitCode {
    case 0: return output.text
    case 1: return nil
    default: throw GitProcessError(operation: "find \(revision) in \(workTree)", output: output)
    }
  }
}

private func shellQuoted(_ text: String) -> String {
  "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
