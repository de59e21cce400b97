import ForeignText

extension GitProcess {
  /// All settings that count there, each `key\nvalue` and a NUL (git-config(1), `--null --list`).
  func settings(at place: GitPlace) async throws(GitProcessError) -> [UInt8] {
    let output = try await run(["config", "--null", "--list"], at: place)
    guard output.succeeded else { throw GitProcessError(operation: "read the settings", output: output) }
    return output.standardOutput
  }

  /// The settings under `section`, by their keys in Git's spelling (the section and the name in lower case), as Git has
  /// them in the repository: of one that is given twice the last. `~/` at the start of a value is expanded.
  public func settings(
    of section: String, gitDirectory: String
  ) async throws(GitProcessError) -> [String: String] {
    let output = try await run(
      ["config", "--null", "--type=path", "--get-regexp", "^\(section)\\."], at: .repository(gitDirectory))
    // 1 is what Git says where there is none.
    guard output.succeeded || output.exitCode == 1 else {
      throw GitProcessError(operation: "read the settings of \(section)", output: output)
    }
    let entries = output.standardOutput.split(separator: 0).map { entry in
      let parts = entry.split(separator: UInt8(ascii: "\n"), maxSplits: 1, omittingEmptySubsequences: false)
      return (
        String(foreign: parts[0]),
        parts.count > 1 ? String(foreign: parts[1]) : ""
      )
    }
    return Dictionary(entries) { _, last in last }
  }
}
