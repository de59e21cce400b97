import ForeignText
import Foundation
import GitProcess
import TestSupport
import Testing

@Suite struct CheckoutTests {
  @Test("a clone of one project has its history alone, and the project's own URL as origin")
  func cloneOfNamespace() async throws {
    var fixture = try Fixture()
    try fixture.configureUser("[clone]\ndefaultRemoteName = upstream\n")
    let (one, two) = (try fixture.source("one"), try fixture.source("two"))
    try two.tag("v1.0")
    try await fixture.fetch("one", from: one)
    try await fixture.fetch("two", from: two)
    try fixture.store.git("symbolic-ref", "refs/namespaces/two/HEAD", "refs/namespaces/two/refs/heads/main")
    let path = fixture.directory.appending("a clone")
    try await fixture.git.clone(
      from: RepositoryURL(fixture.store.path), namespace: "two", to: path, origin: "https://example.org/two")
    let clone = TestRepository(at: path)
    #expect(try clone.head() == two.head())
    #expect(
      try clone.refs().keys.sorted() == [
        "refs/heads/main", "refs/remotes/origin/HEAD", "refs/remotes/origin/main", "refs/tags/v1.0",
      ])
    #expect(try clone.git("config", "remote.origin.url") == "https://example.org/two")
    #expect(clone.resolve("\(try one.head())^{commit}") == nil)
    #expect(!FileManager.default.fileExists(atPath: path + "/.git/objects/info/alternates"))
  }

  @Test("a namespace is a name and no shell command")
  func namespaceIsQuoted() async throws {
    let fixture = try Fixture()
    let (git, store, marker) = (fixture.git, fixture.store.path, fixture.directory.appending("marker"))
    _ = await fixture.failure {
      try await git.clone(
        from: RepositoryURL(store), namespace: "'; touch \(marker); '", to: marker + ".clone")
    }
    #expect(!FileManager.default.fileExists(atPath: marker))
  }

  @Test("a revision is a commit, or nothing")
  func revisions() async throws {
    let fixture = try Fixture()
    let source = try fixture.source("one")
    let first = try source.head()
    try source.tag("v1.0", message: "annotated")
    let second = try source.commit("one two")
    let git = fixture.git
    #expect(try await git.revParse("HEAD", in: source.path) == second)
    #expect(try await git.revParse("main~1", in: source.path) == first)
    #expect(try await git.revParse("v1.0", in: source.path) == first)
    #expect(try await git.revParse(String(first.prefix(7)), in: source.path) == first)
    for nothing in [
      "absent", "HEAD:file", "HEAD~9", "--all", "--git-dir", "", String(repeating: "1", count: 40),
    ] {
      #expect(try await git.revParse(nothing, in: source.path) == nil, "\(nothing)")
    }
    await #expect(throws: GitProcessError.self) {
      try await git.revParse("HEAD\0~1", in: source.path)
    }
    await #expect(throws: GitProcessError.self) {
      try await git.revParse("HEAD", in: fixture.directory.path)
    }
  }
}
