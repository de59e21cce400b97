extension GitProcess {
  /// Removes every ref of the namespace (gitnamespaces(7)), its HEAD too. What only they held stays until it is pruned.
  public func removeNamespace(_ name: String, in gitDirectory: String) async throws(GitProcessError) {
    let prefix = "refs/namespaces/\(name)/"
    let head = try await run(["symbolic-ref", "--quiet", prefix + "HEAD"], at: .repository(gitDirectory))
    if head.succeeded {
      try await require(["symbolic-ref", "--delete", prefix + "HEAD"], of: name, in: gitDirectory)
    }
    let list = try await run(
      ["for-each-ref", "--format=delete %(refname)", prefix], at: .repository(gitDirectory))
    guard list.succeeded else { throw GitProcessError(operation: "list the refs of \(name)", output: list) }
    try await require(["update-ref", "--stdin"], of: name, in: gitDirectory, input: list.standardOutput)
  }

  private func require(
    _ arguments: [String], of name: String, in gitDirectory: String, input: [UInt8] = []
  ) async throws(GitProcessError) {
    let output = try await runRetrying(arguments, at: .repository(gitDirectory), standardInput: input)
    guard output.succeeded else {
      throw GitProcessError(operation: "remove the refs of \(name)", output: output)
    }
  }
}
