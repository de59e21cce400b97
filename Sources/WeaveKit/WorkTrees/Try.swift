import ForeignText
import WeaveModel
import WeaveStore

/// What trying a set came to.
public struct TryOutcome: Sendable {
  public let commits: CommitSet
  /// The command's.
  public let exitCode: Int32
  /// The link or the revocation that was recorded; nil where nothing was.
  public let event: EventID?
  /// Where the set is checked out yet; nil where it was removed.
  public let directory: String?

  /// What an exit code says of a set, as `git bisect run` reads it; nil for one that says nothing: 125, one of a command
  /// that could not be run, or that a signal ended.
  public static func verdict(of exitCode: Int32) -> Bool? {
    switch exitCode {
    case 0: true
    case 1...124: false
    default: nil
    }
  }
}

extension Workspace {
  /// Checks out what is selected in a scratch folder, runs `command` there, and links the set with the command as evidence
  /// where it exits with 0; a single commit is linked with nothing.
  ///
  /// An unfit set is refused before anything is run (exit 5).
  ///
  /// - Parameters:
  ///   - text: the words of the event; nil for words that say what ran.
  ///   - revokesOnFailure: whether the set is revoked where the command fails.
  ///   - keepsFolder: whether the folder stays.
  public func attempt(
    _ selection: Selection, _ command: [String], text: String?, revokesOnFailure: Bool, keepsFolder: Bool,
    force: Bool
  ) async throws -> TryOutcome {
    let commits = try await commits(of: selection, copying: true).commits
    // Not when the command has run for an hour.
    if let text { _ = try FreeText.normalized(text) }
    guard !commits.members.isEmpty else { throw WeaveError("there is nothing to try: the set is empty") }
    if let revocation = try compatibility().revocations(against: commits).first.map(event) {
      throw WeaveError(
        "cannot try \(commits): \(revocation.revocationSentence)", kind: .incompatible,
        hint: "`weave reinstate \(revocation.id.short) -m REASON` takes the revocation back")
    }
    try await keepForCheckout(commits)
    let (exitCode, directory) = try await withScratch(keeping: keepsFolder) { scratch in
      (try await scratch.run(command, on: commits), scratch.directory)
    }
    let words = Redaction.text(FreeText.cut(Quoted.shellCommand(command)))
    let (evidence, kept) = (["ran: \(inOneLine(words))"], keepsFolder ? directory : nil)
    switch TryOutcome.verdict(of: exitCode) {
    case true? where commits.count >= 2:
      let link = try await link(
        .commits(commits), text: text ?? "tried: \(words)", evidence: evidence, force: force)
      return TryOutcome(commits: commits, exitCode: exitCode, event: link.id, directory: kept)
    case false? where revokesOnFailure:
      let revocation = try await revoke(
        .commits(commits), reason: text ?? "exited with \(exitCode): \(words)", evidence: evidence,
        force: force)
      return TryOutcome(commits: commits, exitCode: exitCode, event: revocation.id, directory: kept)
    default: return TryOutcome(commits: commits, exitCode: exitCode, event: nil, directory: kept)
    }
  }
}

/// The text in one line, without control characters: evidence is that.
func inOneLine(_ text: String) -> String {
  String(
    String.UnicodeScalarView(
      text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
}
