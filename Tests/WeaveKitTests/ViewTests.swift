import TestSupport
import Testing

@testable import WeaveKit

@Suite("A view of a workspace, of the past or of what is supposed")
struct ViewTests {
  private let fixture: WorkspaceFixture
  private static let pair = ["telperion@v1", "laurelin@v1"]

  init() async throws { fixture = try await WorkspaceFixture("telperion", "laurelin") }

  private func isLinked(_ workspace: Workspace) async throws -> Bool {
    try await workspace.fitness(of: Self.pair, nil).isFit
  }

  private func link(after seconds: Int) async throws {
    _ = try await fixture.workspace(after: seconds).link(.named(Self.pair), text: "", evidence: [])
  }

  @Test("of the past leaves what the workspace answers as it was, whichever is asked first")
  func past() async throws {
    try await link(after: 7_200)
    let now = try await fixture.workspace(after: 10_800)
    let past = try now.at("2h")
    for _ in 0..<2 {
      #expect(try await !isLinked(past))
      #expect(try await isLinked(now))
    }
  }

  @Test("of what is supposed leaves what the workspace answers as it was, whichever is asked first")
  func supposed() async throws {
    let workspace = try await fixture.workspace()
    let linked = try await workspace.supposing(linked: Self.pair, revoked: [])
    let revoked = try await linked.supposing(linked: [], revoked: Self.pair)
    for _ in 0..<2 {
      #expect(try await isLinked(linked))
      #expect(try await !isLinked(workspace))
      #expect(try await !isLinked(revoked))
    }
    #expect(linked.isSupposing && !workspace.isSupposing)
  }

  @Test("may be of both, in either order")
  func both() async throws {
    try await link(after: 7_200)
    let now = try await fixture.workspace(after: 10_800)
    let v2 = ["telperion@v2", "laurelin@v2"]
    for view in [
      try await now.at("2h").supposing(linked: v2, revoked: []),
      try await now.supposing(linked: v2, revoked: []).at("2h"),
    ] {
      #expect(try await view.fitness(of: v2, nil).isFit)
      #expect(try await !isLinked(view))
    }
  }

  @Test("is not left behind by `affected` of a revocation that was withdrawn")
  func affected() async throws {
    try await link(after: 0)
    let workspace = try await fixture.workspace()
    let revocation = try await workspace.revoke(.named(Self.pair), reason: "breaks").id
    _ = try await workspace.reinstate(revocation.hex, reason: "it did not")
    #expect(try await isLinked(workspace))
    _ = try await workspace.affected(by: revocation.hex)
    #expect(try await isLinked(workspace))
    #expect(!workspace.isSupposing)
  }
}
