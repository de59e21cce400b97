import ForeignText

extension GitProcess {
  /// How much a repository holds (git-count-objects(1)).
  public struct ObjectCount: Hashable, Sendable {
    /// Objects in files of their own, and in packs.
    public let loose, packed: Int
    public let packs: Int
    /// On the disk, in KiB.
    public let kibibytes: Int

    public init(loose: Int, packed: Int, packs: Int, kibibytes: Int) {
      (self.loose, self.packed, self.packs, self.kibibytes) = (loose, packed, packs, kibibytes)
    }
  }

  /// How much the repository at `gitDirectory` holds.
  public func countObjects(in gitDirectory: String) async throws(GitProcessError) -> ObjectCount {
    let output = try await require(["count-objects", "-v"], "count the objects", in: gitDirectory)
    var values: [Substring: Int] = [:]
    for line in output.text.split(atScalar: "\n") {
      let parts = line.split(atScalar: ":")
      if parts.count == 2 { values[parts[0]] = Int(parts[1].drop(whileScalar: { $0 == " " })) }
    }
    return ObjectCount(
      loose: values["count"] ?? 0, packed: values["in-pack"] ?? 0, packs: values["packs"] ?? 0,
      kibibytes: (values["size"] ?? 0) + (values["size-pack"] ?? 0))
  }

  /// How many objects no ref and no linked worktree of the repository needs. Walks all of it.
  public func countUnreachable(in gitDirectory: String) async throws(GitProcessError) -> Int {
    let output = try await require(
      ["fsck", "--unreachable", "--no-dangling", "--connectivity-only", "--no-progress"],
      "look for objects that nothing needs", in: gitDirectory)
    return output.text.lines.count { $0.begins(with: "unreachable ") }
  }

  /// Packs refs and objects of the repository, and drops what neither a ref nor a linked worktree needs and is older than
  /// `expiry` (git-gc(1)); then writes a commit-graph.
  public func collectGarbage(
    in gitDirectory: String, expiry: String
  ) async throws(GitProcessError) {
    // Two at once do no harm, and the process id that one which was killed left may be another's by now.
    _ = try await require(
      ["gc", "--quiet", "--force", "--prune=\(expiry)"], "collect what nothing needs", in: gitDirectory,
      configuration: ["gc.cruftPacks=false", "gc.writeCommitGraph=false", "gc.packRefs=true"])
    // libgit2 before 1.10 reads no other version of it.
    _ = try await require(
      ["commit-graph", "write", "--reachable", "--no-progress"], "write the commit-graph", in: gitDirectory,
      configuration: ["commitGraph.generationVersion=1"])
  }

  private func require(
    _ arguments: [String], _ operation: String, in gitDirectory: String, configuration: [String] = []
  ) async throws(GitProcessError) -> GitOutput {
    let output = try await run(arguments, at: .repository(gitDirectory), configuration: configuration)
    guard output.succeeded else {
      throw GitProcessError(operation: "\(operation) of \(gitDirectory)", output: output)
    }
    return output
  }
}
