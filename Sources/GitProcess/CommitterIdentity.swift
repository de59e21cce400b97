import ForeignText

extension GitProcess {
  /// Who commits now, as Git itself would have it (git-var(1), `GIT_COMMITTER_IDENT`): the header's value, such as
  /// `Joe <joe@example.org> 1700000000 +0130`; nil where Git knows no name or no address.
  ///
  /// `caller` is the environment that may name the committer and the date; `place` the repository whose
  /// settings count, where there is one.
  public func committerIdentity(
    caller: [String: String], at place: GitPlace
  ) async throws(GitProcessError) -> String? {
    let identity = caller.filter { $0.key.begins(with: "GIT_COMMITTER_") }
    let output = try await run(
      ["var", "GIT_COMMITTER_IDENT"], at: place, extraEnvironment: identity)
    if output.succeeded { return output.text }
    // Git says so in many words; a date that it cannot read, or settings that do not parse, are other errors.
    guard output.errorText.holds("tell me who you are") || output.errorText.holds("empty ident name")
    else { throw GitProcessError(operation: "tell who you are", output: output) }
    return nil
  }
}
