import Foundation

/// A repository made and driven by stock Git.
///
/// The same calls give the same object ids on every machine: each commit is a minute after the newest before
/// it.
public struct TestRepository: Sendable {
  /// The absolute path of the work tree, or of a bare repository itself.
  public let path: String
  /// What each run of Git sees.
  public var environment: TestEnvironment

  /// The repository that is at `path` already.
  public init(at path: String) {
    self.path = path
    environment = TestEnvironment(home: "/nonexistent")
  }

  /// Makes an empty repository whose HEAD is the unborn `branch`.
  public static func create(
    at path: String, bare: Bool = false, branch: String = "main"
  ) throws -> TestRepository {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let repository = TestRepository(at: path)
    try repository.git(["init", "--quiet", "--initial-branch=\(branch)"] + (bare ? ["--bare"] : []))
    return repository
  }

  /// Runs Git in the repository and returns what it printed, trimmed; throws what it complained of when it
  /// fails.
  @discardableResult
  public func git(_ arguments: String...) throws -> String { try git(arguments) }

  /// Runs Git in the repository and returns what it printed, trimmed; throws what it complained of when it
  /// fails.
  @discardableResult
  public func git(
    _ arguments: [String], environment: TestEnvironment? = nil, input: [UInt8] = []
  ) throws -> String {
    try runGit(arguments, in: path, environment: environment ?? self.environment, input: input).trimmed
  }

  /// Writes `content` (by default the message) to `file`, commits everything in the work tree, and returns
  /// the id.
  @discardableResult
  public func commit(_ message: String, file: String = "file", content: String? = nil) throws -> String {
    try write(content ?? "\(message)\n", to: file)
    try git("add", "--all")
    try git(["commit", "--quiet", "--allow-empty", "--message=\(message)"], environment: nextMinute())
    return try head()
  }

  /// Merges `revision` with a merge commit, even where it could be fast-forwarded, and returns the commit's
  /// id.
  @discardableResult
  public func merge(_ revision: String, message: String? = nil) throws -> String {
    try git(
      ["merge", "--quiet", "--no-ff", "--message=\(message ?? "merge \(revision)")", revision],
      environment: nextMinute())
    return try head()
  }

  /// Makes the branch `name`, or moves it, to `revision`.
  public func branch(_ name: String, at revision: String = "HEAD") throws {
    try git("branch", "--force", name, revision)
  }

  /// Makes a tag of `revision`: an annotated one where there is a message.
  public func tag(_ name: String, at revision: String = "HEAD", message: String? = nil) throws {
    try git(
      ["tag"] + (message.map { ["--annotate", "--message=\($0)"] } ?? []) + [name, revision],
      environment: nextMinute())
  }

  /// Checks `revision` out; with `create` as a new branch of that name.
  public func checkout(_ revision: String, create: Bool = false) throws {
    try git(["checkout", "--quiet"] + (create ? ["-b"] : []) + [revision])
  }

  /// The id of the commit that HEAD is at.
  public func head() throws -> String { try git("rev-parse", "--verify", "HEAD") }

  /// The id of what `revision` names; nil where it names nothing.
  public func resolve(_ revision: String) -> String? {
    try? git("rev-parse", "--verify", "--quiet", revision)
  }

  /// Every ref by its full name, with the id it holds.
  public func refs() throws -> [String: String] {
    let lines = try git("for-each-ref", "--format=%(refname) %(objectname)").split(separator: "\n")
    return Dictionary(
      uniqueKeysWithValues: lines.map { line in
        let fields = line.split(separator: " ")
        return (String(fields[0]), String(fields[1]))
      })
  }

  /// Writes a file of the work tree, with the directories on the way.
  public func write(_ content: String, to file: String) throws {
    try writeFile(Array(content.utf8), to: "\(path)/\(file)")
  }

  /// Writes a commit of nothing with a date so many seconds before any, which Git's fsck refuses, and returns its id.
  public func commitThatGitRefuses(onto parent: String? = nil, secondsBefore seconds: Int = 1) throws
    -> String
  {
    let who = "a <a@b> -\(seconds) +0000"
    let lines = try ["tree \(git(["mktree"], input: []))"] + (parent.map { ["parent \($0)"] } ?? [])
    let commit = (lines + ["author \(who)", "committer \(who)", "", "x", ""]).joined(separator: "\n")
    return try git(
      ["hash-object", "-t", "commit", "-w", "--literally", "--stdin"], input: Array(commit.utf8))
  }

  private func nextMinute() throws -> TestEnvironment {
    let newest = try git("rev-list", "--all", "--max-count=1", "--timestamp").split(separator: " ").first
    var environment = environment
    environment.setDate(newest.flatMap { Int($0) }.map { $0 + 60 } ?? TestEnvironment.epoch)
    return environment
  }
}

/// Runs stock Git in `directory`; throws what it complained of when it fails.
@discardableResult
public func runGit(
  _ arguments: [String], in directory: String, environment: TestEnvironment, input: [UInt8] = []
) throws -> ProcessResult {
  try runProcess("git", arguments, in: directory, environment: environment.variables, input: input)
    .succeeded(["git"] + arguments)
}

/// What went wrong in a test's own preparations.
public struct TestFailure: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
