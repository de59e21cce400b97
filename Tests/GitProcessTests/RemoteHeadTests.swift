import GitProcess
import TestSupport
import Testing

@Suite struct RemoteHeadTests {
  @Test("a default branch that is renamed is followed")
  func renamed() async throws {
    let fixture = try Fixture()
    let source = try fixture.source("one")
    let commit = try source.head()
    #expect(
      try await fixture.git.remoteHead(of: "\(source.path)") == .branch("refs/heads/main", commit: commit))
    try source.git("branch", "-m", "main", "trunk")
    #expect(
      try await fixture.git.remoteHead(of: "\(source.path)") == .branch("refs/heads/trunk", commit: commit))
  }

  @Test("a HEAD of another ref that ends so is not the source's")
  func otherHeads() async throws {
    let fixture = try Fixture()
    let source = try fixture.source("one")
    let first = try source.head()
    try source.commit("one two")
    try source.git("update-ref", "refs/heads/zzz/HEAD", first)
    try source.git("update-ref", "refs/remotes/origin/HEAD", first)
    #expect(
      try await fixture.git.remoteHead(of: "\(source.path)")
        == .branch("refs/heads/main", commit: source.head()))
  }

  @Test("a detached HEAD is a commit")
  func detached() async throws {
    let fixture = try Fixture()
    let source = try fixture.source("one")
    try source.git("checkout", "--quiet", "--detach")
    #expect(try await fixture.git.remoteHead(of: "\(source.path)") == .detached(source.head()))
  }

  @Test("an unborn HEAD is named where the source is on this machine, and absent elsewhere")
  func unborn() async throws {
    var fixture = try Fixture()
    try fixture.serveOverSSH()
    try fixture.configureUser("[safe]\nbareRepository = explicit\n")
    #expect(try await fixture.git.remoteHead(of: "\(fixture.store.path)") == .unborn("refs/heads/main"))
    #expect(try await fixture.git.remoteHead(of: "host:\(fixture.store.path)") == .absent)
  }
}
