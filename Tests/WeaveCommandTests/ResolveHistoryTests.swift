import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("resolve orders a history without dates", .inProcess)
struct ResolveHistoryTests {
  let lab: Lab

  init() throws { lab = try Lab.threeProjects() }

  /// Makes this history of narya, whose tip is v8:
  ///
  ///     v1 ─ v2 ─ v3 ─ v4 ─ v6 ─ M ─ v8
  ///                     └── s1 ─ s2 ┘
  private func makeMerge() throws {
    let source = lab.source("narya")
    try source.git("checkout", "--quiet", "-b", "side")
    for number in 1...2 {
      try source.commit("side \(number)", file: "side")
      try source.tag("s\(number)")
    }
    try source.checkout("main")
    try source.commit("narya 6")
    try source.tag("v6")
    try source.merge("side")
    try source.tag("merge")
    try source.commit("narya 8")
    try source.tag("v8")
    try lab.weave("fetch")
  }

  private var pick: String {
    get throws { try #require(try lab.picks(on: "barge", of: Constellations.narya)["narya"]) }
  }

  @Test("a merge goes back to what it merged only after itself, and before its first parent")
  func order() throws {
    try makeMerge()
    for expected in ["v8", "merge", "s2", "s1", "v6", "v4", "v3"] {
      #expect(try pick == lab.id("narya@\(expected)"), "\(expected)")
      try lab.revoke("narya@\(expected)")
    }
  }

  @Test("an old date makes a new commit no older")
  func dates() throws {
    let source = lab.source("narya")
    var past = source.environment
    past.setDate(TestEnvironment.epoch - 1_000_000)
    try source.git(["commit", "--quiet", "--allow-empty", "--message=from the past"], environment: past)
    try lab.weave("fetch")
    #expect(try pick == source.head())
  }

  @Test("behind is what git rev-list --count says, merges and all")
  func behind() throws {
    try makeMerge()
    for revoked in ["v8", "merge", "s2", "s1", "v6"] {
      try lab.revoke("narya@\(revoked)")
      let document = try lab.resolution(of: Constellations.narya)
      let pick = try #require(document.machines.first?.projects.first)
      let count = try lab.source("narya").git("rev-list", "--count", "\(pick.commit)..main")
      #expect(pick.behind.map(String.init) == count)
    }
  }

  @Test("a commit that no tracked branch reaches is not picked")
  func unreachable() throws {
    try lab.branchOff("narya", "side")
    try lab.link("narya@side", "laurelin@v4")
    #expect(try pick == lab.id("narya@v4"))
  }
}
