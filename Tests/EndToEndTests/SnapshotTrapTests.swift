import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("link --snapshot: what a working tree can be")
struct SnapshotTrapTests {
  /// Takes a snapshot, which must hold what `git add --all` makes of a copy of the checkout.
  @discardableResult
  private func take(
    _ lab: Lab, of telperion: TestRepository, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> ProcessResult {
    let wanted = try telperion.treeOfCopy()
    let result = try lab.run("link", "--snapshot").succeeded(["weave", "link", "--snapshot"])
    #expect(
      try lab.store.git("rev-parse", "\(lab.linked("telperion"))^{tree}") == wanted,
      sourceLocation: sourceLocation)
    try lab.check(sourceLocation: sourceLocation)
    return result
  }

  @Test("links, executable bits, clean filters, line ends and `git add -N` are as `git add --all` has them")
  func conversions() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try FileManager.default.createSymbolicLink(
        atPath: "\(telperion.path)/link", withDestinationPath: "file")
      try telperion.write("#!/bin/sh\n", to: "run")
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(telperion.path)/run")
      try telperion.git("config", "filter.upper.clean", "tr a-z A-Z")
      try telperion.git("config", "filter.upper.required", "true")
      try telperion.write("*.up filter=upper\n*.txt text\n", to: ".gitattributes")
      try telperion.write("shout\n", to: "a.up")
      try telperion.write("one\r\ntwo\r\n", to: "b.txt")
      try telperion.write("later\n", to: "intended")
      try telperion.git("add", "--intent-to-add", "intended")
      try telperion.git("config", "core.fsmonitor", "true")
      try take(lab, of: telperion)
      let snapshot = try lab.linked("telperion")
      #expect(try lab.store.git("show", "\(snapshot):a.up") == "SHOUT")
      // It would refuse what another line end is written for.
      try telperion.git("config", "core.safecrlf", "true")
      try lab.weave("link", "--snapshot", "-m", "again")
      #expect(try lab.linked("telperion") == snapshot)
    }
  }

  @Test("a change in the second in which the index was written, of the same size, is seen")
  func racy() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try telperion.git("config", "core.trustctime", "false")
      func age(_ name: String) throws {
        try runProcess(
          "touch", ["--date=@1700000000", "\(telperion.path)/\(name)"], in: "/",
          environment: telperion.environment.variables
        ).succeeded(["touch"])
      }
      try telperion.write("aaaa\n", to: "file")
      try age("file")
      try telperion.git("add", "file")
      try telperion.write("bbbb\n", to: "file")
      for name in ["file", ".git/index"] { try age(name) }
      try lab.weave("link", "--snapshot")
      #expect(try lab.store.git("show", "\(lab.linked("telperion")):file") == "bbbb")
    }
  }

  @Test("of a sparse checkout, what is outside of it stays as it is, and what is new there is taken")
  func sparse() throws {
    try Lab.withTwoProjects { lab, source, _ throws in
      for directory in ["a", "b"] { try source.repository.write("x", to: "\(directory)/file") }
      try source.repository.commit("directories")
      try lab.weave("fetch")
      try lab.checkout("laurelin")
      let telperion = try lab.checkout("telperion")
      try telperion.git("sparse-checkout", "set", "--cone", "--sparse-index", "a")
      try telperion.write("y", to: "a/file")
      try telperion.write("new", to: "b/new")
      try lab.weave("link", "--snapshot")
      let snapshot = try lab.linked("telperion")
      #expect(
        try lab.store.git("ls-tree", "-r", "--name-only", snapshot).split(separator: "\n")
          == ["a/file", "b/file", "b/new", "file"])
      #expect(!FileManager.default.fileExists(atPath: "\(telperion.path)/b/file"))
      try lab.check()
    }
  }

  @Test("a repository inside is its commit, with a warning, and so is a submodule with changes")
  func nested() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      let nested = try TestRepository.create(at: "\(telperion.path)/nested")
      let commit = try nested.commit("inside")
      let result = try take(lab, of: telperion)
      #expect(result.stderr.contains("nested is a repository of its own"), "\(result.stderr)")
      #expect(try lab.store.git("rev-parse", "\(lab.linked("telperion")):nested") == commit)
      try telperion.git("add", "--all")
      try telperion.git("commit", "--quiet", "--message=nested")
      try nested.write("changed", to: "file")
      let again = try lab.run("link", "--snapshot").succeeded(["weave"])
      #expect(again.stderr.contains("what is changed in the submodule nested is not in the snapshot"))
      #expect(try lab.linked("telperion") == telperion.head())
    }
  }

  @Test("a branch without a commit gives a snapshot without a parent")
  func unborn() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try telperion.git("checkout", "--quiet", "--orphan", "fresh")
      try take(lab, of: telperion)
      #expect(try lab.store.git("rev-parse", "\(lab.linked("telperion"))^@") == "")
      #expect(
        lab.store.resolve("refs/weave-local/snapshots/telperion/fresh") == (try lab.linked("telperion")))
    }
  }

  @Test("a detached HEAD and a branch with a slash have a snapshot each")
  func branches() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try telperion.write("changed\n", to: "file")
      for arguments in [["--detach"], ["-b", "topic/one"]] {
        try telperion.git(["checkout", "--quiet"] + arguments)
        try take(lab, of: telperion)
      }
      let refs = try lab.store.refs().keys.filter { $0.hasPrefix("refs/weave-local/snapshots/") }
      #expect(
        refs.sorted() == [
          "refs/weave-local/snapshots/telperion/%48%45%41%44",
          "refs/weave-local/snapshots/telperion/topic%2Fone",
        ])
    }
  }

  @Test("conflicts that nobody solved are refused by name, and nothing is taken of any checkout")
  func conflicts() throws {
    try Lab.withTwoCheckouts { lab, telperion, laurelin throws in
      try laurelin.write("changed\n", to: "file")
      try telperion.commit("mine")
      try telperion.git("checkout", "--quiet", "-b", "other", "HEAD~1")
      try telperion.commit("theirs")
      #expect(throws: (any Error).self) { try telperion.git("merge", "--quiet", "main") }
      let words = try lab.refusal(["link", "--snapshot"])
      #expect(words.contains("telperion has conflicts that nobody has solved: file"), "\(words)")
    }
  }

  @Test("a repository inside that has no commit is an error that names it")
  func nestedUnborn() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      _ = try TestRepository.create(at: "\(telperion.path)/nested")
      try telperion.write("x", to: "nested/file")
      let words = try lab.refusal(["link", "--snapshot"])
      #expect(words.contains("nested"), "\(words)")
    }
  }

  @Test(
    "of a checkout on a read-only file system, it is taken all the same",
    .enabled(if: Privileges.canMount, "needs root and unshare"))
  func readOnly() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try telperion.write("changed\n", to: "file")
      let mount =
        "mount --bind '\(telperion.path)' '\(telperion.path)' && mount -o remount,ro,bind '\(telperion.path)'"
      try runProcess(
        "unshare",
        ["--mount", "sh", "-c", "\(mount) && cd .. && cd workspace && '\(weaveExecutable)' link --snapshot"],
        in: lab.workspace, environment: lab.environment.variables
      ).succeeded(["unshare"])
      #expect(try lab.store.git("show", "\(lab.linked("telperion")):file") == "changed")
    }
  }

  @Test("hooks of the checkout are not run")
  func hooks() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      for hook in ["post-index-change", "pre-commit", "reference-transaction", "fsmonitor-watchman"] {
        try telperion.write("#!/bin/sh\ntouch '\(telperion.path)/../ran'\nexit 1\n", to: ".git/hooks/\(hook)")
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o755], ofItemAtPath: "\(telperion.path)/.git/hooks/\(hook)")
      }
      try telperion.write("changed\n", to: "file")
      try lab.weave("link", "--snapshot")
      #expect(!FileManager.default.fileExists(atPath: "\(lab.workspace)/ran"))
    }
  }

  @Test("in the environment of a hook of another repository, it is of the checkouts alone")
  func environment() throws {
    try Lab.withTwoCheckouts { lab, telperion, laurelin throws in
      try telperion.write("changed\n", to: "file")
      let environment = lab.environment.with([
        "GIT_DIR": "\(laurelin.path)/.git", "GIT_INDEX_FILE": "\(laurelin.path)/.git/index",
        "GIT_WORK_TREE": laurelin.path, "GIT_OBJECT_DIRECTORY": "\(laurelin.path)/.git/objects",
      ])
      let before = try laurelin.everything()
      try lab.run("link", "--snapshot", environment: environment).succeeded(["weave"])
      #expect(try lab.store.git("show", "\(lab.linked("telperion")):file") == "changed")
      #expect(try laurelin.everything() == before)
    }
  }

  @Test("a large untracked file is taken with a warning that says its size")
  func large() throws {
    try Lab.withTwoCheckouts { lab, telperion, _ throws in
      try telperion.write("", to: "large")
      try runProcess(
        "truncate", ["--size=51M", "\(telperion.path)/large"], in: "/",
        environment: telperion.environment.variables
      ).succeeded(["truncate"])
      let result = try take(lab, of: telperion)
      #expect(result.stderr.contains("telperion: large is untracked and has 51 MiB"), "\(result.stderr)")
    }
  }
}
