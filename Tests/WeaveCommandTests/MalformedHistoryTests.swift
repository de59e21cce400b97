import TestSupport
import Testing

@testable import LabSupport

@Suite("A commit of a source that Git can read, and libgit2 cannot", .inProcess) struct MalformedHistoryTests
{
  /// What stands in the place of author and committer.
  private static let people = [
    "committer A <a@example.org> 1 +0000\n", "author A <a@example.org> 1 +0000\n",
    "author A a@example.org 1 +0000\ncommitter A <a@example.org> 1 +0000\n",
    "author A <a@example.org> 99999999999999999999 +0000\ncommitter A <a@example.org> 99999999999999999999 +0000\n",
  ]

  private static func lab() throws -> Lab {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    return lab
  }

  /// Puts such a commit on top of `main` of telperion, and returns it.
  private static func malformed(_ people: String, in source: TestRepository) throws -> String {
    let tree = try source.git("rev-parse", "main^{tree}")
    let tip = try source.git("rev-parse", "main")
    return try source.git(
      ["hash-object", "-t", "commit", "-w", "--stdin", "--literally"],
      input: Array("tree \(tree)\nparent \(tip)\n\(people)\nbad\n".utf8))
  }

  @Test("on a branch that nobody tracks keeps nothing of the project from being recorded", arguments: people)
  func untracked(people: String) throws {
    let lab = try Self.lab()
    let source = lab.source("telperion")
    try source.git("update-ref", "refs/heads/zz", Self.malformed(people, in: source))
    try lab.weave("fetch")
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.weave("set", "release-1", "telperion@v1", "laurelin@v1")
    try lab.report("toto", "telperion@v1")
    try lab.weave("hold", "barge", "laurelin@v1", "-m", "the disk")
    try lab.revoke("telperion@v2", because: "it loops")
    #expect(try lab.run(["check", "telperion@v2"]).status == 5)
    for command in [["resolve"], ["status", "-c", "emerald-city"], ["project", "list"], ["harvest"]] {
      let result = try lab.run(command)
      #expect(result.status != 1, "\(command): \(result.stderr)")
    }
  }

  @Test(
    "as the newest of what is tracked, or below it, keeps no other project back", arguments: people,
    [true, false])
  func tracked(people: String, isTip: Bool) throws {
    let lab = try Self.lab()
    let source = lab.source("telperion")
    let id = try Self.malformed(people, in: source)
    try source.git("update-ref", "refs/heads/main", id)
    if !isTip {
      try source.git(
        "update-ref", "refs/heads/main", source.git("commit-tree", "main^{tree}", "-p", "main", "-m", "good"))
    }
    try lab.weave("fetch")
    try lab.revoke("telperion@v1", because: "it loops")
    for command in [["resolve"], ["project", "list"], ["harvest"], ["status", "-c", "emerald-city"]] {
      let result = try lab.run(command)
      #expect(result.status != 1 || result.stderr.contains("telperion"), "\(command): \(result.stderr)")
    }
  }

  @Test("between what machines run and what is wanted is counted as any other", arguments: people)
  func between(people: String) throws {
    let lab = try Self.lab()
    let source = lab.source("telperion")
    try source.git("update-ref", "refs/heads/main", Self.malformed(people, in: source))
    let good = try source.git("commit-tree", "main^{tree}", "-p", "main", "-m", "good")
    try source.git("update-ref", "refs/heads/main", good)
    try lab.weave("fetch")
    try lab.link("telperion@main", "laurelin@v2", "narya@v2")
    try lab.link("telperion@main~1", "laurelin@v1", "narya@v1")
    try lab.weave("lock")
    let ran = try lab.id("telperion@v1")
    try lab.report("toto", "telperion@\(ran)", "laurelin@v1", "narya@v1")
    let status = try lab.run(["status", "-c", "emerald-city"])
    #expect(status.status == 0 && status.stdout.contains("behind -5"), "\(status)")
    for format in ["prometheus", "ansible"] {
      try lab.weave(["lock", "--show", "--format", format] + (format == "ansible" ? ["--list"] : []))
    }
    try lab.weave("diff", "telperion@v1", "telperion@main")
    try lab.weave("log")
    try lab.weave("harvest")
    // Now telperion has to go back over that commit.
    try lab.weave("revoke", "telperion@main", "-m", "it loops")
    for command in [["resolve"], ["why", "telperion"], ["graph"], ["status", "-c", "emerald-city"]] {
      let result = try lab.run(command)
      #expect(result.status == 0, "\(command): \(result)")
    }
    try lab.weave("revoke", "telperion@main~1", "-m", "it loops")
    #expect(try lab.weave("why", "telperion").contains("telperion"))
  }
}
