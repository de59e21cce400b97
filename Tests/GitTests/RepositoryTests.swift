import Foundation
import Git
import Testing

@Suite("Repositories")
struct RepositoryTests {
  let scratch: Scratch
  init() throws { scratch = try Scratch() }

  @Test("a bare repository has a main branch to come, the empty tree, and nothing of the user's")
  func createBare() throws {
    let repository = try scratch.bare("deep/er/.weave/.git")
    #expect(repository.isBare && repository.workingDirectory == nil && !repository.isShallow)
    #expect(repository.gitDirectory == scratch.file("deep/er/.weave/.git"))
    #expect(repository.commonDirectory == repository.gitDirectory)
    #expect(scratch.exists("deep/er/.weave/.git/objects/4b/825dc642cb6eb9a060e54bf8d69288fbee4904"))
    #expect(try scratch.line("symbolic-ref", "HEAD", in: "deep/er/.weave/.git") == "refs/heads/main")
    #expect(!scratch.exists("deep/er/.weave/.git/hooks/pre-commit.sample"))
    try scratch.git("fsck", "--strict", in: "deep/er/.weave/.git")
    #expect(code { _ = try Repository.createBare(at: scratch.file("deep/er/.weave/.git")) } == .exists)
    #expect(try Repository.open(at: scratch.file("deep/er/.weave")).isBare)
  }

  @Test("a work tree opens at its top and by its git directory, and is discovered from below")
  func openAndDiscover() throws {
    let repository = try scratch.checkout()
    #expect(repository.workingDirectory == scratch.file("work"))
    #expect(repository.gitDirectory == scratch.file("work/.git"))
    #expect(try Repository.open(at: scratch.file("work/.git")).workingDirectory == scratch.file("work"))
    try scratch.write("", to: "work/a/b/c")
    #expect(try Repository.discover(from: scratch.file("work/a/b")) == scratch.file("work/.git"))
    #expect(try Repository.discover(from: scratch.path) == nil)
    #expect(code { _ = try Repository.open(at: scratch.file("work/a")) } == .notARepository)
    #expect(code { _ = try Repository.open(at: scratch.file("nowhere")) } == .notARepository)
  }

  @Test("a linked worktree has a git directory of its own and shares the rest")
  func worktree() throws {
    _ = try scratch.checkout()
    try scratch.git("config", "extensions.worktreeConfig", "true", in: "work")
    try scratch.git("config", "core.repositoryFormatVersion", "1", in: "work")
    try scratch.git("worktree", "add", "-q", "--detach", "../linked", in: "work")
    let linked = try Repository.open(at: scratch.file("linked"))
    #expect(linked.gitDirectory == scratch.file("work/.git/worktrees/linked"))
    #expect(linked.commonDirectory == scratch.file("work/.git"))
    #expect(linked.workingDirectory == scratch.file("linked"))
    let head = try #require(try linked.resolve("HEAD"))
    #expect(try linked.reference("HEAD")?.target == .direct(head))
  }

  @Test("a shallow clone says so")
  func shallow() throws {
    _ = try scratch.checkout()
    try scratch.git("commit", "-q", "--allow-empty", "-m", "second", in: "work")
    try scratch.git("clone", "-q", "--depth", "1", "file://\(scratch.file("work"))", "cut")
    let cut = try Repository.open(at: scratch.file("cut"))
    #expect(cut.isShallow)
    let head = try #require(try cut.resolve("HEAD"))
    let store = try scratch.bare()
    do {
      _ = try store.copyObjects(reachableFrom: [head], from: cut)
      Issue.record("half a history was copied")
    } catch {
      #expect(error.code == .unsupported && error.message.contains("git fetch --unshallow"))
    }
    #expect(try !store.contains(head))
  }

  @Test("a SHA-256 repository is refused in plain words")
  func sha256() throws {
    try scratch.git("init", "-q", "--object-format=sha256", "new")
    do {
      _ = try Repository.open(at: scratch.file("new"))
      Issue.record("it opened")
    } catch {
      #expect(error.code == .unsupported && "\(error)".contains("SHA-256") && "\(error)".contains("new"))
    }
  }

  @Test("a repository with a reftable is refused in plain words")
  func reftable() throws {
    try scratch.git("init", "-q", "new")
    // By hand, so that it is tested with a git that has no reftable too.
    try scratch.git("config", "core.repositoryFormatVersion", "1", in: "new")
    try scratch.git("config", "extensions.refStorage", "reftable", in: "new")
    do {
      _ = try Repository.open(at: scratch.file("new"))
      Issue.record("it opened")
    } catch {
      #expect(error.code == .unsupported && "\(error)".contains("reftable"))
    }
  }

  @Test(
    "extensions that change nothing here are no hindrance", arguments: ["preciousObjects", "partialClone"])
  func harmlessExtensions(name: String) throws {
    _ = try scratch.checkout()
    try scratch.git("config", "core.repositoryFormatVersion", "1", in: "work")
    try scratch.git("config", "extensions.\(name)", name == "partialClone" ? "origin" : "true", in: "work")
    #expect(try Repository.open(at: scratch.file("work")).resolve("HEAD") != nil)
  }

  @Test("another user's repository is refused with what to type", .enabled(if: geteuid() == 0))
  func ownership() throws {
    _ = try scratch.checkout("their's")
    for name in ["their's", "their's/.git"] { chown(scratch.file(name), 12345, 12345) }
    do {
      _ = try Repository.open(at: scratch.file("their's"))
      Issue.record("it opened")
    } catch {
      #expect(error.code == .notOwned)
      #expect(error.message.contains("git config --global --add safe.directory '"))
      #expect(error.message.contains("their'\\''s'"))
    }
  }

  @Test("configuration is read, set and unset keys told apart")
  func config() throws {
    let repository = try scratch.bare()
    #expect(try repository.configValue("weave.writer") == nil)
    try repository.setConfigValue("weave.writer", to: "jo\"e # \\ ü")
    #expect(try repository.configValue("weave.writer") == "jo\"e # \\ ü")
    #expect(try scratch.line("config", "weave.writer", in: "bare.git") == "jo\"e # \\ ü")
    try scratch.git("config", "gc.auto", "0", in: "bare.git")
    #expect(try repository.configValue("gc.auto") == "0")
    #expect(code { _ = try repository.configValue("no key") } == .invalidSpec)
  }

  @Test("the library says its version, and fsync can be switched")
  func library() {
    #expect(Libgit2.version.hasPrefix("1."))
    Libgit2.fsync = true
    #expect(Libgit2.fsync)
    Libgit2.fsync = false
    #expect(!Libgit2.fsync)
  }
}
