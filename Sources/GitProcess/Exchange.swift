import ForeignText

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#endif

extension GitProcess {
  /// Brings the refs of `url` that `refspecs` name into the repository at `gitDirectory`, and drops those that are gone
  /// there. Git checks each object, and that nothing which they reach is missing.
  ///
  /// - Parameter remote: what to call it in an error.
  func fetchAllRefs(
    _ refspecs: [String], of remote: String, from url: RepositoryURL, into gitDirectory: String
  ) async throws(GitProcessError) {
    try refuseRelative(url, "fetch from \(remote)")
    let output = try await run(
      for: url, at: .repository(gitDirectory), configuration: ["fetch.fsckObjects=true"], isRetried: true,
      // Not as arguments: the system takes 2 MiB of these, and the names of refs are anybody's.
      watch: .transfer, standardInput: refspecs.flatMap { $0.utf8 + [UInt8(ascii: "\n")] }
    ) { url in
      Self.plainFetch + ["--progress", "--prune", "--no-prune-tags", "--quiet", "--stdin", "--", url]
    }
    if output.errorText.holds("shallow roots are not allowed") {
      throw GitProcessError(
        operation: "fetch from \(remote)", reason: "the repository at \(url) is shallow",
        hint: "complete it there with `git fetch --unshallow`")
    }
    guard output.succeeded else {
      throw GitProcessError(operation: "fetch from \(remote), \(url)", output: output)
    }
  }

  /// What became of one ref that was pushed.
  public struct PushedRef: Hashable, Sendable {
    public enum Outcome: Hashable, Sendable {
      /// It is there as we have it: it went forward, was not there before, or was there already.
      case moved, created, upToDate
      /// The other side has what we don't: fetch, join, and push again.
      case behind
      /// Another push was in the way: the same may pass the next time. `lock` is the file that it holds there, or left there
      /// when it was killed, where the other side is a directory and the file is still there.
      case busy(lock: String?)
      /// The other side will not have it: its words.
      case refused(String)

      /// Whether it is there now as we have it.
      public var isAccepted: Bool { [.moved, .created, .upToDate].contains(self) }
    }

    public let name: String
    public let outcome: Outcome
  }

  /// One ref to push.
  public struct RefToPush: Hashable, Sendable {
    public let name: String
    /// What it is to be, in hexadecimal; empty where it is to be deleted.
    public let id: String
    /// For a ref that may be replaced, what it is there now: an id, or empty where there is none. Nil for one that may
    /// only go forward.
    public let lease: String?

    public init(name: String, id: String, lease: String? = nil) {
      (self.name, self.id, self.lease) = (name, id, lease)
    }
  }

  /// Pushes the refs to `url` from the repository at `gitDirectory`, each for itself.
  ///
  /// - Returns: what became of each that the other side answered for.
  /// - Throws: when the other side could not be asked.
  public func push(
    _ refs: [RefToPush], to url: RepositoryURL, called remote: String, from gitDirectory: String
  ) async throws(GitProcessError) -> [PushedRef] {
    try refuseRelative(url, "push to \(remote)")
    let leases = refs.compactMap { ref in ref.lease.map { "--force-with-lease=\(ref.name):\($0)" } }
    let refspecs = refs.map { "\($0.id):\($0.name)" }
    // A remote that takes none would refuse the push.
    let configuration = ["push.pushOption="]
    let output = try await run(for: url, at: .repository(gitDirectory), configuration: configuration) { url in
      [
        "push", "--porcelain", "--no-verify", "--no-follow-tags", "--no-signed", "--no-thin",
        "--recurse-submodules=no",
      ] + leases + ["--", url] + refspecs
    }
    let pushed = PushReport.parse(output.redaction.text(output.text), remarks: output.errorLines)
    guard output.succeeded || !pushed.isEmpty else {
      throw GitProcessError(operation: "push to \(remote), \(url)", output: output)
    }
    guard pushed.contains(where: { $0.outcome == .busy(lock: nil) }),
      let path = try await localPath(of: url, gitDirectory: gitDirectory),
      let directory = try GitDirectory.ofSource(path)
    else { return pushed }
    return pushed.map { ref in
      guard ref.outcome == .busy(lock: nil) else { return ref }
      let candidates: [String] = ["\(ref.name).lock", "packed-refs.lock"].map { "\(directory)/\($0)" }
      let lock = candidates.first { access($0, F_OK) == 0 }
      return PushedRef(name: ref.name, outcome: .busy(lock: lock))
    }
  }
}

/// What `git push --porcelain` says (git-push(1), "OUTPUT").
enum PushReport {
  /// One answer for each line that is about a ref.
  ///
  /// - Parameter remarks: the lines of standard error, where a hook of the other side may say why. They are in the answer of
  ///   the first ref that is refused, and no other.
  static func parse(_ text: String, remarks: [Substring]) -> [GitProcess.PushedRef] {
    let displaced = displacedRefs(in: remarks)
    var remarks = remotesWords(in: remarks)
    return text.split(atScalar: "\n").compactMap { line in
      let fields = line.split(atScalar: "\t", maxSplits: 2, keepsEmpty: true)
      guard fields.count == 3, fields[0].count == 1, let colon = fields[1].lastIndex(ofScalar: ":") else {
        return nil
      }
      let name = String(fields[1][fields[1].unicodeScalars.index(after: colon)...])
      let outcome = outcome(
        flag: fields[0], String(fields[2]), remarks, isDisplaced: displaced.contains(name))
      if case .refused = outcome { remarks = "" }
      return GitProcess.PushedRef(name: name, outcome: outcome)
    }
  }

  private static func remotesWords(in lines: [Substring]) -> String {
    lines.compactMap { line in
      guard let remark = line.dropping(prefix: "remote: ") else { return nil }
      let words = remark.split(atScalar: " ").joined(separator: " ")
      return words.isEmpty ? nil : words
    }.joined(separator: "; ")
  }

  /// The refs in whose place there is another: what a file system has one name for is a directory or a file.
  private static func displacedRefs(in lines: [Substring]) -> Set<String> {
    Set(
      lines.filter { $0.holds("' exists; cannot create '") }.compactMap { line in
        line.dropping(prefix: "remote: error: cannot lock ref '")?.split(atScalar: "'").first.map(String.init)
      })
  }

  private static func outcome(
    flag: Substring, _ summary: String, _ remarks: String, isDisplaced: Bool
  ) -> GitProcess.PushedRef.Outcome {
    switch flag {
    case "!": break
    case "*": return .created
    case "=": return .upToDate
    default: return .moved
    }
    if summary.begins(with: "[rejected]") { return .behind }
    let isRace = ["failed to update ref", "cannot lock ref", "failed to lock", "reference already exists"]
      .contains { summary.holds($0) }
    if isRace, !isDisplaced { return .busy(lock: nil) }
    // Before they are joined: they can be a megabyte.
    let reason = String(summary.prefix(bytes: 1_024))
    return .refused(remarks.isEmpty ? reason : "\(reason): \(remarks)".boundedWords)
  }
}
