import ForeignText

extension GitProcess {
  /// Brings one ref of `url`, with what it reaches, into the repository at `gitDirectory`, as a ref of the same name. Git does not
  /// look whether the objects are well made: nothing but ``firstParents(of:in:)`` and ``fetch(commit:from:as:into:)`` is to read
  /// them.
  public func fetchUnchecked(
    _ ref: String, from url: RepositoryURL, into gitDirectory: String
  ) async throws(GitProcessError) {
    let operation = "fetch \(ref) from \(url)"
    try refuseRelative(url, operation)
    let output = try await run(
      for: url, at: .repository(gitDirectory),
      configuration: ["fetch.fsckObjects=false", "transfer.fsckObjects=false"], isRetried: true,
      isWatched: true
    ) { url in
      [
        "fetch", "--progress", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
        "--no-write-commit-graph", "--no-recurse-submodules", "--quiet", "--", url, "+\(ref):\(ref)",
      ]
    }
    guard output.succeeded else { throw GitProcessError(operation: operation, output: output) }
  }

  /// The commits of the ref's first parents, in hexadecimal, the newest first: at most a million.
  public func firstParents(
    of ref: String, in gitDirectory: String
  ) async throws(GitProcessError) -> [String] {
    let output = try await run(
      ["rev-list", "--first-parent", "--max-count=1000000", ref, "--"], at: .repository(gitDirectory))
    guard output.succeeded else { throw GitProcessError(operation: "list \(ref)", output: output) }
    return output.text.split(atScalar: "\n").map(String.init)
  }

  /// Brings a commit of the repository at the path `source`, whichever of its refs reaches it, and what that reaches into the one at
  /// `gitDirectory` as `ref`. Git looks whether each object is well made.
  public func fetch(
    commit: String, from source: String, as ref: String, into gitDirectory: String
  ) async throws(GitProcessError) {
    let allowed = try await run(
      ["config", "uploadpack.allowAnySHA1InWant", "true"], at: .repository(source))
    guard allowed.succeeded else { throw GitProcessError(operation: "set up \(source)", output: allowed) }
    let output = try await run(
      [
        "fetch", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-write-commit-graph",
        "--no-recurse-submodules", "--quiet", "--", source, "+\(commit):\(ref)",
      ], at: .repository(gitDirectory), configuration: ["fetch.fsckObjects=true"])
    guard output.succeeded else { throw GitProcessError(operation: "fetch \(commit)", output: output) }
  }
}
