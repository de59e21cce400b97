import ForeignText

extension GitProcess {
  private static let patchesAtOnce = 500

  /// What `git patch-id --stable` says of the change that each of `commits` makes, by commit, all in hexadecimal; a
  /// merge, and a commit that changes nothing, has none.
  ///
  /// Writes out every change: some ms for each. No setting of the user's has a say in it.
  ///
  /// - Parameters:
  ///   - gitDirectory: a repository that has the commits, or some of them.
  ///   - objects: the directory of objects that has the others; nil where there are none.
  public func patchIDs(
    of commits: [String], gitDirectory: String, besides objects: String?
  ) async throws(GitProcessError) -> [String: String] {
    let environment = objects.map { ["GIT_ALTERNATE_OBJECT_DIRECTORIES": Quoted.gitPath($0)] } ?? [:]
    var found: [String: String] = [:]
    for start in stride(from: 0, to: commits.count, by: Self.patchesAtOnce) {
      let batch = commits[start..<min(start + Self.patchesAtOnce, commits.count)]
      let patches = try await run(
        [
          "diff-tree", "--stdin", "--root", "--patch", "--full-index", "--no-renames", "--no-ext-diff",
          "--no-textconv", "--no-color", "--ignore-submodules=none",
        ], at: .repository(gitDirectory), standardInput: Array((batch.joined(separator: "\n") + "\n").utf8),
        configuration: ["core.attributesFile=/dev/null"], extraEnvironment: environment)
      guard patches.succeeded else {
        throw GitProcessError(operation: "compare what commits change", output: patches)
      }
      guard !patches.standardOutput.isEmpty else { continue }
      let ids = try await run(
        ["patch-id", "--stable"], at: .repository(gitDirectory), standardInput: patches.standardOutput)
      guard ids.succeeded else {
        throw GitProcessError(operation: "compare what commits change", output: ids)
      }
      for line in ids.text.split(atScalar: "\n") {
        let fields = line.split(atScalar: " ")
        if fields.count == 2 { found[String(fields[1])] = String(fields[0]) }
      }
    }
    return found
  }
}
