import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("weave gc", .inProcess)
struct CollectTests {
  /// Telperion's main is rewritten upstream, so that its old tip is needed by nothing, or by a link alone.
  private func rewrite(_ lab: Lab) throws -> String {
    let old = try lab.id("telperion@main")
    try lab.source("telperion").git("reset", "--quiet", "--hard", "v1")
    try lab.source("telperion").commit("another two")
    try lab.weave("fetch")
    return old
  }

  @Test("the first time it tells what it would do and does nothing, and the second time it does it")
  func first() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let old = try rewrite(lab)
      let first = try lab.run("gc", "--prune", "now")
      #expect(first.status == 0)
      #expect(first.stderr.contains("Would pack "), "\(first.stderr)")
      #expect(first.stderr.hasSuffix("Nothing is done the first time; `weave gc` again does it\n"))
      #expect(try lab.holds(old))
      let second = try lab.run("gc", "--prune", "now")
      #expect(second.stderr.contains(" objects in "), "\(second.stderr)")
      #expect(try !lab.holds(old))
      #expect(try lab.store.git("count-objects") == "0 objects, 0 kilobytes")
    }
  }

  @Test("a linked commit stays, whatever became of it upstream, and so does one that a worktree is at")
  func keeps() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.link("telperion@main", "laurelin@main")
      let (linked, revoked) = try (lab.id("telperion@main"), lab.id("laurelin@main"))
      let worktree = lab.directory.appending("worktree")
      _ = try rewrite(lab)
      let out = try lab.id("telperion@main")
      try lab.store.git("worktree", "add", "--quiet", "--detach", worktree, out)
      try lab.source("telperion").git("reset", "--quiet", "--hard", "v1")
      try lab.weave("fetch")
      try lab.weave("gc", "--dry-run", "--prune", "now")
      try lab.weave("gc", "--prune", "now")
      try lab.weave("gc", "--prune", "now")
      for id in [linked, revoked, out] { #expect(try lab.holds(id)) }
      #expect(try TestRepository(at: worktree).git("status", "--porcelain") == "")
    }
  }

  @Test("what is younger than --prune says stays, by default two weeks")
  func young() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let old = try rewrite(lab)
      for _ in 1...2 { try lab.weave("gc") }
      #expect(try lab.holds(old))
      let wrong = try lab.run("gc", "--prune", "whenever")
      #expect(wrong.status == 1)
      #expect(wrong.stderr.contains("error: cannot collect what nothing needs of "), "\(wrong.stderr)")
    }
  }

  @Test("the commit-graph that it writes is one that libgit2 1.5 can read")
  func commitGraph() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      for _ in 1...2 { try lab.weave("gc") }
      let path = "\(lab.store.path)/objects/info/commit-graph"
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(bytes.range(of: Data("CDAT".utf8)) != nil)
      #expect(bytes.range(of: Data("GDA2".utf8)) == nil, "libgit2 1.5 passes over a graph with this chunk")
      try lab.store.git("commit-graph", "verify")
      try lab.link("telperion@main", "laurelin@main")
    }
  }

  @Test("--observations drops what only older observations named, and never what a link names")
  func observations() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let old = try lab.id("telperion@main")
      try lab.report("toto", "telperion@main")
      try lab.link("laurelin@main", "telperion@v1")
      let linked = try lab.id("laurelin@main")
      _ = try rewrite(lab)
      try lab.report("toto", "telperion@main")
      try lab.weave("gc")
      try lab.weave("gc", "--prune", "now")
      #expect(try lab.holds(old))
      let result = try lab.run("gc", "--prune", "now", "--observations", "1")
      #expect(result.stderr.contains("No longer keeps 1 commit of old observations"), "\(result.stderr)")
      #expect(try !lab.holds(old))
      #expect(try lab.holds(linked))
      #expect(try lab.run("status").status == 0)
    }
  }
}
