extension GitProcess {
  /// Whether Git would work in the repository at `gitDirectory`, whoever owns it (git-config(1), `safe.directory`).
  public func trusts(_ gitDirectory: String) async throws(GitProcessError) -> Bool {
    try await run(["rev-parse", "--git-dir"], at: .untrusted(gitDirectory)).succeeded
  }
}
