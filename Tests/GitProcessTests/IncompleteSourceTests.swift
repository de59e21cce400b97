import ForeignText
import GitProcess
import TestSupport
import Testing

@Suite struct IncompleteSourceTests {
  @Test("a shallow source is refused by name", arguments: ["", "file://", "host:"])
  func shallow(_ prefix: String) async throws {
    let (failure, refs) = try await fetch(prefix, cloneOption: "--depth=1")
    #expect(failure?.reason == "the source repository is shallow: part of its history is missing")
    #expect(refs.isEmpty)
  }

  @Test("so is one whose path a URL has encoded")
  func encoded() async throws {
    let (failure, refs) = try await fetch("file://", cloneOption: "--depth=1", name: "in%63omplete")
    #expect(failure?.reason == "the source repository is shallow: part of its history is missing")
    #expect(refs.isEmpty)
  }

  @Test("a partial source is refused by name", arguments: ["", "file://", "host:"])
  func partial(_ prefix: String) async throws {
    let (failure, refs) = try await fetch(prefix, cloneOption: "--filter=blob:none")
    #expect(failure?.reason == "the source repository is a partial clone: some of its objects are missing")
    #expect(refs.isEmpty)
  }

  @Test(
    "so is one in which Git would fetch what is missing, however that is set",
    arguments: [
      ["remote.o.partialclonefilter=blob:none"], ["remote.o false.promisor="],
      ["core.repositoryformatversion=1", "extensions.partialclone=o false"],
    ])
  func promisor(settings: [String]) async throws {
    let fixture = try Fixture()
    let source = try fixture.source("one")
    for setting in settings {
      let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(
        String.init)
      try source.git("config", parts[0], parts[1])
    }
    let isPromisor = settings != ["remote.o false.promisor="]
    let (git, store) = (fixture.git, fixture.store.path)
    let failure = await fixture.failure {
      try await git.fetch(project: "one", from: "\(source.path)", into: store)
    }
    #expect(
      (failure?.reason.contains("is a partial clone") ?? false) == isPromisor,
      "\(String(describing: failure))")
  }

  @Test("an insteadOf of the user's is seen through")
  func insteadOf() async throws {
    var fixture = try Fixture()
    let source = try fixture.source("one")
    try fixture.configureUser("[url \"\(fixture.directory.path)/\"]\ninsteadOf = https://example.org/\n")
    try await fixture.git.fetch(project: "one", from: "https://example.org/one", into: fixture.store.path)
    #expect(try fixture.refs(of: "one") == source.refs())
  }

  private func fetch(
    _ prefix: String, cloneOption: String, name: String = "incomplete"
  ) async throws -> (failure: GitProcessError?, refs: [String: String]) {
    var fixture = try Fixture()
    try fixture.serveOverSSH()
    let source = try fixture.source("one")
    try source.commit("one two")
    try source.git("config", "uploadpack.allowFilter", "true")
    let incomplete = fixture.directory.appending("incomplete")
    try source.git("clone", "--quiet", "--bare", cloneOption, "file://\(source.path)", incomplete)
    let (git, store) = (fixture.git, fixture.store.path)
    let url = RepositoryURL(prefix + fixture.directory.appending(name))
    let failure = await fixture.failure {
      try await git.fetch(project: "one", from: url, into: store)
    }
    return (failure, try fixture.store.refs())
  }
}
