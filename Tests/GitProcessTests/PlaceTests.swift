import ForeignText
import Foundation
import GitProcess
import TestSupport
import Testing

/// Tests that change where this process stands, one at a time.
@Suite("Where Git is run", .serialized) struct PlaceTests {
  @Test(
    "outside any repository no settings but the user's and the machine's count, wherever the caller stands")
  func nowhere() async throws {
    var fixture = try Fixture()
    try fixture.configureUser(
      "[url \"/elsewhere/\"]\n\tinsteadOf = forge:\n[user]\n\tname = Ann\n\temail = a@b\n")
    let trap = try TrappedConfiguration(in: fixture.directory)
    let source = try fixture.source("one")
    let hostile = fixture.directory.appending("hostile")
    try trap.makeRepository(at: hostile, remotes: [source.path])
    try TestRepository(at: hostile).git("config", "url./stolen/.insteadOf", "forge:one")
    let git = fixture.git
    try await standing(in: hostile) {
      let asked = try await git.run(["ls-remote", "--", source.path], at: .nowhere)
      #expect(asked.exitCode == 0 && asked.text.contains("refs/heads/main"))
      #expect(
        try await git.run(["ls-remote", "--get-url", "--", "forge:one"], at: .nowhere).text
          == "/elsewhere/one")
      #expect(try await git.run(["config", "--global", "user.name"], at: .nowhere).text == "Ann")
      #expect(try await git.run(["config", "--local", "--list"], at: .nowhere).exitCode != 0)
      #expect(try await git.committerIdentity(caller: [:], at: .nowhere)?.hasPrefix("Ann <a@b> ") == true)
      let copy = fixture.directory.appending("copy")
      try await git.clone(from: RepositoryURL(source.path), to: copy)
      #expect(try TestRepository(at: copy).head() == source.head())
    }
    #expect(trap.sprung == [])
  }

  @Test("a repository that is named is the one that is taken, wherever the caller stands")
  func repository() async throws {
    let fixture = try Fixture()
    let trap = try TrappedConfiguration(in: fixture.directory)
    let source = try fixture.source("one")
    let hostile = fixture.directory.appending("hostile")
    try trap.makeRepository(at: hostile, remotes: [source.path])
    try await standing(in: hostile) {
      #expect(
        try await fixture.remoteHead(of: source.path) == .branch("refs/heads/main", commit: source.head()))
      try await fixture.fetch("one", from: source)
    }
    #expect(try fixture.refs(of: "one") == source.refs())
    #expect(trap.sprung == [])
  }

  @Test(
    "a checkout whose .git is none is refused, and neither a repository in its top nor one above is taken")
  func noOther() async throws {
    let fixture = try Fixture()
    let trap = try TrappedConfiguration(in: fixture.directory)
    try trap.makeRepository(at: fixture.directory.appending("above/.git"), remotes: [])
    let path = fixture.directory.appending("above/checkout")
    try trap.makeRepository(at: path, remotes: [])
    for make in [
      "true", "mkdir .git", "cp -r objects refs config .git/", "echo x >.git/HEAD",
      "rm -r .git; echo x >.git",
      "echo 'gitdir: ../nowhere' >.git", "rm .git; mkfifo .git",
    ] {
      try runProcess("sh", ["-c", make], in: path, environment: fixture.environment.variables)
        .succeeded(["sh", "-c", make])
      let git = fixture.git
      let failure = await fixture.failure { _ = try await git.status(of: path) }
      #expect(failure?.reason == "\(path)/.git is no repository", "\(make)")
    }
    #expect(trap.sprung == [])
  }

  @Test(
    "a clone, a linked worktree, a submodule, and a link to any of them are checkouts, also below an odd name",
    arguments: ["plain", "with:colon", "with space\nand line"])
  func checkouts(_ folder: String) async throws {
    let fixture = try Fixture()
    let source = try fixture.source("one")
    try FileManager.default.createDirectory(
      atPath: fixture.directory.appending(folder), withIntermediateDirectories: true)
    let plain = fixture.directory.appending("\(folder)/clone")
    let clone = TestRepository(at: plain)
    try source.git("clone", "--quiet", source.path, plain)
    let linked = fixture.directory.appending("\(folder)/linked")
    try clone.git("worktree", "add", "--quiet", "--detach", linked)
    try clone.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", source.path, "sub")
    let link = fixture.directory.appending("\(folder)/link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: linked)
    for path in [plain, linked, plain + "/sub", link] {
      #expect(try await fixture.git.status(of: path).head == source.head(), "\(path)")
      #expect(try await fixture.git.revParse("HEAD", in: path) == source.head(), "\(path)")
    }
    try TestRepository(at: linked).write("new", to: "new")
    #expect(try await fixture.git.status(of: link).changedPaths == ["new"])
  }

  @Test(
    "a place and a source that is a relative path is refused: it would depend on where this process stands")
  func relative() async throws {
    let fixture = try Fixture()
    _ = try fixture.source("one")
    let (git, store) = (fixture.git, fixture.store.path)
    try await standing(in: fixture.directory.path) {
      for place in [GitPlace.repository("store"), .checkout("one"), .repository("")] {
        let failure = await fixture.failure { _ = try await git.run(["rev-parse", "--git-dir"], at: place) }
        #expect(failure?.reason == "it is no absolute path")
      }
      for source in ["one", "./one", "../\(fixture.directory.path.split(separator: "/").last!)/one"] {
        let failure = await fixture.failure {
          try await git.fetch(project: "one", from: RepositoryURL(source), into: store)
        }
        #expect(failure?.reason.contains("is a relative path") == true)
      }
    }
  }

  @Test("relative paths in the caller's variables are taken from the caller's directory")
  func variables() async throws {
    var fixture = try Fixture()
    try fixture.configureUser("[user]\n\tname = Ann\n")
    fixture.environment.variables["GIT_CONFIG_GLOBAL"] = "home/.gitconfig"
    fixture.environment.variables["GIT_ASKPASS"] = "ask"
    fixture.environment.variables["SSH_ASKPASS"] = "./ask"
    #expect(try await fixture.git.run(["config", "user.name"], at: .nowhere).text == "Ann")
    let seen = try await fixture.git.run(["env"], at: .nowhere, configuration: ["alias.env=!env"]).text
    #expect(seen.contains("\nGIT_ASKPASS=ask\n"))
    #expect(seen.contains("\nSSH_ASKPASS=\(fixture.directory.path)/./ask\n"))
  }

  @Test("the source's own settings run nothing when it is asked whether it is whole")
  func localSource() async throws {
    let fixture = try Fixture()
    let trap = try TrappedConfiguration(in: fixture.directory)
    let source = try fixture.source("one")
    for (key, value) in try trap.settings(remotes: [source.path]) {
      try source.git("config", "--add", key, value)
    }
    try await fixture.fetch("one", from: source)
    _ = try await fixture.remoteHead(of: source.path)
    #expect(trap.sprung == [])
  }

  @Test("a source that includes a promise of objects from a file is a partial clone")
  func includedPromise() async throws {
    let fixture = try Fixture()
    let source = try fixture.source("one")
    let included = try fixture.directory.write("[remote \"x\"]\n\tpromisor = true\n", to: "included")
    try source.git("config", "include.path", included)
    let failure = await fixture.failure { try await fixture.fetch("one", from: source) }
    #expect(failure?.reason == "the source repository is a partial clone: some of its objects are missing")
  }

  private func standing(in directory: String, _ body: () async throws -> Void) async throws {
    let former = FileManager.default.currentDirectoryPath
    #expect(FileManager.default.changeCurrentDirectoryPath(directory))
    defer { _ = FileManager.default.changeCurrentDirectoryPath(former) }
    try await body()
  }
}
