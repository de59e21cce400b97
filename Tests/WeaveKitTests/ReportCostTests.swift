import TestSupport
import Testing
import WeaveFormats
import WeaveModel

@testable import WeaveKit

@Suite("What a report costs") struct ReportCostTests {
  @Test func `the refs of a project are read once for all machines of a report`() async throws {
    let (guests, tags) = (100, 400)
    let directory = try TemporaryDirectory(inMemory: true)
    let source = try TestRepository.create(at: directory.appending("telperion"))
    let commit = try source.commit("one")
    let tagged = (0..<tags).map { "create refs/tags/t\($0) \(commit)\n" }.joined()
    try source.git(["update-ref", "--stdin"], input: Array(tagged.utf8))
    let workspace = try await WorkspaceFixture.emptyWorkspace(in: directory)
    let project = try await workspace.addProject("telperion", source: source.path, track: nil).name
    _ = try await workspace.fetch([]) { _ in }
    let names = (0..<guests).map { "g\($0)" }
    try directory.write(
      """
      constellation: c
      projects: { telperion: {} }
      roles: { r: { projects: [telperion] } }
      machines: { toto: { roles: [r], containers: { \(names.map { "\($0): { roles: [r] }" }.joined(separator: ", ")) } } }
      """, to: "c.yaml")
    _ = try await workspace.addConstellation("c.yaml", force: false)
    let id = try #require(CommitID(hex: commit))
    func machine(_ name: String) -> ReportedState.Machine {
      ReportedState.Machine(name: name, content: .projects([project: id], dirty: []))
    }
    let state = ReportedState(machine("toto"), others: names.map { machine("\($0)@toto") })
    let author = try await workspace.author()
    let basis = try ReportBasis(workspace.readableConstellations().map(\.constellation), in: workspace.store)
    var outcomes: [ReportOutcome] = []
    let seconds = try cpuSeconds { outcomes = try workspace.record(state, by: nil, basis, author) }
    #expect(outcomes.count == guests + 1 && outcomes.allSatisfy { $0.verdict == .changed }, "\(outcomes)")
    #expect(seconds < 3)
  }
}
