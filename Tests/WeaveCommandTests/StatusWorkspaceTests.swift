import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("status alone shows the workspace", .inProcess)
struct StatusWorkspaceTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  private func line(_ project: String) throws -> [String] {
    let lines = try lab.weave("status").split(separator: "\n")
    let line = try #require(lines.first { $0.hasPrefix(project + " ") })
    return line.split(separator: " ").map(String.init)
  }

  @Test("a project without a checkout says so")
  func without() throws {
    #expect(try line("narya") == ["narya", "not", "checked", "out"])
  }

  @Test("a clean checkout has its branch and commit")
  func clean() throws {
    try lab.checkout("narya")
    #expect(
      try line("narya") == ["narya", "main", lab.short("narya@v4"), "+0", "-0", "clean"])
  }

  @Test("ahead and behind are those of git rev-list --count")
  func aheadBehind() throws {
    let narya = try lab.checkout("narya")
    try narya.git("reset", "--quiet", "--hard", "v1")
    try narya.commit("mine")
    let ahead = try narya.git("rev-list", "--count", "@{upstream}..HEAD")
    let behind = try narya.git("rev-list", "--count", "HEAD..@{upstream}")
    #expect(try line("narya")[3...4] == ["+\(ahead)", "-\(behind)"])
  }

  @Test("a changed file is counted and named")
  func dirty() throws {
    let narya = try lab.checkout("narya")
    try narya.write("changed\n", to: "file")
    #expect(try line("narya").suffix(2) == ["1:", "file"])
  }

  @Test("a detached HEAD is no branch")
  func detached() throws {
    let narya = try lab.checkout("narya")
    try narya.git("checkout", "--quiet", "--detach", "v2")
    #expect(try line("narya")[1...3] == ["(detached)", lab.short("narya@v2"), "-"])
  }

  @Test("checkouts whose commits are not linked are named, until they are")
  func unlinked() throws {
    try lab.checkout("narya")
    try lab.checkout("laurelin")
    let pair = try "laurelin@\(lab.short("laurelin@v4")) narya@\(lab.short("narya@v4"))"
    #expect(try lab.weave("status").contains("not linked: " + pair))
    try lab.weave("link", "-m", "both checked out")
    #expect(try !lab.weave("status").contains("not linked"))
  }

  @Test("checkouts that are revoked together are named, with the reason")
  func revoked() throws {
    try lab.checkout("narya")
    try lab.checkout("laurelin")
    try lab.revoke("narya@v4", "laurelin@v4", because: "too bright")
    #expect(try lab.weave("status").contains("too bright"))
  }

  @Test("each stored constellation has a line that counts its words")
  func constellations() throws {
    try lab.constellation()
    try lab.link("telperion@v2", "laurelin@v2", "narya@v2")
    try lab.report("toto", "telperion@v1", "laurelin@v2")
    try lab.report("barge", "laurelin@v2", "narya@v2")
    #expect(try lab.weave("status").contains("constellation emerald-city: 2 machines: 1 behind, 1 in-sync"))
  }

  @Test("it works from a directory inside a checkout")
  func below() throws {
    let narya = try lab.checkout("narya")
    try narya.write("", to: "deep/down/file")
    let result = try lab.run(["status"], in: narya.path + "/deep/down")
    #expect(result.status == 0)
    #expect(result.stdout.contains("telperion"))
  }

  @Test("it changes nothing in a checkout, not even the index")
  func leavesCheckouts() throws {
    let narya = try lab.checkout("narya")
    try narya.write("changed\n", to: "file")
    let index = try Data(contentsOf: URL(fileURLWithPath: narya.path + "/.git/index"))
    let refs = try narya.refs()
    try lab.weave("status")
    #expect(try Data(contentsOf: URL(fileURLWithPath: narya.path + "/.git/index")) == index)
    #expect(try narya.refs() == refs)
  }
}
