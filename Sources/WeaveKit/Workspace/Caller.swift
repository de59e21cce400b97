import GitProcess

/// Who asks, from where, and when: all that the library would otherwise have to read from the process.
public struct Caller: Sendable {
  public var workingDirectory: String
  public var environment: [String: String]
  /// The machine that the caller is on, as it names itself.
  public var hostName: String
  /// The present, in seconds since 1970: ages are counted from it. What is recorded bears the date that Git gives it.
  public var now: Int64
  /// Told what the caller should know and did not ask for; one sentence each.
  public var warn: @Sendable (String) -> Void

  public init(
    workingDirectory: String, environment: [String: String], hostName: String, now: Int64,
    warn: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    (self.workingDirectory, self.environment, self.hostName) = (workingDirectory, environment, hostName)
    (self.now, self.warn) = (now, warn)
  }

  /// Git with the caller's settings and credentials.
  var git: GitProcess { GitProcess(environment: environment, workingDirectory: workingDirectory) }
}
