import Foundation

/// What a child of a test sees of the world: nothing of the machine or the user but PATH.
public struct TestEnvironment: Sendable {
  /// The variables, to be changed as a test needs.
  public var variables: [String: String]

  /// Where the fixed clock stands until a test moves it, in seconds since 1970.
  public static let epoch = 1_700_000_000

  /// An environment whose user's home is `home`.
  public init(home: String) {
    variables = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "HOME": home,
      "XDG_CONFIG_HOME": "\(home)/.config",
      "TZ": "UTC",
      "LC_ALL": "C",
      "GIT_CONFIG_NOSYSTEM": "1",
      "GIT_CONFIG_GLOBAL": "/dev/null",
      "GIT_TERMINAL_PROMPT": "0",
      "GIT_AUTHOR_NAME": "Ann Author",
      "GIT_AUTHOR_EMAIL": "ann@example.org",
      "GIT_COMMITTER_NAME": "Cid Committer",
      "GIT_COMMITTER_EMAIL": "cid@example.org",
    ]
    setDate(Self.epoch)
  }

  /// The same environment with `changes` made; a nil value removes the variable.
  public func with(_ changes: [String: String?]) -> TestEnvironment {
    var copy = self
    for (name, value) in changes { copy.variables[name] = value }
    return copy
  }

  /// Makes `seconds` since 1970, in UTC, the date of every author and committer.
  public mutating func setDate(_ seconds: Int) {
    variables["GIT_AUTHOR_DATE"] = "@\(seconds) +0000"
    variables["GIT_COMMITTER_DATE"] = "@\(seconds) +0000"
  }
}
