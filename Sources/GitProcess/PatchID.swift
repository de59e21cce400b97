import ForeignText

extension GitProcess {
  private static let patchesAtOnce = 500

  /// What `git patch-id --stable` says of the change that each of `commits` makes, by commit, all in hexadecimal; a
  /// merge, a commit that changes nothing, and one that changes a file that Git takes for binary, of which Git's id does not
  /// tell two changes apart, have none.
  ///
  /// Writes out every change: some ms for each. No setting of the user's has a say in it.
  ///
  /// - Parameters:
  ///   - gitDirectory: a repository that has the commits, or some of them.
  ///   - objects: the directory of objects that has the others; nil where there are none.
  public func patchIDs(
    of commits: [String], gitDirectory: String, besides objects: String?
  ) async throws(GitProcessError) -> [String: String] {
    var found: [String: String] = [:]
    for start in stride(from: 0, to: commits.count, by: Self.patchesAtOnce) {
      let batch = commits[start..<min(start + Self.patchesAtOnce, commits.count)]
      let patches = try await changes(of: batch, gitDirectory: gitDirectory, besides: objects)
      guard !patches.isEmpty else { continue }
      let ids = try await run(
        ["patch-id", "--stable"], at: .repository(gitDirectory), standardInput: patches)
      guard ids.succeeded else {
        throw GitProcessError(operation: "compare what commits change", output: ids)
      }
      let binary = Self.commits(withBinaryFilesIn: patches)
      for line in ids.text.split(atScalar: "\n") {
        let fields = line.split(atScalar: " ").map(String.init)
        if fields.count == 2, !binary.contains(fields[1]) { found[fields[1]] = fields[0] }
      }
    }
    return found
  }

  private func changes(
    of commits: ArraySlice<String>, gitDirectory: String, besides objects: String?
  ) async throws(GitProcessError) -> [UInt8] {
    let environment = objects.map { ["GIT_ALTERNATE_OBJECT_DIRECTORIES": Quoted.gitPath($0)] } ?? [:]
    let output = try await run(
      [
        "diff-tree", "--stdin", "--root", "--patch", "--full-index", "--no-renames", "--no-ext-diff",
        "--no-textconv", "--no-color", "--ignore-submodules=none",
      ], at: .repository(gitDirectory), standardInput: Array((commits.joined(separator: "\n") + "\n").utf8),
      configuration: ["core.attributesFile=/dev/null"], extraEnvironment: environment)
    guard output.succeeded else {
      throw GitProcessError(operation: "compare what commits change", output: output)
    }
    return output.standardOutput
  }

  /// A line of a patch's text begins with a blank, a sign or a backslash.
  private static func commits(withBinaryFilesIn patches: [UInt8]) -> Set<String> {
    var (commits, commit): (Set<String>, ArraySlice<UInt8>) = ([], [])
    for line in patches.split(separator: UInt8(ascii: "\n")) {
      if line.count >= 40, line.allSatisfy({ "0123456789abcdef".utf8.contains($0) }) { commit = line }
      if line.starts(with: "Binary files ".utf8) { commits.insert(String(foreign: commit)) }
    }
    return commits
  }
}
