extension GitProcess {
  /// Whether Git would work in `directory`, whoever owns it (git-config(1), `safe.directory`).
  public func trusts(_ directory: String) async throws(GitProcessError) -> Bool {
    try await run(["rev-parse", "--git-dir"], workingDirectory: directory).succeeded
  }
}
