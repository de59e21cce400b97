import ForeignText

/// What Git says of the signature of one commit (git-log(1), `%G?` and its neighbours).
public struct SignatureReport: Sendable, Equatable {
  /// The commit, in hexadecimal.
  public let commit: String
  /// `G`, `B`, `U`, `X`, `Y`, `R`, `E` or `N`.
  public let status: Unicode.Scalar
  /// Of ssh the principal; of OpenPGP the key's primary user id, of which the status says nothing.
  public let signer: String
  /// The fingerprint of the key.
  public let key: String
  /// What the verifying program wrote, in English.
  public let words: String
}

extension GitProcess {
  /// How many commits one process verifies: it takes them one after the other.
  private static let commitsAtOnce = 256
  /// 128 and SIGPIPE.
  private static let endedByBrokenPipe: Int32 = 141

  /// What Git says of each commit's signature, in no order. `commits` are in hexadecimal and each there once.
  ///
  /// One that Git cannot speak of is left out.
  public func signatures(
    of commits: [String], gitDirectory: String, processes: Int, configuration: [String] = []
  ) async throws(GitProcessError) -> [SignatureReport] {
    let batches = stride(from: 0, to: commits.count, by: Self.commitsAtOnce).map {
      Array(commits[$0..<min($0 + Self.commitsAtOnce, commits.count)])
    }
    let read = await concurrently(batches, limit: processes) { batch throws(GitProcessError) in
      try await verify(batch, gitDirectory: gitDirectory, configuration: configuration)
    }
    var reports: [SignatureReport] = []
    for batch in read { reports += try batch.get() }
    return reports
  }

  private func verify(
    _ commits: [String], gitDirectory: String, configuration: [String]
  ) async throws(GitProcessError) -> [SignatureReport] {
    // rev-list takes none of the user's gpg settings. What log.* would add is taken away.
    let output = try await run(
      [
        "log", "--no-walk=unsorted", "--stdin", "--no-show-signature", "--no-decorate", "--no-notes",
        "--no-mailmap", "--no-patch", "--encoding=UTF-8",
        "--format=tformat:%H%x00%G?%x00%GS%x00%GF%x00%GG%x00",
      ], at: .repository(gitDirectory), standardInput: Array(commits.map { $0 + "\n" }.joined().utf8),
      configuration: configuration)
    let reports = SignatureReport.parse(output.standardOutput)
    guard !output.succeeded else { return reports }
    guard
      !reports.isEmpty || output.errorText.holds("bad/incompatible signature")
        || output.exitCode == Self.endedByBrokenPipe
    else {
      throw GitProcessError(operation: "verify signatures", output: output)
    }
    // A signature can be such that Git ends there, or that the program ends which Git still tells what was signed: it says
    // nothing of that one, and is asked again of the rest.
    let told = Set(reports.map(\.commit))
    let rest = Array(commits.drop(while: told.contains).dropFirst())
    guard !rest.isEmpty else { return reports }
    return try await reports + verify(rest, gitDirectory: gitDirectory, configuration: configuration)
  }
}

extension SignatureReport {
  /// The reports that were printed whole, each of five fields that end in NUL, and a line feed.
  static func parse(_ bytes: [UInt8]) -> [SignatureReport] {
    let fields = bytes.split(separator: 0, omittingEmptySubsequences: false).dropLast().map {
      String(foreign: $0)
    }
    return stride(from: 0, to: fields.count - fields.count % 5, by: 5).compactMap { start in
      guard let status = fields[start + 1].unicodeScalars.first else { return nil }
      return SignatureReport(
        commit: String(fields[start].drop(whileScalar: { $0 == "\n" })), status: status,
        signer: fields[start + 2],
        key: fields[start + 3], words: fields[start + 4])
    }
  }
}
