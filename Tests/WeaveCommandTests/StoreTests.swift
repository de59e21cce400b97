import Foundation
import TestSupport
import Testing

@testable import LabSupport

@Suite("Init and projects", .inProcess)
struct StoreTests {
  @Test("init writes the configuration that the format asks for")
  func configuration() throws {
    try Lab.withStore { lab throws in
      let wanted = [
        "core.bare": "true", "gc.auto": "0", "gc.pruneExpire": "never",
        "core.fsync": "committed,loose-object,reference",
      ]
      for (key, value) in wanted {
        #expect(try lab.store.git("config", "--local", key) == value)
      }
      let writer = try lab.writer()
      #expect(writer.wholeMatch(of: /(ann-author|cid-committer)-[0-9a-f]{8}/) != nil)
      #expect(lab.store.resolve("4b825dc642cb6eb9a060e54bf8d69288fbee4904^{tree}") != nil)
    }
  }

  @Test("init writes a manifest with a store id and nothing else")
  func manifest() throws {
    try Lab.withStore { lab throws in
      #expect(try lab.storeID().wholeMatch(of: /[0-9a-f]{32}/) != nil)
      #expect(try lab.store.git("ls-tree", "-r", "--name-only", "refs/weave/public/manifest") == "store")
      #expect(try lab.store.refs().keys.sorted() == ["refs/weave/public/manifest"])
    }
  }

  @Test("two stores have different ids and writers")
  func random() throws {
    try Lab.withStore { first throws in
      try Lab.withStore { second throws in
        #expect(try first.storeID() != second.storeID())
        #expect(try first.ledger() != second.ledger())
      }
    }
  }

  @Test("init makes the directory that it is given")
  func initDirectory() throws {
    try Lab.withDirectory { lab throws in
      try lab.weave("init", "a/b")
      #expect(try lab.run("fsck", in: "\(lab.workspace)/a/b").status == 0)
    }
  }

  @Test("init refuses a second time and changes nothing")
  func initTwice() throws {
    try Lab.withStore { lab throws in
      let before = try lab.store.refs()
      let result = try lab.run("init")
      #expect(result.status == 1)
      #expect(result.stdout == "")
      #expect(result.stderr.contains("has a store already"))
      #expect(try lab.store.refs() == before)
    }
  }

  @Test("in a repository, init hides the store from git status and git add")
  func outerRepository() throws {
    try Lab.withDirectory { lab throws in
      let outer = try TestRepository.create(at: lab.workspace)
      try outer.commit("outer")
      try lab.weave("init")
      #expect(try outer.git("status", "--porcelain") == "")
      try outer.git("add", "--all")
      #expect(try outer.git("ls-files") == "file")
      let exclude = try String(contentsOfFile: "\(lab.workspace)/.git/info/exclude", encoding: .utf8)
      #expect(exclude.split(separator: "\n").contains("/.weave"))
    }
  }

