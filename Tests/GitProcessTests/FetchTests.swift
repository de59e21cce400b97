import ForeignText
import Foundation
import GitProcess
import TestSupport
import Testing

@Suite struct FetchTests {
  @Test("two projects with a tag of the same name both keep it")
  func equalTags() async throws {
    let fixture = try Fixture()
    let (one, two) = (try fixture.source("one"), try fixture.source("two"))
    try one.tag("v1.0")
    try two.tag("v1.0", message: "annotated")
    try await fixture.fetch("one", from: one)
    try await fixture.fetch("two", from: two)
    #expect(try fixture.refs(of: "one") == one.refs())
    #expect(try fixture.refs(of: "two") == two.refs())
    #expect(try fixture.store.refs().keys.allSatisfy { $0.hasPrefix("refs/namespaces/") })
    try fixture.store.git("fsck", "--strict")
  }

  @Test("a branch x that becomes x/y upstream is followed, and so is the way back")
  func directoryForFile() async throws {
    let fixture = try Fixture()
    let source = try fixture.source("one")
    try source.branch("x")
    try await fixture.fetch("one", from: source)
    try fixture.store.git("pack-refs", "--all")
    try source.git("branch", "-m", "x", "x/y")
    try await fixture.fetch("one", from: source)
    #expect(try fixture.refs(of: "one").keys.sorted() == ["refs/heads/main", "refs/heads/x/y"])
    try source.git("branch", "-m", "x/y", "x")
    try await fixture.fetch("one", from: source)
    #expect(try fixture.refs(of: "one").keys.sorted() == ["refs/heads/main", "refs/heads/x"])
  }

  @Test("branches and tags that are deleted or moved upstream are so in the store, and in no other project")
  func pruned() async throws {
    let fixture = try Fixture()
    let (one, two) = (try fixture.source("one"), try fixture.source("two"))
    for source in [one, two] {
      try source.branch("gone")
      try source.tag("gone")
      try source.tag("moved")
    }
    try await fixture.fetch("one", from: one)
    try await fixture.fetch("two", from: two)
    try one.git("branch", "-D", "gone")
    try one.git("tag", "-d", "gone")
    try one.git("commit", "--quiet", "--amend", "--message=rewritten")
    try one.git("tag", "--force", "moved")
    try await fixture.fetch("one", from: one)
    #expect(try fixture.refs(of: "one") == one.refs())
    #expect(try fixture.refs(of: "two") == two.refs())
  }

  @Test(
    "the user's fetch settings change nothing",
    arguments: [
      "[fetch]\nprune = true\npruneTags = true\nwriteCommitGraph = true\n", "[fetch]\nprune = false\n",
      "[remote \"origin\"]\ntagOpt = --tags\n[fetch]\nrecurseSubmodules = true\nunpackLimit = 1\n",
    ])
  func userConfiguration(_ configuration: String) async throws {
    var fixture = try Fixture()
    try fixture.configureUser(configuration)
    let source = try fixture.source("one")
    try source.tag("v1.0")
    try source.branch("gone")
    let own = try fixture.store.git(
      ["commit-tree", "-m", "ours", fixture.store.git(["mktree"])])
    try fixture.store.git("update-ref", "refs/tags/ours", own)
    try fixture.store.git("update-ref", "refs/weave/public/ledger/joe", own)
    try await fixture.fetch("one", from: source)
    try source.git("branch", "-D", "gone")
    try await fixture.fetch("one", from: source)
    #expect(try fixture.refs(of: "one") == source.refs())
    #expect(
      try fixture.store.refs().keys.filter { !$0.hasPrefix("refs/namespaces/one/") }.sorted() == [
        "refs/tags/ours", "refs/weave/public/ledger/joe",
      ])
    #expect(!FileManager.default.fileExists(atPath: fixture.store.path + "/FETCH_HEAD"))
  }

  @Test("the source is told of no commit of another project")
  func negotiation() async throws {
    var fixture = try Fixture()
    let (one, two) = (try fixture.source("one"), try fixture.source("two"))
    let trace = fixture.directory.appending("trace")
    fixture.environment.variables["GIT_TRACE_PACKET"] = trace
    func haves() throws -> [String] {
      try String(contentsOfFile: trace, encoding: .utf8).split(separator: "\n")
        .filter { $0.contains("fetch> have ") }.map { String($0.suffix(40)) }
    }
    try await fixture.fetch("one", from: one)
    try await fixture.fetch("two", from: two)
    #expect(try haves() == [])
    let known = try two.head()
    try two.commit("two two")
    try await fixture.fetch("two", from: two)
    #expect(try haves() == [known])
  }

  @Test("a transport that runs commands is refused, also where the user allows it")
  func commandTransport() async throws {
    var fixture = try Fixture()
    try fixture.configureUser("[protocol \"ext\"]\nallow = always\n")
    fixture.environment.variables["GIT_ALLOW_PROTOCOL"] = "ext"
    let (git, store, marker) = (fixture.git, fixture.store.path, fixture.directory.appending("marker"))
    let url: RepositoryURL = "ext::sh -c touch% \(marker)"
    let failure = await fixture.failure {
      try await git.fetch(project: "one", from: url, into: store)
    }
    #expect(failure?.reason == "transport 'ext' not allowed")
    await #expect(throws: GitProcessError.self) {
      try await git.remoteHead(of: url, gitDirectory: fixture.store.path)
    }
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test("a URL that looks like an option is a URL", arguments: ["--upload-pack=touch ", "-utouch "])
  func optionLikeURL(_ option: String) async throws {
    let fixture = try Fixture()
    let (git, store, marker) = (fixture.git, fixture.store.path, fixture.directory.appending("marker"))
    let url = RepositoryURL(option + marker)
    await #expect(throws: GitProcessError.self) {
      try await git.fetch(project: "one", from: url, into: store)
    }
    await #expect(throws: GitProcessError.self) {
      try await git.remoteHead(of: url, gitDirectory: fixture.store.path)
    }
    await #expect(throws: GitProcessError.self) { try await git.clone(from: url, to: marker + ".clone") }
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test("hooks in the store or of the user are not run")
  func hooks() async throws {
    var fixture = try Fixture()
    let marker = fixture.directory.appending("marker")
    for place in ["store/hooks", "home/hooks"] {
      try fixture.directory.write(
        "#!/bin/sh\ntouch \(marker)\n", to: "\(place)/reference-transaction", executable: true)
    }
    let source = try fixture.source("one")
    try await fixture.fetch("one", from: source)
    try fixture.configureUser("[core]\nhooksPath = \(fixture.directory.appending("home/hooks"))\n")
    try source.commit("one two")
    try await fixture.fetch("one", from: source)
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test("a source that is not there is named, without its password, and Git's own reason given")
  func absentSource() async throws {
    let fixture = try Fixture()
    let (git, store) = (fixture.git, fixture.store.path)
    let absent = await fixture.failure {
      try await git.fetch(project: "one", from: "/nonexistent", into: store)
    }
    #expect(
      absent?.description
        == "cannot fetch one from /nonexistent: '/nonexistent' does not appear to be a git repository")
    let refused = await fixture.failure {
      try await git.fetch(project: "one", from: "http://joe:secret@127.0.0.1:1/one", into: store)
    }
    #expect(refused?.operation == "fetch one from http://127.0.0.1:1/one")
    #expect(refused?.description.contains("secret") == false)
  }
}
