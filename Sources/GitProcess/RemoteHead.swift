/// What the HEAD of a source is.
public enum RemoteHead: Hashable, Sendable {
  /// A branch by its full name, `refs/heads/main`, and the commit at its tip in hexadecimal.
  case branch(String, commit: String)
  /// No branch: the commit in hexadecimal.
  case detached(String)
  /// A branch that has no commit yet. Only a source on this machine tells its name.
  case unborn(String)
  /// The source shows no HEAD: it is empty, or its HEAD names a branch that is gone.
  case absent
}

extension GitProcess {
  /// Asks the source at `url` what its HEAD is.
  public func remoteHead(of url: String) async throws(GitProcessError) -> RemoteHead {
    let output = try await run(["ls-remote", "--symref", "--", url, "HEAD"])
    guard output.succeeded else {
      throw GitProcessError(operation: "read HEAD of \(anonymized(url))", output: output)
    }
    var branch: String?
    var commit: String?
    for line in output.text.split(separator: "\n") {
      // `HEAD` also matches `refs/remotes/origin/HEAD` and every other ref that ends so.
      let fields = line.split(separator: "\t", maxSplits: 1)
      guard fields.count == 2, fields[1] == "HEAD" else { continue }
      if fields[0].hasPrefix("ref: ") {
        branch = String(fields[0].dropFirst("ref: ".count))
      } else {
        commit = String(fields[0])
      }
    }
    if let commit { return branch.map { .branch($0, commit: commit) } ?? .detached(commit) }
    if let path = try await localPath(of: url) {
      let head = try await run(
        ["symbolic-ref", "--quiet", "HEAD"], workingDirectory: path,
        configuration: ["safe.bareRepository=all"])
      if head.succeeded { return .unborn(head.text) }
    }
    return .absent
  }
}
