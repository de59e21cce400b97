import Foundation
import TestSupport
import Testing

@testable import LabSupport

/// Only root can make what belongs to another user, and then be a third one.
@Suite("A store of another user's", .enabled(if: Privileges.canBeNobody, "needs root and setpriv"))
struct OwnershipTests {
  let lab: Lab

  init() throws {
    lab = try Lab.filled()
    let result = try runProcess(
      "chmod", ["-R", "a+rX", lab.directory.path], in: "/", environment: lab.environment.variables)
    guard result.status == 0 else { throw TestFailure(result.stderr) }
  }

  private func asNobody(_ program: String, _ arguments: [String], home: String? = nil) throws -> ProcessResult
  {
    var environment = lab.environment
    // libgit2 reads the user's own configuration from the home directory alone.
    if let home { environment = environment.with(["HOME": home, "GIT_CONFIG_GLOBAL": nil]) }
    return try runProcess(
      "/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", program] + arguments,
      in: lab.workspace, environment: environment.variables, input: Array(Constellations.emeraldCity.utf8))
  }

  @Test("each command refuses it as git does, in one error that says what to type")
  func refused() throws {
    let before = try lab.store.refs()
    let git = try asNobody("git", ["-C", lab.store.path, "for-each-ref"])
    #expect(git.status == 128 && git.stderr.contains("dubious ownership"))
    for template in EveryCommand.reading + EveryCommand.writing {
      let result = try asNobody(weaveExecutable, lab.arguments(template))
      let error = "\(template): \(result.stderr)"
      #expect(result.status == 1, "\(error)")
      #expect(result.stdout == "", "\(error)")
      #expect(
        result.stderr.hasPrefix("error: ") && result.stderr.split(separator: "\n").count == 1, "\(error)")
      #expect(result.stderr.contains("belongs to another user"), "\(error)")
      #expect(
        result.stderr.contains("git config --global --add safe.directory \(lab.store.path)"), "\(error)")
    }
    #expect(try lab.store.refs() == before)
  }

  @Test("what the error says to type makes it readable")
  func trusted() throws {
    let home = lab.directory.appending("trusting")
    try lab.directory.write("[safe]\n\tdirectory = \(lab.store.path)\n", to: "trusting/.gitconfig")
    let result = try asNobody(weaveExecutable, ["links"], home: home)
    #expect(result.status == 0, "\(result.stderr)")
    #expect(try result.stdout == lab.run(["links"]).stdout)
  }

  @Test("a trusted store that may not be written to is one error")
  func trustedButNotWritable() throws {
    let home = lab.directory.appending("trusting")
    try lab.directory.write("[safe]\n\tdirectory = \(lab.store.path)\n", to: "trusting/.gitconfig")
    let before = try lab.store.refs()
    let result = try asNobody(weaveExecutable, ["link", "telperion@v2", "laurelin@v2"], home: home)
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(
      result.stderr.hasPrefix("error: ") && result.stderr.split(separator: "\n").count == 1,
      "\(result.stderr)")
    #expect(try lab.store.refs() == before)
  }

  @Test("a source of another user's is named, and stops no other")
  func source() throws {
    for project in ["telperion", "narya"] { try lab.source(project).commit("new") }
    let chown = try runProcess(
      "chown", ["-R", "65534", lab.source("telperion").path], in: "/", environment: lab.environment.variables)
    #expect(chown.status == 0)
    let result = try lab.run(["fetch"])
    #expect(result.status == 1)
    #expect(result.stderr.contains("error: cannot fetch telperion from "), "\(result.stderr)")
    #expect(result.stderr.contains("dubious ownership"), "\(result.stderr)")
    #expect(
      result.stderr.contains("git config --global --add safe.directory \(lab.source("telperion").path)"),
      "\(result.stderr)")
    #expect(lab.store.resolve("refs/namespaces/narya/refs/heads/main") == (try lab.id("narya@main")))
  }
}
