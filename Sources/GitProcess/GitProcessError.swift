import ForeignText
import Subprocess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

/// Why a run of Git did not do what it was for.
public struct GitProcessError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was attempted, on what: `fetch telperion from https://example.org/telperion`.
  public let operation: String
  /// Why it failed, in Git's own words where Git has spoken.
  public let reason: String
  /// What the user can do about it, where that is known.
  public let hint: String?

  /// An error of an operation that failed for `reason`. No URL in it shows a secret, and of a long reason the beginning is
  /// left.
  public init(operation: String, reason: String, hint: String? = nil) {
    self.operation = Redaction.text(operation)
    self.reason = Redaction.text(reason.boundedWords)
    self.hint = hint.map { Redaction.line($0) }
  }

  /// An error of an operation whose run of Git ended with `output`.
  public init(operation: String, output: GitOutput) {
    self.init(
      operation: operation, reason: Self.reason(in: output), hint: Self.hint(in: output))
  }

  public var description: String { "cannot \(operation): \(reason)" }

  static func cancelled(_ operation: String) -> GitProcessError {
    GitProcessError(operation: operation, reason: "it was interrupted")
  }

  static func notStarted(_ operation: String, because error: any Error) -> GitProcessError {
    if let error = error as? SubprocessError, error.code == .executableNotFound {
      return GitProcessError(
        operation: operation, reason: "git was not found in PATH: install Git 2.30 or newer")
    }
    return GitProcessError(operation: operation, reason: "\(error)")
  }
}

extension GitProcessError {
  private static func reason(in output: GitOutput) -> String {
    let lines = output.errorLines.map(Self.withoutRemotePrefix).filter { !$0.isEmpty && !isProgress($0) }
    let complaints = lines.compactMap(Self.complaint)
    if let reason = complaints.last(where: { !isConsequence($0) }) {
      return reason.ends(with: ":") ? ([reason] + listing(in: output)).joined(separator: " ") : reason
    }
    // ssh and upload-pack speak without a prefix, and before Git reports that they hung up.
    let before = lines.prefix { Self.complaint($0) == nil }
    if let reason = before.last { return String(reason) }
    if let reason = complaints.last ?? lines.last.map(String.init) { return reason }
    return output.exitCode > 128
      ? "git was ended by signal \(output.exitCode - 128)" : "git exited with \(output.exitCode)"
  }

  /// Whether the line says only how far Git has come, here or, without the prefix, at the other side.
  private static func isProgress(_ line: Substring) -> Bool {
    let titles = [
      "Enumerating objects: ", "Counting objects: ", "Finding sources: ", "Compressing objects: ",
      "Receiving objects: ", "Unpacking objects: ", "Resolving deltas: ", "Checking objects: ", "Total ",
    ]
    return titles.contains { line.begins(with: $0) && (line.ends(with: "done.") || line.holds("(")) }
  }

  /// The files that an error is about, where it ends in a colon: a line each, indented by a tab.
  private static func listing(in output: GitOutput) -> [String] {
    output.errorLines.compactMap { $0.dropping(prefix: "\t").map(String.init) }
  }

  private static func withoutRemotePrefix(_ line: Substring) -> Substring {
    var text = line.dropping(prefix: "remote: ") ?? line
    if ["fatal: ", "error: ", "ERROR: "].contains(where: { $0 == text }) { return "" }
    while let shorter = text.dropping(suffix: " ") { text = shorter }
    return text
  }

  private static func complaint(_ line: Substring) -> String? {
    for prefix in ["fatal: ", "error: ", "ERROR: "] {
      if let complaint = line.dropping(prefix: prefix) { return String(complaint) }
    }
    return nil
  }

  /// Whether a message says only that something, reported before it, went wrong.
  private static func isConsequence(_ message: String) -> Bool {
    [
      "Could not read from remote repository", "early EOF", "fetch-pack: invalid index-pack output",
      "index-pack failed", "the remote end hung up unexpectedly", "fetch-pack: unexpected disconnect",
      "git upload-pack: git-pack-objects died", "protocol error: bad pack header",
      "failed to write commit object", "adding files failed",
    ].contains { message.begins(with: $0) }
  }

  private static func hint(in output: GitOutput) -> String? {
    let text = output.errorText
    if let path = distrustedDirectory(in: text, among: output.directories) {
      let command = "git config --global --add safe.directory \(Quoted.shellWord(path))"
      return "if you trust its owner, run `\(command)`"
    }
    if text.holds(".lock': File exists") {
      return
        "another Git is at work there, or one was killed: a lock that nobody touches is removed after a minute"
    }
    if text.holds("terminal prompts disabled") {
      return "set up a credential helper, or let Git ask with GIT_TERMINAL_PROMPT=1"
    }
    if text.holds("did not send all necessary objects") {
      return
        "either it is incomplete, or something that any project or record needs is lost here: `weave fsck` names that, and "
        + "`weave fsck --repair` gets it from where it is whole"
    }
    return accessHints.first { text.holds($0.key) }?.value
  }

  /// The absolute path that Git says to add to `safe.directory`. The lines may be the other side's: what a server says by
  /// ssh stands among them as it is. So the path must be of one of the directories that Git was told of here.
  private static func distrustedDirectory(in text: String, among directories: [String]) -> Substring? {
    guard text.begins(with: "fatal: detected dubious ownership in repository at '/"),
      !text.holds("remote error:"), !text.holds("\nremote: ")
    else { return nil }
    let paths = directories.map(GitDirectory.canonical).flatMap { [$0, $0 + "/.git"] }
    return text.lines.lazy.compactMap { $0.dropping(prefix: "\tgit config --global --add safe.directory ") }
      .compactMap {
        let path = $0.dropping(prefix: "'")?.dropping(suffix: "'") ?? $0
        guard path.begins(with: "/"), !path.holds("'") else { return nil }
        return paths.contains(where: GitDirectory.canonical(String(path)).isExactly) ? path : nil
      }.first
  }

  private static let accessHints: KeyValuePairs = [
    "fatal: \(StallWatch.said)":
      "`git config --global weave.stallTimeout SECONDS` has weave wait longer, and 0 for ever",
    "Authentication failed for":
      "the user name or password is not taken there; `git credential reject` makes a credential helper forget it",
    "Host key verification failed":
      "ssh does not know that machine, or not by this key: connect to it with `ssh` once, and compare its key",
    "Permission denied (":
      "no key of yours is let in there; `ssh-add` offers another, or name one in GIT_SSH_COMMAND",
  ]
}
