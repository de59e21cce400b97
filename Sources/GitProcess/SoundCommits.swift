import ForeignText

extension GitProcess {
  /// The commits of the ref's first parents, in hexadecimal, the newest first: at most a million.
  public func firstParents(
    of ref: String, in gitDirectory: String
  ) async throws(GitProcessError) -> [String] {
    let output = try await run(
      ["rev-list", "--first-parent", "--max-count=1000000", ref, "--"], at: .repository(gitDirectory))
    guard output.succeeded else { throw GitProcessError(operation: "list \(ref)", output: output) }
    return output.text.split(atScalar: "\n").map(String.init)
  }

  /// Brings a commit of the repository at the path `source`, which gives any that is asked for
  /// (`uploadpack.allowAnySHA1InWant`), and what that reaches into the one at `gitDirectory` as `ref`. Git looks whether each
  /// object is well made.
  public func fetch(
    commit: String, from source: String, as ref: String, into gitDirectory: String
  ) async throws(GitProcessError) {
    let output = try await run(
      Self.plainFetch + ["--quiet", "--", source, "+\(commit):\(ref)"], at: .repository(gitDirectory),
      configuration: ["fetch.fsckObjects=true"])
    guard output.succeeded else { throw GitProcessError(operation: "fetch \(commit)", output: output) }
  }
}
