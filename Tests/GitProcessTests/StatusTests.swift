import ForeignText
import GitProcess
import TestSupport
import Testing

@Suite struct StatusTests {
  @Test("a clean work tree has its commit and branch, and no upstream")
  func clean() async throws {
    let fixture = try Fixture()
    let source = try fixture.source("one")
    let status = try await fixture.git.status(of: source.path)
    #expect(status.head == (try source.head()))
    #expect(status.branch == "main")
    #expect(status.upstream == nil && status.ahead == nil && status.behind == nil)
    #expect(status.isClean)
  }

  @Test("a renamed file counts under both names, and any name is read")
  func names() async throws {
    var fixture = try Fixture()
    try fixture.configureUser("[status]\nrenames = copies\nshowUntrackedFiles = no\nrelativePaths = true\n")
    let source = try fixture.source("one")
    try source.write("content that is long enough to be found again\n", to: "old name")
    try source.commit("names", file: "-x \"é\"\tz")
    try source.git("mv", "old name", "new name")
    try source.write("changed\n", to: "-x \"é\"\tz")
    try source.write("new\n", to: "two\nlines")
    try source.write("new\n", to: "directory/one")
    let status = try await fixture.git.status(of: source.path)
    #expect(
      status.changedPaths.sorted() == ["-x \"é\"\tz", "directory/", "new name", "old name", "two\nlines"])
  }

  @Test("an unmerged file counts")
  func unmerged() async throws {
    let fixture = try Fixture()
    let source = try fixture.source("one")
    try source.checkout("side", create: true)
    try source.commit("side", file: "a file")
    try source.checkout("main")
    try source.commit("main", file: "a file")
    #expect(throws: TestFailure.self) { try source.merge("side") }
    #expect(try await fixture.git.status(of: source.path).changedPaths == ["a file"])
  }

  @Test("an unborn branch has no commit, a detached HEAD no branch")
  func unbornAndDetached() async throws {
    let fixture = try Fixture()
    let unborn = try TestRepository.create(at: fixture.directory.appending("unborn"), branch: "trunk")
    let status = try await fixture.git.status(of: unborn.path)
    #expect(status.head == nil && status.branch == "trunk")
    let source = try fixture.source("one")
    try source.git("checkout", "--quiet", "--detach")
    let detached = try await fixture.git.status(of: source.path)
    #expect(try detached.head == source.head() && detached.branch == nil)
  }

  @Test("ahead and behind are counted, whatever the user's configuration")
  func aheadBehind() async throws {
    var fixture = try Fixture()
    try fixture.configureUser("[status]\naheadBehind = false\n")
    let source = try fixture.source("one")
    let clone = fixture.directory.appending("clone")
    try await fixture.git.clone(from: RepositoryURL(source.path), to: clone)
    try source.commit("upstream")
    let checkout = TestRepository(at: clone)
    try checkout.commit("local one", file: "local")
    try checkout.commit("local two", file: "local")
    try checkout.git("fetch", "--quiet")
    let status = try await fixture.git.status(of: clone)
    #expect(status.upstream == "origin/main" && status.ahead == 2 && status.behind == 1)
    try checkout.git("branch", "--delete", "--remotes", "origin/main")
    let gone = try await fixture.git.status(of: clone)
    #expect(gone.upstream == "origin/main" && gone.ahead == nil && gone.behind == nil)
  }

  @Test("what is no work tree is an error that names it")
  func noWorkTree() async throws {
    let fixture = try Fixture()
    let (git, path) = (fixture.git, fixture.directory.appending("absent"))
    let failure = await fixture.failure { _ = try await git.status(of: path) }
    #expect(failure?.description == "cannot read the checkout at \(path): \(path)/.git is no repository")
  }
}