  @Test("init writes through no link of the repository around it", arguments: ["info/exclude", "info"])
  func outerLink(link: String) throws {
    try Lab.withDirectory { lab throws in
      let outer = try TestRepository.create(at: lab.workspace)
      try FileManager.default.removeItem(atPath: outer.path + "/.git/info")
      let own = try lab.directory.write("export A=1\n", to: "own/exclude")
      if link == "info/exclude" {
        try FileManager.default.createDirectory(
          atPath: outer.path + "/.git/info", withIntermediateDirectories: true)
      }
      try FileManager.default.createSymbolicLink(
        atPath: outer.path + "/.git/" + link,
        withDestinationPath: link == "info" ? lab.directory.appending("own") : own)
      let result = try lab.run("init")
      #expect(
        result.status == 0 && result.stderr.contains("is no file of its own: write"), "\(result.stderr)")
      #expect(try String(contentsOfFile: own, encoding: .utf8) == "export A=1\n")
    }
  }

  @Test("in a linked worktree and below the top of it, init excludes the path that Git knows it by")
  func outerSubdirectory() throws {
    try Lab.withDirectory { lab throws in
      let outer = try TestRepository.create(at: lab.directory.appending("outer"))
      try outer.commit("outer")
      try outer.git("worktree", "add", "--quiet", lab.directory.appending("tree"))
      let tree = TestRepository(at: lab.directory.appending("tree"))
      try lab.weave("init", "sub", in: tree.path)
      #expect(try tree.git("status", "--porcelain", "--untracked-files=all") == "")
    }
  }

  @Test("git clean -fdx in the outer repository keeps the store")
  func clean() throws {
    try Lab.withDirectory { lab throws in
      let outer = try TestRepository.create(at: lab.workspace)
      try outer.commit("outer")
      try lab.weave("init")
      let source = try lab.addProject("telperion")
      try lab.weave("fetch")
      try outer.git("clean", "-fdxq")
      #expect(try lab.holds(source.two))
      try lab.check()
    }
  }

  @Test("every command finds the store from a directory below the workspace")
  func below() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let checkout = try lab.checkout("telperion")
      try checkout.write("x", to: "deep/file")
      #expect(try lab.run("project", "list", in: "\(checkout.path)/deep").status == 0)
    }
  }

  @Test("without a store, commands say how to make one")
  func noStore() throws {
    try Lab.withDirectory { lab throws in
      let result = try lab.run("project", "list")
      #expect(result.status == 1)
      #expect(result.stderr.contains("weave init"))
    }
  }

  @Test("project add writes the source as an absolute path to the manifest")
  func addPath() throws {
    try Lab.withStore { lab throws in
      let source = try lab.makeSource("telperion")
      try lab.weave("project", "add", "telperion", "../sources/telperion", "--track", "main")
      let text = try lab.store.git("show", "refs/weave/public/manifest:projects/telperion")
      #expect(text == "source \(source.repository.path)\ntrack main")
    }
  }

  @Test("project add refuses a name that is taken and keeps the source")
  func addTwice() throws {
    try Lab.withStore { lab throws in
      let source = try lab.addProject("telperion")
      let result = try lab.run("project", "add", "telperion", lab.makeSource("other").repository.path)
      #expect(result.status == 1)
      #expect(result.stderr.contains("telperion"))
      #expect(
        try lab.store.git("show", "refs/weave/public/manifest:projects/telperion")
          == "source \(source.repository.path)")
    }
  }

  @Test(
    "project add refuses a name that breaks the rules",
    arguments: [
      "", "..", "a..b", "a b", "a/b", "a@b", "A", "con", "nul.x", "x.lock", "x.", ".x", "_x", "é", "🌳",
      String(repeating: "a", count: 65), String(repeating: "a", count: 300),
    ])
  func badName(name: String) throws {
    try Lab.withStore { lab throws in
      let result = try lab.run("project", "add", name, lab.directory.path)
      #expect(result.status == 1)
      #expect(result.stdout == "")
      #expect(result.stderr.hasPrefix("error: "))
      #expect(try lab.store.git("ls-tree", "-r", "--name-only", "refs/weave/public/manifest") == "store")
    }
  }

  @Test("project list shows source, tracked ref and what was fetched")
  func list() throws {
    try Lab.withStore { lab throws in
      let telperion = try lab.addProject("telperion")
      let laurelin = try lab.makeSource("laurelin")
      try lab.weave("project", "add", "laurelin", laurelin.repository.path, "--track", "v1")
      try lab.weave("fetch", "telperion")
      let lines = try lab.weave("project", "list").split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines[1].contains("v1") && lines[1].contains("not fetched"))
      #expect(lines[2].contains(telperion.two.prefix(7)) && lines[2].contains(telperion.repository.path))
      try lab.weave("fetch")
      #expect(try lab.weave("project", "list").contains(laurelin.one.prefix(7)))
    }
  }

  @Test("project set changes one setting in a new commit of the manifest")
  func set() throws {
    try Lab.withStore { lab throws in
      let source = try lab.addProject("telperion")
      let before = try lab.store.git("rev-parse", "refs/weave/public/manifest")
      try lab.weave("project", "set", "telperion", "track", "v1")
      #expect(
        try lab.store.git("show", "refs/weave/public/manifest:projects/telperion")
          == "source \(source.repository.path)\ntrack v1")
      #expect(try lab.store.git("rev-parse", "refs/weave/public/manifest^") == before)
      try lab.weave("project", "set", "telperion", "track", "")
      #expect(
        try lab.store.git("show", "refs/weave/public/manifest:projects/telperion")
          == "source \(source.repository.path)")
    }
  }

  @Test(
    "project commands refuse a project that is not there",
    arguments: [["set", "nope", "track", "main"], ["remove", "nope"]])
  func unknown(arguments: [String]) throws {
    try Lab.withStore { lab throws in
      let result = try lab.run(["project"] + arguments)
      #expect(result.status == 1)
      #expect(result.stderr.contains("nope"))
    }
  }

  @Test("project remove takes a project without links away")
  func remove() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave("project", "remove", "telperion")
      #expect(!(try lab.weave("project", "list").contains("telperion")))
      #expect(
        try lab.store.git("ls-tree", "-r", "--name-only", "refs/weave/public/manifest")
          == "projects/laurelin\nstore")
    }
  }

  @Test("project remove refuses while links name the project")
  func removeRefused() throws {
    try Lab.withTwoProjects { lab, _, _ throws in
      try lab.weave("link", "telperion@v1", "laurelin@v1")
      let result = try lab.run("project", "remove", "telperion")
      #expect(result.status == 1)
      #expect(result.stderr.contains("--force"))
      #expect(try lab.weave("project", "list").contains("telperion"))
    }
  }

  @Test("project remove --force loses no event and no commit, and add brings all of it back")
  func removeForced() throws {
    try Lab.withTwoProjects { lab, telperion, _ throws in
      let event = try lab.weave("link", "telperion@main", "laurelin@v1")
      try lab.weave("project", "remove", "telperion", "--force")
      try lab.collectGarbage()
      #expect(try lab.events() == [event])
      #expect(try lab.holds(telperion.two))
      #expect(try lab.weave("log").contains(event.prefix(7)))
      try lab.check()
      try lab.weave("project", "add", "telperion", telperion.repository.path)
      try lab.weave("fetch")
      #expect(try lab.weave("links", "telperion", "--live").contains(event.prefix(7)))
    }
  }
}
