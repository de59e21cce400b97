import TestSupport
import Testing

@testable import WeaveKit

@Suite("A project that somebody else adds between question and answer")
struct AddedMeanwhileTests {
  private let directory: TemporaryDirectory
  private let workspace: Workspace
  private let ours: TestRepository
  private let fork: TestRepository

  init() async throws {
    directory = try TemporaryDirectory()
    ours = try TestRepository.create(at: directory.appending("ours"))
    fork = try TestRepository.create(at: directory.appending("fork"))
    for repository in [ours, fork] { try repository.commit("one") }
    workspace = try await WorkspaceFixture.emptyWorkspace(in: directory)
  }

  /// What an import finds of a file that names `lib` at a host.
  private func unknown() async throws -> ImportPlan.UnknownProject {
    try directory.write("repositories: {lib: {type: git, url: 'https://h/ours'}}\n", to: "x.repos")
    return try #require(try await workspace.planImport(of: "x.repos", as: nil).unknown.first)
  }

  @Test func `is known to the import, whatever it is called`() async throws {
    let project = try await unknown()
    _ = try await workspace.addProject("theirs", source: "https://h/ours.git", track: nil)
    #expect(try await workspace.add(project).text == "theirs")
    #expect(try workspace.projects().map(\.name.text) == ["theirs"])
  }

  @Test func `is not taken for the import's, where it has the name and another source`() async throws {
    let project = try await unknown()
    _ = try await workspace.addProject("lib", source: "https://h/fork", track: nil)
    await #expect(throws: WeaveError.self) { try await workspace.add(project) }
  }

  @Test func `is not adopted in the place of a checkout, where it has the name and another source`()
    async throws
  {
    try TestRepository(at: directory.path).git(
      "clone", "--quiet", ours.path, directory.appending("workspace/lib"))
    let found = try await workspace.discover().projects
    #expect(found.map(\.name.text) == ["lib"])
    _ = try await workspace.addProject("lib", source: fork.path, track: nil)
    let outcome = try await workspace.adopt(found) { _ in }
    #expect(outcome.adopted == [])
    #expect(outcome.leftOut.first?.contains("lib is left out") == true, "\(outcome.leftOut)")
    #expect(try workspace.store.repository.references(matching: "refs/namespaces/lib/*").isEmpty)
  }
}
