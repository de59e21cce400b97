import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("A ref of a source that libgit2 does not follow, or that is lost", .inProcess) struct OddTipTests {
  private static func lab() throws -> Lab {
    let lab = try Lab.threeProjects()
    try lab.constellation()
    try lab.link("telperion@v1", "laurelin@v1", "narya@v1")
    return lab
  }

  /// What is asked of commits of telperion that have nothing to do with that ref.
  private static func expectAllWorks(in lab: Lab) throws {
    let two = try lab.source("telperion").git("rev-parse", "v2^{commit}")
    for word in [two, "v2", String(two.prefix(9)), "v3~1"] {
      try lab.weave("link", "telperion@\(word)", "laurelin@v2", "-m", word)
    }
    try lab.weave("set", "release-1", "telperion@\(two)", "laurelin@v1")
    try lab.report("toto", "telperion@\(two)")
    try lab.weave("hold", "barge", "laurelin@v1", "-m", "the disk")
    try lab.weave("checkout", "telperion@\(two)", "laurelin@v1", "out")
    try lab.weave("diff", "telperion@v1", "telperion@\(two)")
    try lab.weave("export", "telperion@\(two)", "--format", "west")
    try lab.weave("reverse", "telperion@\(two)")
    try lab.weave("links", "telperion@\(two)")
    try lab.weave("revoke", "telperion@\(two)", "-m", "it loops")
    #expect(try lab.run(["check", "telperion@\(two)"]).status == 5)
  }

  @Test(
    "a tag with a tagger that is not read is a name of its commit, and stops nothing",
    arguments: ["A <a@example.org> 99999999999999999999 +0000", "A a@example.org 1 +0000"])
  func tagger(person: String) throws {
    let lab = try Self.lab()
    let source = lab.source("telperion")
    let one = try source.git("rev-parse", "v1^{commit}")
    let tag = try source.git(
      ["hash-object", "-t", "tag", "-w", "--stdin", "--literally"],
      input: Array("object \(one)\ntype commit\ntag old\ntagger \(person)\n\nm\n".utf8))
    try source.git("update-ref", "refs/tags/old", tag)
    try source.git("update-ref", "refs/tags/v1", tag)
    try lab.weave("fetch")
    for word in ["old", "old^0", "old^{commit}", "v1", tag] {
      try lab.weave("link", "telperion@\(word)", "laurelin@v2", "-m", word)
      #expect(try lab.linked("telperion") == one, "\(word)")
    }
    try Self.expectAllWorks(in: lab)
    try lab.weave("project", "set", "telperion", "track", "old")
    #expect(try lab.weave("project", "list").contains(one.prefix(7)))
    #expect(try lab.run("fsck").status == 0)
  }

  @Test("a HEAD or a branch that is an annotated tag is the commit of that tag", arguments: [true, false])
  func tagAsBranch(isHead: Bool) throws {
    let lab = try Self.lab()
    let source = lab.source("telperion")
    try source.tag("an", at: "main", message: "m")
    // Git writes no such branch itself.
    let branch = isHead ? "main" : "other"
    try Data((source.git("rev-parse", "an") + "\n").utf8)
      .write(to: URL(fileURLWithPath: "\(source.path)/.git/refs/heads/\(branch)"))
    if isHead { try source.git("symbolic-ref", "HEAD", "refs/heads/main") }
    try lab.weave("fetch")
    let main = try source.git("rev-parse", "an^{commit}")
    #expect(try lab.weave("project", "list").contains(main.prefix(7)))
    try Self.expectAllWorks(in: lab)
    for command in [["relink"], ["harvest"], ["resolve"], ["fsck"]] {
      let result = try lab.run(command)
      #expect(result.status != 1 && !result.stderr.contains("error"), "\(command): \(result)")
    }
  }

  @Test("a branch whose commit is lost is told where only it can have what is asked, and by fsck")
  func lost() throws {
    let lab = try Self.lab()
    let tip = try lab.branchOff("telperion", "later")
    try FileManager.default.removeItem(
      atPath: "\(lab.store.path)/objects/\(tip.prefix(2))/\(tip.dropFirst(2))")
    try Self.expectAllWorks(in: lab)
    for word in ["later", tip, String(repeating: "12", count: 20)] {
      let refused = try lab.refusal(["link", "telperion@\(word)", "laurelin@v1"])
      #expect(refused.contains("telperion"), "\(refused)")
    }
    let fsck = try lab.run("fsck")
    #expect(fsck.status == 1)
    #expect(
      (fsck.stdout + fsck.stderr).contains("refs/namespaces/telperion/refs/heads/later")
        && (fsck.stdout + fsck.stderr).contains("`weave fetch telperion`"), "\(fsck)")
  }
}
