import ForeignText

extension GitProcess {
  /// Brings what the checkout at `path` has of its remote, as it last fetched it, into the namespace of `project`: the
  /// remote-tracking branches as branches, and the tags. Writes nothing there, and asks no network.
  ///
  /// Throws where the checkout lacks a part of the history.
  public func seed(
    project: String, fromCheckout path: String, remote: String, into gitDirectory: String
  ) async throws(GitProcessError) {
    let operation = "take \(project) from the checkout \(path)"
    if let refusal = try await incompleteness(of: path, gitDirectory: gitDirectory) {
      throw refusal.error(operation)
    }
    let namespace = "refs/namespaces/\(project)/refs"
    let output = try await fetch(
      [
        "+refs/remotes/\(remote)/*:\(namespace)/heads/*", "^refs/remotes/\(remote)/HEAD",
        "+refs/tags/*:\(namespace)/tags/*",
      ], of: project, from: FetchSource(url: RepositoryURL(path)), into: gitDirectory)
    guard output.succeeded else { throw GitProcessError(operation: operation, output: output) }
  }
}
