import Foundation
import Git
import Testing

/// A directory for one test, removed with it, where stock `git` runs without the user's configuration.
final class Scratch {
  let path: String

  init() throws {
    Self.hermetic
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
      "git-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    path = directory.resolvingSymlinksInPath().path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Once in the process, before the first repository is opened.
  private static let hermetic: Void = {
    Libgit2.setConfigSearchPathsToNone()
    // Thousands of small files: with fsync the suite takes ten times as long.
    Libgit2.fsync = false
  }()

  /// What stock `git` writes to its output, which must not end in an error.
  @discardableResult
  func git(_ arguments: String..., in directory: String = "", input: [UInt8] = []) throws -> [UInt8] {
    let (status, output, errors) = try attempt(arguments, in: directory, input: input)
    guard status == 0 else { throw StockGitFailure(arguments: arguments, errors: errors) }
    return output
  }

  /// As `git`, without white space at the ends.
  @discardableResult
  func line(_ arguments: String..., in directory: String = "", input: [UInt8] = []) throws -> String {
    let (status, output, errors) = try attempt(arguments, in: directory, input: input)
    guard status == 0 else { throw StockGitFailure(arguments: arguments, errors: errors) }
    return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  func id(_ arguments: String..., in directory: String = "", input: [UInt8] = []) throws -> ObjectID {
    let (status, output, errors) = try attempt(arguments, in: directory, input: input)
    guard status == 0 else { throw StockGitFailure(arguments: arguments, errors: errors) }
    let text = String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return try #require(ObjectID(hex: text))
  }

  /// Status, output and errors of stock `git`.
  func attempt(_ arguments: [String], in directory: String, input: [UInt8]) throws -> (Int32, [UInt8], String)
  {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git"] + arguments
    process.currentDirectoryURL = URL(fileURLWithPath: file(directory))
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": path, "LC_ALL": "C",
      "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_AUTHOR_NAME": "A U Thor",
      "GIT_AUTHOR_EMAIL": "author@example.org", "GIT_AUTHOR_DATE": "1700000000 +0130",
      "GIT_COMMITTER_NAME": "C O Mitter", "GIT_COMMITTER_EMAIL": "committer@example.org",
      "GIT_COMMITTER_DATE": "1700000100 -0445", "GIT_CONFIG_COUNT": "1",
      "GIT_CONFIG_KEY_0": "init.defaultBranch", "GIT_CONFIG_VALUE_0": "trunk",
    ]
    // Files, because a pipe that fills would stop both sides.
    let (inputFile, outputFile, errorFile) = (
      file(UUID().uuidString), file(UUID().uuidString), file(UUID().uuidString)
    )
    try Data(input).write(to: URL(fileURLWithPath: inputFile))
    for name in [outputFile, errorFile] { try Data().write(to: URL(fileURLWithPath: name)) }
    defer {
      for name in [inputFile, outputFile, errorFile] { try? FileManager.default.removeItem(atPath: name) }
    }
    process.standardInput = FileHandle(forReadingAtPath: inputFile)
    process.standardOutput = FileHandle(forWritingAtPath: outputFile)
    process.standardError = FileHandle(forWritingAtPath: errorFile)
    try process.run()
    process.waitUntilExit()
    return (
      process.terminationStatus, try read(outputFile), String(decoding: try read(errorFile), as: UTF8.self)
    )
  }

  func file(_ name: String) -> String { name.isEmpty ? path : name.hasPrefix("/") ? name : path + "/" + name }
  func read(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: URL(fileURLWithPath: file(name))))
  }
  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name)) }

  func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

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

struct StockGitFailure: Error, CustomStringConvertible {
  let arguments: [String]
  let errors: String
  var description: String { "git \(arguments.joined(separator: " ")): \(errors)" }
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
