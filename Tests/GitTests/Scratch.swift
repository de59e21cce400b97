import Foundation
import Git
import TestSupport
import Testing

/// A directory for one test, where stock `git` runs without the user's configuration.
struct Scratch {
  private let directory: TemporaryDirectory
  private let environment: TestEnvironment

  init() throws {
    Self.hermetic
    directory = try TemporaryDirectory()
    environment = TestEnvironment(home: directory.path).with([
      "GIT_AUTHOR_NAME": "A U Thor", "GIT_AUTHOR_EMAIL": "author@example.org",
      "GIT_AUTHOR_DATE": "1700000000 +0130", "GIT_COMMITTER_NAME": "C O Mitter",
      "GIT_COMMITTER_EMAIL": "committer@example.org", "GIT_COMMITTER_DATE": "1700000100 -0445",
      "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "init.defaultBranch", "GIT_CONFIG_VALUE_0": "trunk",
    ])
  }

  /// Once in the process, before the first repository is opened.
  private static let hermetic: Void = {
    Libgit2.setConfigSearchPathsToNone()
    // Thousands of small files: with fsync the suite takes ten times as long.
    Libgit2.fsync = false
  }()

  /// The directory's path.
  var path: String { directory.path }

  /// What stock `git` writes to its output, which must not end in an error.
  @discardableResult
  func git(_ arguments: String..., in directory: String = "", input: [UInt8] = []) throws -> [UInt8] {
    try run(arguments, in: directory, input: input).stdoutBytes
  }

  /// As `git`, without white space at the ends.
  @discardableResult
  func line(_ arguments: String..., in directory: String = "", input: [UInt8] = []) throws -> String {
    try run(arguments, in: directory, input: input).trimmed
  }

  /// As `git`, line by line.
  func lines(_ arguments: [String], in directory: String) throws -> [Substring] {
    try run(arguments, in: directory, input: []).stdout.split(separator: "\n")
  }

  /// As `git`, the id that it writes.
  func id(_ arguments: String..., in directory: String = "", input: [UInt8] = []) throws -> ObjectID {
    try #require(ObjectID(hex: run(arguments, in: directory, input: input).trimmed))
  }

  private func run(_ arguments: [String], in directory: String, input: [UInt8]) throws -> ProcessResult {
    try runGit(arguments, in: file(directory), environment: environment, input: input)
  }

  func file(_ name: String) -> String { name.isEmpty ? path : directory.appending(name) }
  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }
  func write(_ text: String, to name: String) throws { try directory.write(text, to: name) }

  /// A bare repository that this module made.
  func bare(_ name: String = "bare.git") throws -> Repository { try Repository.createBare(at: file(name)) }

  /// A repository with a work tree and one commit, that stock `git` made.
  func checkout(_ name: String = "work") throws -> Repository {
    try git("init", "-q", name)
    try write("hello\n", to: "\(name)/README")
    try git("add", ".", in: name)
    try git("commit", "-q", "-m", "first", in: name)
    return try Repository.open(at: file(name))
  }
}

let joe = Signature(name: "Joe", email: "joe@example.org", seconds: 1_700_000_000, offsetMinutes: 90)

extension Repository {
  /// A commit by Joe.
  func commit(
    _ text: String, parents: [ObjectID] = [], tree: ObjectID = .emptyTree, after seconds: Int64 = 0
  ) throws -> ObjectID {
    var signature = joe
    signature.seconds += seconds
    return try writeCommit(
      tree: tree, parents: parents, author: signature, committer: signature, message: Array(text.utf8))
  }
}

/// The code of the `GitError` that `body` throws.
func code(of body: () throws -> Void) -> GitError.Code? {
  do { try body() } catch { return (error as? GitError)?.code }
  return nil
}
