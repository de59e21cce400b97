import Foundation
import TestSupport
import Testing

extension Lab {
  /// Runs `body`, in which each Git that weave starts writes down what it and its peer say to each other, and expects that
  /// none told a peer an id of the private project `narya`, or of a private record, but narya's own source and `vault`.
  ///
  /// Returns in how many conversations with others something was told.
  @discardableResult
  func tellingNoSecret(
    sourceLocation: SourceLocation = #_sourceLocation, _ body: (Lab) throws -> Void
  ) throws -> Int {
    let everybodys = Set(
      try ["telperion", "laurelin"].flatMap { try source($0).git("rev-list", "--all", "--objects").ids })
    let traces = try PacketTraces(in: directory.appending("packets"), path: environment.variables["PATH"])
    var lab = self
    lab.environment.variables["PATH"] = traces.path
    try body(lab)
    let secrets = try secretIDs().subtracting(everybodys)
    let talks = try traces.talks()
    for talk in talks {
      // What a peer shows first is missing here, and asked for; that it is *here* is what nobody may learn.
      let told = talk.have.union(talk.other.subtracting(talk.shown))
      #expect(
        told.isDisjoint(with: secrets), "\(talk.words): \(told.intersection(secrets))",
        sourceLocation: sourceLocation)
    }
    return talks.count
  }

  private func secretIDs() throws -> Set<String> {
    let records = try store.git("rev-list", "--objects", "--glob=refs/weave/private/*").ids
    let project = try source("narya").git("rev-list", "--all", "--objects").ids
    return Set(records + project).subtracting([Self.emptyTree])
  }

  private static let emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
}

extension String {
  /// The id at the beginning of each line.
  fileprivate var ids: [String] { split(separator: "\n").map { String($0.prefix(40)) } }
}

/// What each Git under one PATH said to its peer, and heard of it.
private struct PacketTraces {
  struct Talk {
    let words: String
    /// The ids that this side said it has.
    var have: Set<String> = []
    /// The ids of all else that this side said: what it wants, what it pushes.
    var other: Set<String> = []
    /// The ids that the peer said.
    var shown: Set<String> = []
  }

  let path: String
  private let directory: String

  /// A directory with a `git` that goes before those of `path`.
  init(in directory: String, path: String?) throws {
    self.directory = directory
    let git = try runProcess(
      "sh", ["-c", "command -v git"], in: "/", environment: ["PATH": path ?? "/usr/bin:/bin"])
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let script = """
      #!/bin/sh
      talk=$(mktemp '\(directory)/talk-XXXXXX') && printf '%s\\n' "$@" > "$talk.words"
      GIT_TRACE_PACKET=${GIT_TRACE_PACKET:-$talk} exec '\(git.trimmed)' "$@"
      """
    try script.write(toFile: "\(directory)/git", atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(directory)/git")
    self.path = "\(directory):\(path ?? "/usr/bin:/bin")"
  }

  /// Each conversation in which an id was told, but those with who may know all.
  func talks() throws -> [Talk] {
    try FileManager.default.contentsOfDirectory(atPath: directory).compactMap { name in
      guard name.hasSuffix(".words") else { return nil }
      let words = try String(contentsOfFile: "\(directory)/\(name)", encoding: .utf8)
      guard !words.contains("/narya"), !words.contains("/vault.git") else { return nil }
      var talk = Talk(words: words)
      let trace = try String(contentsOfFile: "\(directory)/\(name.dropLast(6))", encoding: .utf8)
      for line in trace.split(separator: "\n") {
        let ids = line.matches(of: /[0-9a-f]{40}/).map { String($0.output) }
        // A peer on this machine writes into the same file.
        let isPeer = line.contains("upload-pack") || line.contains("receive-pack")
        if line.contains("> have ") && !isPeer {
          talk.have.formUnion(ids)
        } else if line.contains("> ") && !isPeer {
          talk.other.formUnion(ids)
        } else if line.contains("< ") != isPeer {
          talk.shown.formUnion(ids)
        }
      }
      return talk.have.isEmpty && talk.other.isEmpty ? nil : talk
    }
  }
}
