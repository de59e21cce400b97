/// A commit to be made and signed. Ids are in hexadecimal.
public struct SignedCommitRequest: Sendable {
  public let tree: String
  public let parent: String?
  /// Author and committer at once.
  public let name, email: String
  public let seconds: Int64
  /// As Git writes it, `+0130`.
  public let zone: String
  /// Recorded byte for byte, where it is UTF-8 and ends in a line feed.
  public let message: [UInt8]

  public init(
    tree: String, parent: String?, name: String, email: String, seconds: Int64, zone: String, message: [UInt8]
  ) {
    (self.tree, self.parent, self.name, self.email) = (tree, parent, name, email)
    (self.seconds, self.zone, self.message) = (seconds, zone, message)
  }
}

extension GitProcess {
  /// Writes the commit, signed as `git commit -S` there would sign it: by the user's own format, program, key and
  /// agent. No ref moves.
  ///
  /// - Returns: the commit's id in hexadecimal.
  public func writeSigned(
    _ request: SignedCommitRequest, gitDirectory: String
  ) async throws(GitProcessError) -> String {
    let date = "@\(request.seconds) \(request.zone)"
    var identity: [String: String] = [:]
    for role in ["AUTHOR", "COMMITTER"] {
      identity["GIT_\(role)_NAME"] = request.name
      identity["GIT_\(role)_EMAIL"] = request.email
      identity["GIT_\(role)_DATE"] = date
    }
    let parents = request.parent.map { ["-p", $0] } ?? []
    let output = try await run(
      ["commit-tree", "-S"] + parents + ["-F", "-", request.tree], at: .repository(gitDirectory),
      standardInput: request.message, configuration: ["i18n.commitEncoding=UTF-8"],
      extraEnvironment: identity)
    guard output.succeeded else { throw GitProcessError(operation: "sign it", output: output) }
    return output.text
  }
}
