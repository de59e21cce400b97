import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("surroundings that are in the way")
struct BadInputSurroundingsTests {
  static let isRoot = geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")
  let lab: Lab

  init() throws { lab = try Self.template.copy() }

  private static let template = LabTemplate {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    try lab.report("toto", "telperion@v1", "laurelin@v1")
    return lab
  }

  /// Runs weave as a user who is not root and owns nothing here.
  private func asNobody(_ arguments: [String]) throws -> ProcessResult {
    try runProcess(
      "/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", weaveExecutable] + arguments,
      in: lab.workspace, environment: lab.environment.variables)
  }

  private func give(_ path: String, to owner: String) throws {
    try must(["chown", "-R", owner, path])
  }

  private func mode(_ mode: String, _ path: String) throws {
    try must(["chmod", "-R", mode, path])
  }

  private func must(_ command: [String]) throws {
    try runProcess(command[0], Array(command[1...]), in: "/", environment: lab.environment.variables)
      .succeeded(command)
  }

  @Test(
    "reading works in a store that is read-only", .enabled(if: isRoot),
    arguments: [
      ["status"], ["status", "-c", "emerald-city"], ["resolve", "--json"], ["why", "narya"], ["links"],
      ["log"],
      ["sha", "narya", "--machine", "barge"],
      ["lock", "--list"], ["constellation", "list"], ["project", "list"],
    ])
  func readOnly(arguments: [String]) throws {
    try give(lab.directory.path, to: "65534:65534")
    try mode("a-w", lab.store.path)
    defer { try? mode("u+w", lab.directory.path) }
    let result = try asNobody(arguments)
    #expect(result.status == 0, "\(result.stderr)")
    #expect(result.stderr == "")
  }

  @Test(
    "writing to a store that is read-only is one error", .enabled(if: isRoot),
    arguments: [
      ["link", "telperion@v2", "laurelin@v2"], ["revoke", "telperion@v2", "-m", "x"], ["lock"],
      ["constellation", "remove", "emerald-city"],
      ["fetch"], ["report", "--machine", "toto", "telperion=1111111111111111111111111111111111111111"],
    ])
  func writeReadOnly(arguments: [String]) throws {
    try give(lab.directory.path, to: "65534:65534")
    try mode("a-w", lab.store.path)
    defer { try? mode("u+w", lab.directory.path) }
    let result = try asNobody(arguments)
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(result.stderr.hasPrefix("error: "), "\(result.stderr)")
  }

  @Test("a store of someone else's is refused in plain words", .enabled(if: isRoot))
  func ownedByAnother() throws {
    try mode("a+rX", lab.directory.path)
    let result = try asNobody(["link", "telperion@v2", "laurelin@v2"])
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(result.stderr.hasPrefix("error: "), "\(result.stderr)")
    #expect(result.stderr.contains("belongs to another user"), "\(result.stderr)")
  }

  @Test(
    "the environment of a Git hook changes nothing",
    arguments: [
      ["status"], ["resolve"], ["links"], ["fetch"], ["link", "telperion@v2", "laurelin@v2"], ["lock"],
    ])
  func hook(arguments: [String]) throws {
    let elsewhere = try TestRepository.create(at: lab.directory.appending("elsewhere"))
    let commit = try elsewhere.commit("elsewhere")
    let inHook = lab.environment.with([
      "GIT_DIR": elsewhere.path + "/.git", "GIT_WORK_TREE": elsewhere.path, "GIT_NAMESPACE": "telperion",
      "GIT_INDEX_FILE": elsewhere.path + "/.git/no-index",
      "GIT_OBJECT_DIRECTORY": elsewhere.path + "/.git/objects",
      "GIT_COMMON_DIR": elsewhere.path + "/.git", "GIT_PREFIX": "below/", "GIT_CEILING_DIRECTORIES": "/",
      "GIT_QUARANTINE_PATH": elsewhere.path,
    ])
    let twin = try Self.template.copy()
    let expected = try twin.run(arguments)
    let result = try lab.run(arguments, environment: inHook)
    #expect(result.status == 0, "\(result.stderr)")
    #expect(result.stdout.count == expected.stdout.count)
    #expect(result.stderr == expected.stderr)
    #expect(try Set(lab.store.refs().keys) == Set(twin.store.refs().keys))
    #expect(try elsewhere.refs() == ["refs/heads/main": commit])
    #expect(!FileManager.default.fileExists(atPath: elsewhere.path + "/.git/no-index"))
  }

  @Test("no space left is one error, and the store is as it was")
  func noSpace() throws {
    let before = try lab.store.refs()
    // A file may not grow, which is how a full disk looks to whoever writes.
    let script = "(trap '' XFSZ; ulimit -f 0; \"$@\" 2>&1; echo \"exit $?\") | cat"
    let result = try runProcess(
      "sh", ["-c", script, "sh", weaveExecutable, "link", "telperion@v2", "laurelin@v2"], in: lab.workspace,
      environment: lab.environment.variables)
    #expect(result.stdout.hasPrefix("error: "), "\(result.stdout)")
    #expect(result.stdout.hasSuffix("\nexit 1\n"), "\(result.stdout)")
    #expect(try lab.store.refs() == before)
    try lab.link("telperion@v2", "laurelin@v2")
    try lab.store.git("fsck", "--strict")
  }

  @Test("a directory that is in no workspace is an error that says how to make one")
  func noWorkspace() throws {
    let result = try lab.run(["status"], in: lab.directory.path)
    #expect(result.status == 1)
    #expect(result.stdout == "")
    #expect(result.stderr.contains("weave init"))
  }
}
