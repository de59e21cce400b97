import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("weave checkout", .inProcess)
struct CheckoutSetTests {
  @Test("a set's exact commits become worktrees that stock Git knows, in a folder of its name")
  func worktrees() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.weave("set", "release", "telperion@v1", "laurelin@main")
      #expect(try lab.run("checkout", "release").stderr.hasSuffix("/release: 2 checked out\n"))
      let folder = "\(lab.workspace)/release"
      #expect(try head(lab, "release/telperion") == telperion.one)
      #expect(try head(lab, "release/laurelin") == laurelin.two)
      #expect(try worktree(lab, "release/telperion").git("status", "--porcelain") == "")
      #expect(try lab.store.git("worktree", "list").contains("\(folder)/laurelin"))
      #expect(try worktree(lab, "release/laurelin").git("branch", "--show-current") == "")
    }
  }

  @Test("events, locks' constellations and commits name what to check out, also where sources are gone")
  func selections() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let link = try lab.weave("link", "telperion@v1", "laurelin@v1", "-m", "fits")
      try FileManager.default.removeItem(atPath: lab.directory.appending("sources"))
      try lab.weave("checkout", String(link.prefix(8)), "by-event")
      #expect(try head(lab, "by-event/telperion") == telperion.one)
      #expect(try lab.run("checkout", "telperion@main").stderr.contains("name the directory"))
      try lab.weave("checkout", "telperion@main", "./a@b")
      #expect(try head(lab, "a@b/telperion") == telperion.two)
    }
  }

  @Test("the clean worktrees of an earlier checkout move, those of other projects go")
  func moves() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.weave("checkout", "telperion@v1", "laurelin@v1", "there")
      #expect(
        try lab.run("checkout", "telperion@main", "laurelin@v1", "there").stderr.hasSuffix(
          ": 1 moved, 1 there already\n"))
      #expect(try head(lab, "there/telperion") == telperion.two)
      try lab.weave("checkout", "laurelin@main", "there")
      #expect(try head(lab, "there/laurelin") == laurelin.two)
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/there/telperion"))
      #expect(try lab.store.git("worktree", "list").split(separator: "\n").count == 2)
    }
  }

  @Test(
    "files whose names are no UTF-8 go with the worktree that they are in, and with the one that a try made")
  func foreignNames() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let source = telperion.repository
      let blob = try source.git(["hash-object", "-w", "--stdin"], input: Array("x".utf8))
      let entry = Array("100644 blob \(blob)\tbad".utf8) + [0xFF, 0]
      let below = try source.git(["mktree", "-z"], input: entry)
      let name = Array("040000 tree \(below)\td".utf8) + [0xFE, 0]
      let tree = try source.git(["mktree", "-z"], input: entry + name)
      let commit = try source.git("commit-tree", tree, "-m", "odd")
      try source.git("tag", "odd", commit)
      try lab.weave("fetch")
      try lab.weave("checkout", "telperion@odd", "laurelin@v1", "there")
      try lab.weave("checkout", "laurelin@v1", "./there")
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/there/telperion"))
      let tried = try lab.run("try", "telperion@odd", "laurelin@v1", "--", "true")
      #expect(tried.status == 0)
      #expect(!tried.stderr.contains("could not be removed"), "\(tried.stderr)")
      #expect(try lab.store.git("worktree", "list").split(separator: "\n").count == 2)
    }
  }

  @Test("nothing moves where one worktree has changes, or a commit that nothing else holds")
  func refusals() throws {
    try Lab.withTwoProjects { lab, telperion, laurelin throws in
      try lab.weave("checkout", "telperion@v1", "laurelin@v1", "there")
      let tree = worktree(lab, "there/telperion")
      try tree.write("mine\n", to: "mine")
      let dirty = try lab.run("checkout", "telperion@main", "laurelin@main", "there")
      #expect(dirty.status == 1)
      #expect(dirty.stderr.contains("there/telperion has changes that no commit holds: mine"))
      #expect(try head(lab, "there/laurelin") == laurelin.one)
      let own = try tree.commit("mine")
      let lost = try lab.run("checkout", "telperion@main", "laurelin@main", "there")
      #expect(lost.status == 1)
      let command = "git -C \(tree.path) branch NAME \(own)"
      #expect(lost.stderr.contains("hint: `\(command)` saves it"), "\(lost.stderr)")
      #expect(try lab.run("checkout", "--remove", "there").status == 1)
      #expect(try head(lab, "there/laurelin") == laurelin.one)
      try tree.git("branch", "mine", own)
      try lab.weave("checkout", "telperion@main", "laurelin@main", "there")
      #expect(try head(lab, "there/telperion") == telperion.two)
      #expect(lab.store.resolve("refs/heads/mine") == own)
    }
  }

  @Test("a directory that is no earlier checkout is left alone")
  func foreign() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.checkout("telperion")
      for directory in ["telperion", "."] {
        let result = try lab.run("checkout", "telperion@v1", directory)
        #expect(result.status == 1 && result.stderr.contains("is not empty, and no `weave checkout` made it"))
      }
      try lab.weave("checkout", "telperion@v1", "there")
      try TestRepository.create(at: "\(lab.workspace)/there/laurelin").commit("somebody's")
      let result = try lab.run("checkout", "telperion@main", "laurelin@main", "there")
      #expect(result.status == 1 && result.stderr.contains("laurelin is no worktree of this store"))
      #expect(try head(lab, "there/telperion") == lab.id("telperion@v1"))
    }
  }

  @Test("a worktree that was copied is not taken for the original")
  func copied() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weave("checkout", "telperion@v1", "there")
      try FileManager.default.copyItem(
        atPath: "\(lab.workspace)/there", toPath: "\(lab.workspace)/copy")
      #expect(try lab.run("checkout", "telperion@main", "copy").stderr.contains("was moved or copied"))
      #expect(try lab.weave("checkout", "--remove", "there") == "")
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/there"))
    }
  }

  @Test("hooks of the store and of a project's own do not run")
  func hooks() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let marker = lab.directory.appending("ran")
      let hook = "\(lab.store.path)/hooks/post-checkout"
      try FileManager.default.createDirectory(
        atPath: "\(lab.store.path)/hooks", withIntermediateDirectories: true)
      try "#!/bin/sh\ntouch \(marker)\nexit 1\n".write(toFile: hook, atomically: true, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: hook)
      try lab.weave("checkout", "telperion@v1", "there")
      try lab.weave("checkout", "telperion@main", "there")
      #expect(try head(lab, "there/telperion") == telperion.two)
      #expect(!FileManager.default.fileExists(atPath: marker))
    }
  }

  @Test("gc keeps what only a worktree is at, and a commit that only a checkout had is kept for good")
  func collection() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      let own = try lab.checkout("telperion").commit("mine")
      try lab.weave("checkout", "telperion@\(own)", "there")
      let other = try worktree(lab, "there/telperion").commit("not anywhere else")
      try lab.collectGarbage()
      #expect(try lab.holds(other))
      try worktree(lab, "there/telperion").git("checkout", "--quiet", "--detach", own)
      try lab.weave("checkout", "--remove", "there")
      try lab.collectGarbage()
      #expect(try lab.holds(own))
    }
  }

  @Test("a set that was revoked is checked out, with a warning that says who revoked it and why")
  func revoked() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      try lab.weave("set", "release", "telperion@v1", "laurelin@v1")
      try lab.weave("revoke", "telperion@v1", "-m", "leaks")
      let result = try lab.run("checkout", "release")
      #expect(result.status == 0)
      #expect(
        result.stderr.hasPrefix(
          "warning: release is not fit: Cid Committer revoked telperion@\(telperion.one.prefix(7)): leaks\n"))
    }
  }

  @Test("a set of which a commit is not here is refused by name")
  func absent() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let absent = try telperion.repository.commit("three")
      try lab.putSet("release", "telperion \(absent)\n")
      let result = try lab.run("checkout", "release")
      #expect(result.status == 1)
      #expect(
        result.stderr == """
          error: telperion@\(absent.prefix(7)) is not in the store
          hint: `weave fetch telperion`

          """)
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/release"))
    }
  }
}

private func worktree(_ lab: Lab, _ path: String) -> TestRepository {
  TestRepository(at: "\(lab.workspace)/\(path)")
}

private func head(_ lab: Lab, _ path: String) throws -> String { try worktree(lab, path).head() }
