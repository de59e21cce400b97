import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// A user who is not root meets a read-only store by its modes, and root needs a file system for it; here root
/// becomes another user.
@Suite("A read-only store", .enabled(if: Privileges.canBeNobody, "needs root and setpriv"))
struct ReadOnlyTests {
  let lab: Lab

  init() throws {
    lab = try Lab.filled()
    try lab.source("narya").commit("new")
  }

  private func run(_ arguments: String...) throws {
    let result = try runProcess("env", arguments, in: "/", environment: lab.environment.variables)
    guard result.status == 0 else { throw TestFailure(result.stderr) }
  }

  private func asOwner(_ arguments: [String]) throws -> ProcessResult {
    try runProcess(
      "/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", weaveExecutable] + arguments,
      in: lab.workspace, environment: lab.environment.variables, input: Array(Constellations.emeraldCity.utf8)
    )
  }

  /// Gives the workspace to a user who may write to nothing in it.
  private func makeReadOnly() throws {
    try run("chown", "-R", "65534:65534", lab.directory.path)
    try run("chmod", "-R", "a-w", lab.workspace)
  }

  /// Every file of the workspace. Its time is left out: Git makes an object look new that is to be written and is there.
  private func files() throws -> [String] {
    let result = try runProcess(
      "find", [lab.workspace, "-printf", "%p %y %i %s\\n"], in: "/", environment: lab.environment.variables)
    return result.stdout.split(separator: "\n").map(String.init).sorted()
  }

  @Test("each reading command gives its answer, and writes nothing")
  func reading() throws {
    let commands = try EveryCommand.reading.map { try lab.arguments($0) }
    // More events than are read without an index; and there is none.
    try lab.growLedger()
    let answers = try commands.map { try lab.run($0).stdout }
    try FileManager.default.removeItem(atPath: lab.index)
    try makeReadOnly()
    let before = try files()
    for (arguments, answer) in zip(commands, answers) {
      let result = try asOwner(arguments)
      #expect(result.status == 0, "\(arguments): \(result.stderr)")
      #expect(!result.stderr.contains("error: "), "\(arguments): \(result.stderr)")
      #expect(withoutAges(result.stdout) == withoutAges(answer), "\(arguments)")
    }
    #expect(try files() == before)
  }

  // What is older than it was is no other answer.
  private func withoutAges(_ text: String) -> String { text.replacing(/\d+s fresh */, with: "") }

  @Test("each writing command is one error, and writes nothing")
  func writing() throws {
    // To repair what is whole writes nothing, and succeeds.
    let commands = try EveryCommand.writing.filter { $0 != ["fsck", "--repair"] }.map {
      try lab.arguments($0)
    }
    try makeReadOnly()
    let before = try files()
    for arguments in commands {
      let result = try asOwner(arguments)
      #expect(result.status == 1, "\(arguments): \(result.stderr)")
      let errors = result.stderr.split(separator: "\n").filter { $0.hasPrefix("error: ") }
      #expect(arguments == ["fetch"] ? !errors.isEmpty : errors.count == 1, "\(arguments): \(result.stderr)")
    }
    #expect(try files() == before)
  }
}
