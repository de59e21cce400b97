import ForeignText

extension GitProcess {
  /// Writes the tree that `git add --all` and `git write-tree` would make of the work tree at `workTree`, and what it
  /// needs and is nowhere yet; the work tree's own index and objects stay as they are.
  ///
  /// A clean filter that keeps content elsewhere, as LFS does, runs as in any `git add`. Hooks do not.
  ///
  /// - Parameters:
  ///   - index: the path of a copy of the work tree's index, with its time of modification: what was changed in the
  ///     second in which the index was written is told by that. It is changed, and holds the tree in the end.
  ///   - objects: the directory that new objects are written to.
  ///   - ownObjects: the directory of the work tree's own.
  /// - Returns: the tree's id in hexadecimal.
  public func writeTree(
    of workTree: String, staging index: String, objects: String, besides ownObjects: String
  ) async throws(GitProcessError) -> String {
    let environment = [
      "GIT_INDEX_FILE": index, "GIT_OBJECT_DIRECTORY": objects,
      "GIT_ALTERNATE_OBJECT_DIRECTORIES": Quoted.gitPath(ownObjects), "GIT_OPTIONAL_LOCKS": "0",
    ]
    let configuration = [
      "core.fsmonitor=false", "core.untrackedCache=false",
      "core.splitIndex=false",
      "core.safecrlf=false", "core.fsync=committed,loose-object,reference", "add.ignoreErrors=false",
      "advice.addEmbeddedRepo=false",
    ]
    let operation = "take what is in \(workTree)"
    func run(_ arguments: [String]) async throws(GitProcessError) -> GitOutput {
      try await self.run(
        arguments, at: .checkout(workTree), configuration: configuration, extraEnvironment: environment)
    }
    var added = try await run(["add", "--all", "--sparse"])
    // Git before 2.34 has no such option, and takes what is outside of a sparse checkout without it.
    if added.exitCode == Self.usageError { added = try await run(["add", "--all"]) }
    guard added.succeeded else { throw GitProcessError(operation: operation, output: added) }
    let tree = try await run(["write-tree"])
    guard tree.succeeded else { throw GitProcessError(operation: operation, output: tree) }
    return tree.text
  }

  private static let usageError: Int32 = 129

  /// The untracked files of the work tree at `workTree` that are not ignored, by their paths in it; a repository inside
  /// with a slash at its end.
  public func untrackedFiles(of workTree: String) async throws(GitProcessError) -> [String] {
    let output = try await run(
      ["ls-files", "--others", "--exclude-standard", "-z"], at: .checkout(workTree),
      configuration: ["core.fsmonitor=false"], extraEnvironment: ["GIT_OPTIONAL_LOCKS": "0"])
    guard output.succeeded else {
      throw GitProcessError(operation: "list the untracked files of \(workTree)", output: output)
    }
    return output.standardOutput.split(separator: 0).map { String(foreign: $0) }
  }
}
